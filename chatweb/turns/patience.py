"""Turns that wait for a person, watched without a task: time limits, and chats that end meanwhile."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from chatweb.models import Action, Leg, Turn
from chatweb.turns import claims
from chatweb.turns.connections import settings_of
from chatweb.turns.machine import Leg as LegRead
from chatweb.turns.machine import Verdict
from chatweb.turns.releasing import end_waiting
from chatweb.turns.states import ANSWERABLE, TurnState
from chatweb.turns.talks import Asked, Place, talk_of
from chatweb.upstreams.client import ConnectionSettings
from chatweb.upstreams.errors import Missing, UpstreamError

if TYPE_CHECKING:
    from chatweb.turns.supervisor import Supervisor

logger = logging.getLogger(__name__)

LAST_SECONDS = 3600.0
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A turn to be asked about."""

    turn_pk: int
    settings: ConnectionSettings
    asked: Asked
    read: LegRead
    conversation_id: str


class Patience:
    """When each waiting turn was asked about last; on the loop."""

    def __init__(self) -> None:
        self._next: dict[int, tuple[float, float]] = {}  # turn pk -> (when, monotonic; interval)

    def due(self, waiting: list[int]) -> list[int]:
        """Which of them to ask about now; those that wait no more are forgotten."""
        now = time.monotonic()
        first = float(settings.WAITING_POLL_SECONDS)
        self._next = {pk: self._next.get(pk, (now + first, first)) for pk in waiting}
        found = [pk for pk, (when, _) in self._next.items() if when <= now][:MOST_AT_ONCE]
        for pk in found:
            interval = min(self._next[pk][1] * 2, LAST_SECONDS)
            self._next[pk] = (now + interval, interval)
        return found


def waiting_turns() -> list[int]:
    return list(Turn.objects.filter(state=TurnState.WAITING).values_list("pk", flat=True))


def expire_due() -> int:
    """End turns with a card whose time is over; how many. On the writer's thread."""
    late = Action.objects.filter(
        state__in=ANSWERABLE, expires_at__lte=timezone.now(), turn__state=TurnState.WAITING
    )
    turns = Turn.objects.filter(pk__in=late.values("turn")).select_related("conversation__bot")
    return sum(end_waiting(turn, TurnState.FAILED, error_reason="expired") for turn in turns[:100])


def describe(turn_pk: int) -> Waiting | None:
    """What is needed to ask; None when the turn waits no more."""
    turn = (
        Turn.objects.filter(pk=turn_pk, state=TurnState.WAITING)
        .select_related("conversation__bot__connection", "conversation__identity")
        .first()
    )
    leg = Leg.objects.filter(turn=turn_pk).order_by("-ordinal").first()
    if turn is None or leg is None:
        return None
    return Waiting(
        turn_pk=turn_pk,
        settings=settings_of(turn.conversation.bot.connection),
        asked=claims.asked_by(turn, ""),
        read=LegRead(chat_id=leg.chat_id, execute_id=leg.execute_id),
        conversation_id=leg.upstream_conversation_id,
    )


async def ask_about(turn_pk: int, supervisor: Supervisor) -> None:
    """Whether the upstream still waits; if not, the turn is recovered, which tells what became of it."""
    waiting = await supervisor.writer.run(describe, turn_pk)
    if waiting is None:
        return
    talk = talk_of(waiting.asked, supervisor.upstream(waiting.settings))
    if not talk.can_look(waiting.read):
        return
    try:
        state = await talk.look(waiting.read, Place(waiting.conversation_id, waiting.read.chat_id, {}, ""))
        is_over = state is not None and state.verdict is not Verdict.REQUIRES_ACTION
    except Missing:
        is_over = True
    except UpstreamError as error:
        logger.info("turn %s: asking whether it still waits: %s", turn_pk, error)
        return
    if is_over:
        supervisor.recover_waiting(turn_pk)
