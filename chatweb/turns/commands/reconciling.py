"""Figures against what the upstream says was used: what is missing is fetched, what differs told (M-093)."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as time_of_day

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chatweb.models import Bot, Leg, Reconciliation
from chatweb.models.reckoning import reckon
from chatweb.models.reconciliation import MOST_FOUND
from chatweb.turns.states import OVER
from chatweb.upstreams.client import Flow, Upstream
from chatweb.upstreams.errors import UpstreamError
from chatweb.upstreams.events import Event, Usage

from .connections import call

logger = logging.getLogger(__name__)

STEP_SECONDS = 1.0  # of one step in the background: others have work there too
State = Reconciliation.State


@dataclass(frozen=True, slots=True)
class Finding:
    """`kept` and `said` are tokens; None: not known. `problem`: why the upstream could not be asked."""

    leg: Leg
    kept: int | None
    said: int | None
    problem: str = ""
    is_filled: bool = False

    @property
    def differs(self) -> bool:
        return not self.is_filled and self.said is not None and self.kept != self.said

    @property
    def is_telling(self) -> bool:
        return self.is_filled or self.differs or bool(self.problem)

    @property
    def is_run(self) -> bool:
        return is_run(self.leg)


def is_run(leg: Leg) -> bool:
    return leg.turn.conversation.bot.kind == Bot.Kind.WORKFLOW


def legs_of(since: datetime | None, everything: bool) -> QuerySet[Leg]:
    """Legs of chats and of workflow runs that can be asked about: of turns that are over, by an id upstream.
    Only those whose usage is not known, or all."""
    of_a_run = Q(turn__conversation__bot__kind=Bot.Kind.WORKFLOW)
    known = (of_a_run & ~Q(execute_id="")) | (~of_a_run & ~Q(chat_id=""))
    legs = Leg.objects.filter(known, turn__state__in=OVER)
    if since is not None:
        legs = legs.filter(turn__created_at__gte=since)
    if not everything:
        legs = legs.filter(token_count=None)
    return legs.select_related("turn__conversation__identity", "turn__conversation__bot__connection")


def reconcile(
    since: datetime | None = None, *, everything: bool = False, after: int = 0
) -> Iterator[Finding]:
    """Ask the upstream about one chat or run after the other: what was missing is written, what differs not.

    `after`: the pk of the leg to go on behind.
    """
    for leg in legs_of(since, everything).filter(pk__gt=after).order_by("pk").iterator(chunk_size=100):
        if not _parts_of(leg).filter(pk__gt=leg.pk).exists():  # the last leg tells all of it
            yield _looked_up(leg)


def _parts_of(leg: Leg) -> QuerySet[Leg]:
    """The legs that the upstream counts as one."""
    theirs = Leg.objects.filter(turn=leg.turn_id)
    return theirs.filter(execute_id=leg.execute_id) if is_run(leg) else theirs.filter(chat_id=leg.chat_id)


def _looked_up(leg: Leg) -> Finding:
    kept = _kept(leg)
    try:
        usage = usage_in(_asked_upstream(leg))
    except UpstreamError as error:
        return Finding(leg, kept, None, f"{error.code or ''} {error.message}".strip() or str(error))
    said = usage.token_count if usage else None
    # Of a run with several legs nobody says which of them used how much.
    if usage is None or leg.token_count is not None or (is_run(leg) and _parts_of(leg).count() > 1):
        return Finding(leg, kept, said)
    told = {"input_count": usage.input_count, "output_count": usage.output_count}
    with transaction.atomic():
        Leg.objects.filter(pk=leg.pk).update(token_count=usage.token_count, **told)
        reckon(leg.turn_id)
    return Finding(leg, None, said, is_filled=True)


def _kept(leg: Leg) -> int | None:
    """A chat's last leg tells all of it; each leg of a run tells its own."""
    if not is_run(leg):
        return leg.token_count
    counts = list(_parts_of(leg).values_list("token_count", flat=True))
    return None if None in counts else sum(count or 0 for count in counts)


def _asked_upstream(leg: Leg) -> list[Event]:
    conversation = leg.turn.conversation
    bot, user_id = conversation.bot, conversation.identity.key

    async def ask(upstream: Upstream) -> list[Event]:
        if is_run(leg):
            flow = Flow(bot.upstream_id, bot.app_id, bot.host_bot_id)
            history = await upstream.run_history(user_id=user_id, flow=flow, execute_id=leg.execute_id)
            return history.events
        return await upstream.retrieve(
            user_id=user_id,
            conversation_id=leg.upstream_conversation_id,
            chat_id=leg.chat_id,
        )

    return call(bot.connection, ask)


def usage_in(events: list[Event]) -> Usage | None:
    """The last that says anything."""
    found = [usage for event in events if (usage := getattr(event, "usage", None)) is not None]
    return found[-1] if found else None


# --- in the background -----------------------------------------------------------------------------


def begin_reconciling(user: User, since: date | None, *, everything: bool) -> bool:
    """False when one runs already."""
    try:
        with transaction.atomic():
            Reconciliation.objects.create(asked_by=user, since=since, is_everything=everything)
    except IntegrityError:
        return False
    return True


def stop_reconciling() -> bool:
    """What was found and filled in stays."""
    over = {"state": State.STOPPED, "ended_at": timezone.now()}
    return bool(Reconciliation.objects.filter(state=State.RUNNING).update(**over))


def take_step() -> bool:
    """About a second of the one that runs; whether there may be more to do."""
    run = Reconciliation.objects.filter(state=State.RUNNING).first()
    if run is None:
        return False
    try:
        _go_on(run)
    except Exception:
        # Whatever it was would happen again, and other work waits behind it.
        logger.exception("reconciliation %s failed", run.uuid)
        over = {"state": State.FAILED, "ended_at": timezone.now()}
        Reconciliation.objects.filter(pk=run.pk, state=State.RUNNING).update(**over)
    return True


def _go_on(run: Reconciliation) -> None:
    """Asking twice does no harm, so a process that dies in between loses a second of counting."""
    mine = Reconciliation.objects.filter(pk=run.pk, state=State.RUNNING, position=run.position)
    until = time.monotonic() + STEP_SECONDS
    for finding in reconcile(first_moment(run.since), everything=run.is_everything, after=run.position):
        _count(run, finding)
        if time.monotonic() >= until:
            break
    else:
        run.state, run.ended_at = State.DONE, timezone.now()
    changed = {field.attname: getattr(run, field.attname) for field in run._meta.concrete_fields}
    if not mine.update(**{name: value for name, value in changed.items() if name != "id"}):
        logger.info("reconciliation %s was stopped", run.uuid)


def _count(run: Reconciliation, finding: Finding) -> None:
    run.position = finding.leg.pk
    run.looked_at_count += 1
    run.filled_count += finding.is_filled
    run.differing_count += finding.differs
    run.problem_count += bool(finding.problem)
    run.silent_count += finding.said is None and not finding.problem
    if finding.is_telling and len(run.found) < MOST_FOUND:
        leg = finding.leg
        run.found.append(
            {
                "turn": str(leg.turn.uuid),
                "kind": "run" if finding.is_run else "chat",
                "id": leg.execute_id if finding.is_run else leg.chat_id,
                "kept": finding.kept,
                "said": finding.said,
                "is_filled": finding.is_filled,
                "problem": finding.problem,
            }
        )


def first_moment(day: date | None) -> datetime | None:
    """Days are the site's."""
    if day is None:
        return None
    return datetime.combine(day, time_of_day.min, timezone.get_default_timezone())
