"""Guarded writes of a turn by the process that runs it. Each says whether it won.

Synchronous; called on the writer's thread. Every update filters on owner and epoch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chatweb.database import AWAY
from chatweb.models import Conversation, Leg, Turn
from chatweb.search.index import index_turn
from chatweb.turns import settling
from chatweb.turns.feed import Deltas
from chatweb.turns.machine import Leg as LegRead
from chatweb.turns.states import OVER, TurnState
from chatweb.turns.writer import Save, write

R = TypeVar("R")
BUSY_FIRST_SECONDS, BUSY_LAST_SECONDS = 1, 15


@dataclass(frozen=True, slots=True)
class Hold:
    """Who may write: the process that owns this epoch of the turn."""

    turn_pk: int
    conversation_pk: int
    owner: str
    epoch: int

    def rows(self) -> Any:
        return Turn.objects.filter(pk=self.turn_pk, owner=self.owner, epoch=self.epoch)


class TakenOver(RuntimeError):
    """Another process owns the turn by now: this one must not say another word about it."""


# What a runner leaves its turn for: somebody else has it, or nobody can write. It is not failed for that;
# whoever sweeps next finds it without a runner and asks the upstream how it went.
LEAVES = (TakenOver, *AWAY)


def while_held(hold: Hold, call: Callable[..., R], *args: Any) -> R:
    """Write something of a turn in one transaction in which nobody can take it over. Raises TakenOver."""
    with transaction.atomic():
        # The conversation first, as everybody locks them: who takes over would wait for us, and we for them.
        talk = Conversation.objects.select_for_update(no_key=True).filter(pk=hold.conversation_pk)
        talk.values_list("pk").first()
        if not hold.rows().select_for_update(no_key=True).values_list("pk", flat=True):
            raise TakenOver(f"turn {hold.turn_pk}: another process runs it")
        return call(*args)


def next_version(conversation_pk: int) -> int:
    """Move the conversation's version and say what it is now. Inside a transaction."""
    Conversation.objects.filter(pk=conversation_pk).touch()
    return Conversation.objects.values_list("version", flat=True).get(pk=conversation_pk)


def begin_leg(hold: Hold, kind: str, upstream_conversation_id: str, read: LegRead) -> Leg:
    """A row for the request that is about to be sent. From here on the upstream may know the turn.

    `read`: ids that are known before, because the leg goes on with a chat or a run.
    """
    return Leg.objects.create(
        turn_id=hold.turn_pk,
        ordinal=Leg.objects.filter(turn_id=hold.turn_pk).count(),
        kind=kind,
        upstream_conversation_id=upstream_conversation_id,
        chat_id=read.chat_id,
        execute_id=read.execute_id,
    )


def forget_leg(leg_pk: int) -> None:
    """Nothing was sent after all."""
    Leg.objects.filter(pk=leg_pk).delete()


def store_ids(leg_pk: int, read: LegRead, log_id: str) -> None:
    """What the upstream calls this leg: recovery lives on it, so it is stored before anything else."""
    Leg.objects.filter(pk=leg_pk).update(
        chat_id=read.chat_id,
        execute_id=read.execute_id,
        question_id=read.question_id,
        debug_url=read.debug_url,
        log_id=log_id[:128],
    )


def known_chats(conversation_pk: int) -> set[str]:
    """The upstream's ids of all chats that this conversation's legs began."""
    legs = Leg.objects.filter(turn__conversation=conversation_pk).exclude(chat_id="")
    return set(legs.values_list("chat_id", flat=True))


def store_conversation_id(conversation_pk: int, upstream_id: str) -> None:
    Conversation.objects.filter(pk=conversation_pk).update(upstream_id=upstream_id)


def note_sees_replaced(hold: Hold, sees_replaced: bool) -> None:
    """Whether the upstream still has what the turn replaces. The feed says it to tabs: no version moves."""
    hold.rows().update(sees_replaced=sees_replaced)


def move(
    hold: Hold,
    from_: str,
    to: str,
    save: Save | None = None,
    *,
    next_turn_pk: int | None = None,
    **changes: Any,
) -> int | None:
    """Move the turn and write what its feed still holds, in one transaction: the version, or None if lost.

    A turn that ends in another way than completed holds its queue: the person decides what follows.
    """
    with transaction.atomic():
        version = next_version(hold.conversation_pk)
        if to in OVER:
            changes.setdefault("ended_at", timezone.now())
        if save is not None:
            write(save)
        if to in (TurnState.WAITING, TurnState.QUEUED):
            changes["owner"] = ""
        if not hold.rows().move(hold.turn_pk, from_, to, version=version, **changes):
            transaction.set_rollback(True)
            return None
        if to in OVER:
            settling.close(hold.turn_pk, to)
        if to in OVER and to != TurnState.COMPLETED:
            hold_queue(hold.conversation_pk, version, next_turn_pk)
        if to in OVER or to == TurnState.WAITING:
            index_turn(hold.turn_pk)
        return version


def hold_queue(conversation_pk: int, version: int, next_turn_pk: int | None = None) -> int:
    """Queued questions wait for "Send now", the one that was just sent so excepted; how many."""
    queued = Turn.objects.filter(conversation_id=conversation_pk, state=TurnState.QUEUED)
    return queued.exclude(pk=next_turn_pk or 0).update(is_held=True, version=version)


def end_leg(leg_pk: int, read: LegRead, deltas: Deltas) -> None:
    """The leg's figures, once its body is over. Of deltas only the count and the first and last moment."""
    usage = read.usage
    figures: dict[str, Any] = {"ended_at": timezone.now(), "debug_url": read.debug_url}
    if usage:
        figures.update(
            token_count=usage.token_count, input_count=usage.input_count, output_count=usage.output_count
        )
    if deltas.count:
        figures.update(
            delta_count=deltas.count,
            first_delta_at=datetime.fromtimestamp(deltas.first_at, UTC),
            last_delta_at=datetime.fromtimestamp(deltas.last_at, UTC),
        )
    Leg.objects.filter(pk=leg_pk).update(**figures)


def back_to_queue(hold: Hold, read: LegRead, log_id: str) -> int | None:
    """4016 or a locked thread: something else holds the conversation upstream. Again later, 1 → 15 s."""
    turn = Turn.objects.get(pk=hold.turn_pk)
    wait = min(BUSY_LAST_SECONDS, BUSY_FIRST_SECONDS * 2**turn.busy_count)
    return move(
        hold,
        TurnState.RUNNING,
        TurnState.QUEUED,
        not_before=timezone.now() + timedelta(seconds=wait),
        busy_since=turn.busy_since or timezone.now(),
        busy_count=F("busy_count") + 1,
        error_reason="busy",
        error_code=str(read.error_code),
        error_message=read.error_msg,
        log_id=log_id,
    )
