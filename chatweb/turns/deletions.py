"""Deleting an account: row by row here, call by call upstream (M-113).

Every step is a transaction of its own that writes what it removed into the receipt, so that a process that
is killed in between goes on where it was. Calls are rows that outlive the account, retried like errands.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.sessions import end_sessions
from chatweb import auditing
from chatweb.models import (
    Action,
    Attachment,
    Bot,
    Conversation,
    Deletion,
    DeletionCall,
    Errand,
    Leg,
    LogExport,
    Tool,
    Turn,
)
from chatweb.models.deletion import last_day
from chatweb.models.retention import held_conversation, held_person
from chatweb.turns.connections import settings_of
from chatweb.turns.errands import FIRST_DELAY_SECONDS, IN_HAND_SECONDS, LAST_DELAY_SECONDS, MAX_ATTEMPTS
from chatweb.turns.states import OWNED
from chatweb.upstreams.client import ConnectionSettings, Upstream
from chatweb.upstreams.errors import Missing, Unreachable, UpstreamError

if TYPE_CHECKING:
    from chatweb.turns.supervisor import Supervisor

logger = logging.getLogger(__name__)

STOP_SECONDS = 10  # what still streams gets to be stopped; after that its rows go all the same
Outcome = DeletionCall.Outcome


# --- here ------------------------------------------------------------------------------------------


def take_step(busy: Iterable[int]) -> bool:
    """Remove one more conversation of somebody who leaves, or at last the account. Whether there was one.

    `busy`: pks of the users for whom a turn is run. On the writer's thread.
    """
    Deletion.objects.filter(expires_at__lte=timezone.now()).exclude(carried_out_at=None).delete()
    runs = Turn.objects.filter(conversation__user=OuterRef("user"), state__in=OWNED)
    is_quiet = ~Q(user__in=list(busy)) & ~Exists(runs)
    is_late = Q(asked_at__lte=timezone.now() - timedelta(seconds=STOP_SECONDS))
    waiting = Deletion.objects.exclude(user=None).filter(is_quiet | is_late, is_held=False)
    deletion = waiting.order_by("pk").first()
    if deletion is None or deletion.user is None:
        return False
    with transaction.atomic():
        if not is_mine(deletion):
            return False
        theirs = Conversation.objects.filter(user=deletion.user)
        conversation = theirs.filter(~held_conversation()).order_by("pk").first()
        if conversation is not None:
            remove_conversation(deletion, conversation)
        elif theirs.exists() or User.objects.filter(held_person(), pk=deletion.user.pk).exists():
            wait_for_holds(deletion, theirs.count())
        else:
            remove_account(deletion, deletion.user)
    return True


def is_mine(deletion: Deletion) -> bool:
    """Lock it for this step, unless another process is at it, or was and it is over."""
    alone = connection.features.has_select_for_update_skip_locked
    rows = Deletion.objects.exclude(user=None).filter(pk=deletion.pk, is_held=False)
    found = rows.select_for_update(of=("self",), skip_locked=True).first() if alone else rows.first()
    if found is not None:
        deletion.removed, deletion.kept = found.removed, found.kept
    return found is not None


def wait_for_holds(deletion: Deletion, count: int) -> None:
    """What is left is under a legal hold; the closed account stays with it."""
    Deletion.objects.filter(pk=deletion.pk).update(is_held=True, held_count=count)


def look_at_holds() -> None:
    """Now and then: a hold may be lifted by a shell, or somebody left a group that is held."""
    theirs = Conversation.objects.filter(user=OuterRef("user"))
    nothing_left = ~Exists(theirs) & ~held_person("user")
    waiting = Deletion.objects.filter(is_held=True).exclude(user=None)
    waiting.filter(Exists(theirs.filter(~held_conversation())) | nothing_left).update(is_held=False)


def remove_conversation(deletion: Deletion, conversation: Conversation) -> None:
    """Its rows go, into the receipt; what has to be asked of the upstream stays behind as calls."""
    legs = Leg.objects.filter(turn__conversation=conversation)
    is_run = conversation.bot.kind == Bot.Kind.WORKFLOW
    keep(
        deletion,
        files=Attachment.objects.filter(conversation=conversation).count(),
        runs=legs.exclude(execute_id="").count() if is_run else 0,
        chats=legs.exclude(chat_id="").count(),
    )
    tally(deletion, take_apart(conversation, deletion))


def take_apart(conversation: Conversation, deletion: Deletion | None) -> dict[str, int]:
    """Delete a conversation's rows and leave behind the calls that ask the upstream for the same. Rows by
    model label."""
    connection = conversation.bot.connection
    legs = Leg.objects.filter(turn__conversation=conversation)
    known = {conversation.upstream_id, *legs.values_list("upstream_conversation_id", flat=True)}
    is_gone_there = Errand.objects.filter(conversation=conversation, kind=Errand.Kind.DELETE).exclude(
        done_at=None
    )
    if deletion is None and is_gone_there.exists():
        known = set()
    DeletionCall.objects.bulk_create(
        DeletionCall(
            deletion=deletion,
            connection=connection,
            connection_name=connection.name,
            identity_key=conversation.identity.key,
            upstream_id=upstream_id,
        )
        for upstream_id in sorted(known - {""})
    )
    # What the admins see of a tool was written for one of these people.
    arguments = Action.objects.filter(turn__conversation=conversation).exclude(arguments="")
    Tool.objects.filter(sample_arguments__in=arguments.values("arguments")).update(sample_arguments="")
    auditing.forget_conversation(conversation)
    return conversation.delete()[1]


def remove_account(deletion: Deletion, user: User) -> None:
    """The last step: whatever else is theirs goes with the account's row."""
    sessions = end_sessions(user.pk)
    # The admins' own log names people in words.
    of_people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=of_people, object_id=str(user.pk)).update(object_repr="–")
    auditing.forget_person(user)
    LogExport.objects.withdraw()
    keep(deletion, identities=user.coze_identities.count(), files=user.attachments.count())
    tally(deletion, {**user.delete()[1], "sessions.Session": sessions})
    over = {"carried_out_at": timezone.now(), "expires_at": max(deletion.expires_at, last_day())}
    Deletion.objects.filter(pk=deletion.pk).update(held_count=0, **over)


def tally(deletion: Deletion, removed: dict[str, int]) -> None:
    deletion.removed = dict(Counter(deletion.removed) + Counter(removed))
    Deletion.objects.filter(pk=deletion.pk).update(removed=deletion.removed)


def keep(deletion: Deletion, **counts: int) -> None:
    """Count what the upstream keeps whatever one asks of it."""
    deletion.kept = dict(Counter(deletion.kept) + Counter(counts))
    Deletion.objects.filter(pk=deletion.pk).update(kept=deletion.kept)


# --- upstream --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    pk: int
    settings: ConnectionSettings
    user_id: str
    upstream_id: str


def due() -> list[Call]:
    """Take the calls that are due. On the writer's thread."""
    now = timezone.now()
    pending = DeletionCall.objects.filter(outcome=Outcome.PENDING, not_before__lte=now)
    pending.filter(connection=None).update(
        outcome=Outcome.GAVE_UP, ended_at=now, identity_key="", last_error="the connection is gone"
    )
    taken = []
    for row in pending.exclude(connection=None).select_related("connection")[:50]:
        mine = DeletionCall.objects.filter(pk=row.pk, not_before=row.not_before, outcome=Outcome.PENDING)
        later = now + timedelta(seconds=IN_HAND_SECONDS)
        if row.connection and mine.update(not_before=later, attempts=F("attempts") + 1):
            taken.append(Call(row.pk, settings_of(row.connection), row.identity_key, row.upstream_id))
    return taken


def take_back() -> None:
    """At the start: what a process that is gone had in hand is due now."""
    begun = DeletionCall.objects.filter(outcome=Outcome.PENDING, attempts__gt=0)
    begun.filter(not_before__gt=timezone.now()).update(not_before=timezone.now())


async def do(call: Call, upstream: Upstream, supervisor: Supervisor) -> None:
    """Make one call and write down what came of it."""
    try:
        outcome = await ask(call, upstream)
    except UpstreamError as error:
        is_final = not (isinstance(error, Unreachable) or error.is_retryable)
        await supervisor.writer.run(failed, call.pk, str(error)[:500], is_final)
        logger.info("deleting a conversation upstream failed: %s", error)
    else:
        await supervisor.writer.run(ended, call.pk, outcome)


async def ask(call: Call, upstream: Upstream) -> str:
    """What the upstream came to. Raises UpstreamError."""
    who = {"user_id": call.user_id, "conversation_id": call.upstream_id}
    try:
        if upstream.capabilities.deletes:
            await upstream.delete_conversation(**who)
            return Outcome.DONE
        if upstream.capabilities.clears:
            await upstream.clear_conversation(**who)
            return Outcome.CLEARED
    except Missing:
        return Outcome.GONE
    return Outcome.IMPOSSIBLE


def ended(call_pk: int, outcome: str, error: str = "") -> None:
    over = {"outcome": outcome, "last_error": error, "identity_key": "", "ended_at": timezone.now()}
    DeletionCall.objects.filter(pk=call_pk, outcome=Outcome.PENDING).update(**over)


def failed(call_pk: int, why: str, is_final: bool) -> None:
    """Again later, or given up."""
    row = DeletionCall.objects.get(pk=call_pk)
    if is_final or row.attempts >= MAX_ATTEMPTS:
        ended(call_pk, Outcome.GAVE_UP, why)
        return
    delay = min(LAST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2**row.attempts)
    again = timezone.now() + timedelta(seconds=delay)
    DeletionCall.objects.filter(pk=call_pk).update(not_before=again, last_error=why)
