"""Upstream calls that can wait: found when due, done on the loop, retried with back-off, then given up."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from chatweb.models import Conversation, Errand, Leg, ServingProcess, Turn
from chatweb.models.retention import held_conversation
from chatweb.turns import feedback
from chatweb.turns.announce import announce
from chatweb.turns.connections import settings_of
from chatweb.turns.ledger import next_version
from chatweb.turns.releasing import go_on_afresh, submit_declined
from chatweb.turns.states import LIVE
from chatweb.upstreams.client import ConnectionSettings, Upstream, capabilities_of
from chatweb.upstreams.errors import AlreadyOver, Missing, NotSupported, Unreachable, UpstreamError

if TYPE_CHECKING:
    from chatweb.turns.supervisor import Supervisor

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
FIRST_DELAY_SECONDS, LAST_DELAY_SECONDS = 2, 600
IN_HAND_SECONDS = 60  # an errand that was taken is not taken again before this, or before it is over

HELD_SECONDS = 3600  # until it is asked again whether a legal hold was lifted


@dataclass(frozen=True, slots=True)
class Task:
    errand_pk: int
    revision: int
    kind: str
    payload: dict[str, Any]
    settings: ConnectionSettings
    user_id: str
    upstream_conversation_id: str
    left_behind: tuple[str, ...] = ()  # conversations upstream that it was before it went on afresh
    opinion: feedback.Opinion | None = None


def due(in_hand: Collection[int] = (), owner: str = "") -> list[Task]:
    """Take the errands that are due, but none that is `in_hand` (pks), or in that of another process than
    `owner`: a newer wish waits until the older one is over, or nobody knew which arrived last. Clearing waits
    for a running turn. On the writer's thread."""
    alive = Turn.objects.filter(conversation=OuterRef("conversation"), state__in=LIVE)
    pending = (
        Errand.objects.filter(done_at=None, gave_up_at=None, not_before__lte=timezone.now())
        .exclude(pk__in=in_hand)
        .exclude(in_other_hands(owner))
        .exclude(Exists(alive), kind__in=[Errand.Kind.CLEAR])
        .select_related("conversation__bot__connection", "conversation__identity")
    )
    taken = []
    for errand in pending[:50]:
        if errand.kind == Errand.Kind.DELETE and is_held(errand):
            continue
        later = timezone.now() + timedelta(seconds=IN_HAND_SECONDS)
        free = Errand.objects.exclude(in_other_hands(owner))
        mine = free.filter(pk=errand.pk, not_before=errand.not_before, done_at=None)
        with transaction.atomic():
            if mine.update(not_before=later, attempts=F("attempts") + 1, taken_by=owner):
                taken.append(task_of(errand))
    return taken


def is_held(errand: Errand) -> bool:
    """Under a legal hold nothing is deleted upstream either: looked at again later."""
    if not Conversation.objects.filter(held_conversation(), pk=errand.conversation_id).exists():
        return False
    later = timezone.now() + timedelta(seconds=HELD_SECONDS)
    Errand.objects.filter(pk=errand.pk, not_before=errand.not_before).update(not_before=later)
    return True


def in_other_hands(owner: str) -> Q:
    """Where others serve beside `owner`: what a living one has in hand. "": nobody else serves."""
    if not owner:
        return Q(pk=None)
    living = ServingProcess.objects.filter(owner=OuterRef("taken_by")).exclude(owner=owner)
    return Q(Exists(living), ~Q(taken_by=""))


def take_back(owner: str = "") -> None:
    """At the start: what a process that is gone had in hand, or meant to try later, is due now. Where others
    serve beside `owner`: only what was in hand of one that is gone."""
    begun = Errand.objects.filter(done_at=None, gave_up_at=None, attempts__gt=0)
    if owner:
        begun = begun.exclude(taken_by="").exclude(in_other_hands(owner)).exclude(taken_by=owner)
    begun.filter(not_before__gt=timezone.now()).update(not_before=timezone.now(), taken_by="")


def put_down(errand_pk: int, owner: str) -> None:
    """It is in nobody's hand any more."""
    Errand.objects.filter(pk=errand_pk, taken_by=owner).update(taken_by="")


def task_of(errand: Errand) -> Task:
    conversation = errand.conversation
    legs = Leg.objects.filter(turn__conversation=conversation) if errand.kind == Errand.Kind.DELETE else None
    known = set(legs.values_list("upstream_conversation_id", flat=True)) if legs is not None else set()
    return Task(
        errand_pk=errand.pk,
        revision=errand.revision,
        kind=errand.kind,
        payload=errand.payload,
        settings=settings_of(conversation.bot.connection),
        user_id=conversation.identity.key,
        upstream_conversation_id=conversation.upstream_id,
        left_behind=tuple(sorted(known - {"", conversation.upstream_id})),
        opinion=feedback.opinion_of(errand) if errand.kind == Errand.Kind.FEEDBACK else None,
    )


async def do(task: Task, supervisor: Supervisor) -> None:
    """Run one errand and write down what came of it."""
    try:
        await call(task, supervisor.upstream(task.settings))
    except AlreadyOver:
        await supervisor.writer.run(done, task)  # somebody was faster: nothing holds it any more
    except UpstreamError as error:
        await supervisor.writer.run(failed, task, error)
        logger.info("errand %s (%s) failed: %s", task.errand_pk, task.kind, error)
    else:
        await supervisor.writer.run(done, task)


async def call(task: Task, upstream: Upstream) -> None:
    """The upstream's part; nothing to do where it never heard of the conversation or lacks the call."""
    can = upstream.capabilities
    if task.kind == Errand.Kind.DELETE and can.deletes:
        for conversation_id in task.left_behind:
            await delete_once(upstream, task.user_id, conversation_id)
    if task.opinion is not None:
        await feedback.tell(upstream, task.user_id, task.opinion)
    if not task.upstream_conversation_id:
        return
    who = {"user_id": task.user_id, "conversation_id": task.upstream_conversation_id}
    if task.kind == Errand.Kind.RENAME and can.renames:
        await upstream.rename_conversation(**who, name=task.payload["name"])
    elif task.kind == Errand.Kind.CLEAR and can.clears:
        await upstream.clear_conversation(**who)
    elif task.kind == Errand.Kind.DELETE and can.deletes:
        await delete_once(upstream, task.user_id, task.upstream_conversation_id)
    elif task.kind == Errand.Kind.RELEASE and not await submit_declined(upstream, who, task.payload):
        raise NotSupported("the chat that waits does not take an answer")


async def delete_once(upstream: Upstream, user_id: str, conversation_id: str) -> None:
    """One that is gone already needs no second try: of several, some may be."""
    with contextlib.suppress(Missing):
        await upstream.delete_conversation(user_id=user_id, conversation_id=conversation_id)


def done(task: Task) -> None:
    """Unless a newer wish took its place meanwhile: that one is due."""
    with transaction.atomic():
        mine = Errand.objects.filter(pk=task.errand_pk, revision=task.revision)
        if not mine.update(done_at=timezone.now(), last_error=""):
            return
        errand = mine.select_related("conversation").get()
        if errand.kind == Errand.Kind.FEEDBACK:
            feedback.told(errand)
        if errand.kind == Errand.Kind.CLEAR:
            if not capabilities_of(task.settings.dialect).clears:
                # What cannot be emptied is left: the next question begins a new one.
                Conversation.objects.filter(pk=errand.conversation_id).update(upstream_id="")
            next_version(errand.conversation_id)
            announce(errand.conversation)


def failed(task: Task, error: UpstreamError) -> None:
    """Again later, or given up. A newer wish is due whatever became of the older one."""
    with transaction.atomic():
        mine = Errand.objects.filter(pk=task.errand_pk, revision=task.revision)
        errand = mine.select_related("conversation").first()
        if errand is None:
            return
        is_over = (
            not (isinstance(error, Unreachable) or error.is_retryable) or errand.attempts >= MAX_ATTEMPTS
        )
        delay = min(LAST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2**errand.attempts)
        again = {"not_before": timezone.now() + timedelta(seconds=delay)}
        mine.update(last_error=str(error)[:500], **({"gave_up_at": timezone.now()} if is_over else again))
        if errand.kind == Errand.Kind.FEEDBACK:
            is_supported = not isinstance(error, NotSupported)
            feedback.not_told(errand, str(error)[:500], is_over=is_over, is_supported=is_supported)
        if is_over:
            _give_up(errand)


def _give_up(errand: Errand) -> None:
    """A context that could not be cleared is still remembered: no new section. What cannot be let go of is
    left behind."""
    if errand.kind == Errand.Kind.CLEAR:
        _undo_section(errand.conversation)
    if errand.kind == Errand.Kind.RELEASE:
        go_on_afresh(errand.conversation_id)
        announce(errand.conversation)


def _undo_section(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(section=F("section") - 1)
    version = next_version(conversation.pk)
    Turn.objects.filter(conversation=conversation, section=conversation.section).update(
        section=F("section") - 1, version=version
    )
    announce(conversation, version)
