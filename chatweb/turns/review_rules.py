"""Which turns a review queue asks for. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from .states import TurnState

SHARES = 1_000_000
UNDONE = frozenset({TurnState.FAILED, TurnState.LOST})


class Rules(Protocol):
    """What of a queue decides: its columns (`models/review.py`)."""

    uuid: UUID
    rule: str
    bot_id: int | None
    group_id: int | None
    wait_minutes: int
    share_percent: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a turn. `waited_seconds`: its longest card, so far."""

    conversation: UUID
    bot_id: int
    groups: Collection[int]
    state: str
    has_failed_tool: bool
    waited_seconds: float
    asked_on: date


def wants_end(queue: Rules, turn: Facts) -> bool:
    """Whether the way a turn ended, or has gone so far, brings it into the queue."""
    match queue.rule:
        case "error":
            return turn.state in UNDONE
        case "tool_failed":
            return turn.has_failed_tool
        case "waiting":
            return turn.waited_seconds > queue.wait_minutes * 60
        case "any":
            return True
        case _:
            return False


def covers(queue: Rules, turn: Facts) -> bool:
    """Whether bot, group and share let the turn in, whatever the rule."""
    if queue.bot_id not in (None, turn.bot_id):
        return False
    if queue.group_id is not None and queue.group_id not in turn.groups:
        return False
    return is_drawn(queue.uuid, turn.conversation, turn.asked_on, queue.share_percent)


def is_drawn(queue: UUID, conversation: UUID, day: date, share_percent: Decimal) -> bool:
    """The same answer whenever it is asked: chance by hash, another one in every queue and on every day."""
    if share_percent >= 100:
        return True
    thrown = sha256(f"{queue} {conversation} {day.isoformat()}".encode()).digest()
    return int.from_bytes(thrown[:8]) % SHARES < share_percent * SHARES / 100
