"""Counts the hours that changed anew. Idempotent: an hour's rows are thrown away and written again.

A turn counts in the hour it was asked in, whatever happens to it later, and so do its cards. Groups are those
a person is in when the hour is counted.

An hour is read without a transaction and written in a short one: however much was asked in it, nobody who
writes waits for the counting.
"""

from __future__ import annotations

import logging
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from chatweb.models import Action, ChangedHour, HourFigures, TurnFigures, UsageFigures

from .cells import CardRow, Cell, TurnRow, cells_of, outcome_of
from .spread import packed, spread_of
from .usage import SLOT_SECONDS, SLOTS_AN_HOUR, uses_of

logger = logging.getLogger(__name__)

MOST_HOURS = 24  # in one step
MICROS = 1_000_000
LOCK = 5_104_104  # any number that nothing else locks
KEYS = "q"  # an array's code of 64 bits

TURN_COLUMNS = (
    "bot_id", "user_id", "conversation_id", "state", "error_code", "first_token_ms", "answer_ms",
    "rating", "input_tokens", "output_tokens", "tokens", "file_count",
)  # fmt: skip
CARD_COLUMNS = (
    "turn__figures__bot_id", "turn__figures__user_id", "turn__figures__state",
    "kind", "state", "decision", "refusal_code", "created_at", "answered_at",
)  # fmt: skip
COUNTS = (
    "turns", "over", "failed", "good", "bad", "input_tokens", "output_tokens", "tokens", "cost_micros",
    "calls_answered", "calls_declined", "calls_auto", "calls_expired", "calls_failed",
)  # fmt: skip
SPREADS = ("first_token_ms", "answer_ms", "waited_ms")
SETS = ("people", "conversations")


@dataclass(frozen=True, slots=True)
class Counted:
    """An hour's rows, and the marks there were before it was read."""

    hour: int
    marks: list[int]
    figures: list[HourFigures]
    usage: list[UsageFigures]


def roll_up_some(most_hours: int = MOST_HOURS) -> bool:
    """Count hours that changed, newest first. Whether there are more of those that had changed before."""
    newest = ChangedHour.objects.order_by("-hour").values_list("hour", flat=True).distinct()
    hours = list(newest[: most_hours + 1])
    for hour in hours[:most_hours]:
        write(count(hour))
    return len(hours) > most_hours


def roll_up_all() -> int:
    """Until no hour is left that changed; how many steps that took."""
    steps = 1
    while roll_up_some():
        steps += 1
    return steps


def count(hour: int) -> Counted:
    """Four queries, whatever was asked in it."""
    marks = list(ChangedHour.objects.filter(hour=hour).values_list("pk", flat=True))
    turns = list(turns_of(hour))
    cells = cells_of(turns, cards_of(hour), groups_of({turn.user for turn in turns}))
    return Counted(
        hour,
        marks,
        [row_of(hour, bot, group, cell) for (bot, group), cell in cells.items()],
        [
            UsageFigures(slot=slot, user_key=user, bot_key=bot, **asdict(use))
            for (slot, user, bot), use in uses_of(turns).items()
        ],
    )


def write(counted: Counted) -> bool:
    """In place of what was counted before. False: somebody else did meanwhile, from figures no older.

    A mark that was made since the reading stays, and the hour is counted once more.
    """
    hour, first_slot = counted.hour, counted.hour * SLOTS_AN_HOUR
    with transaction.atomic():
        lock()
        if not ChangedHour.objects.filter(hour=hour).exists():
            return False
        HourFigures.objects.filter(hour=hour).delete()
        HourFigures.objects.bulk_create(counted.figures)
        UsageFigures.objects.filter(slot__gte=first_slot, slot__lt=first_slot + SLOTS_AN_HOUR).delete()
        UsageFigures.objects.bulk_create(counted.usage)
        ChangedHour.objects.filter(pk__in=counted.marks).delete()
    return True


def lock() -> None:
    """One transaction writes at a time; SQLite's transactions are alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def turns_of(hour: int) -> Iterator[TurnRow]:
    begin, end = limits_of(hour)
    found = TurnFigures.objects.filter(asked_at__gte=begin, asked_at__lt=end)
    for asked_at, *values, cost in found.values_list("asked_at", *TURN_COLUMNS, "cost").iterator():
        row = TurnRow._make([slot_of(asked_at), *values, int((cost or 0) * MICROS), False])
        yield row._replace(is_unpriced=cost is None and row.tokens > 0)


def cards_of(hour: int) -> Iterator[CardRow]:
    """Of turns asked in this hour."""
    begin, end = limits_of(hour)
    found = Action.objects.filter(
        turn__figures__asked_at__gte=begin, turn__figures__asked_at__lt=end, leg__isnull=False
    )
    columns = found.order_by().values_list(*CARD_COLUMNS)
    for bot, user, turn_state, kind, state, decision, refusal, asked_at, answered_at in columns.iterator():
        outcome = outcome_of(state, decision, bool(refusal), turn_state)
        is_decided = outcome in {"answered", "declined"} and answered_at is not None
        waited = max(answered_at - asked_at, timedelta()) if is_decided else None
        yield CardRow(
            bot=bot,
            user=user,
            is_call=kind == Action.Kind.TOOL_CALL,
            outcome=outcome,
            waited_ms=None if waited is None else waited // timedelta(milliseconds=1),
        )


def groups_of(users: Iterable[int]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    members = User.groups.through.objects.filter(user_id__in=list(users))
    for user, group in members.values_list("user_id", "group_id"):
        found[user].append(group)
    return found


def slot_of(moment: datetime) -> int:
    return int(moment.timestamp()) // SLOT_SECONDS


def limits_of(hour: int) -> tuple[datetime, datetime]:
    begin = datetime.fromtimestamp(hour * 3600, UTC)
    return begin, begin + timedelta(hours=1)


def row_of(hour: int, bot: int, group: int, cell: Cell) -> HourFigures:
    values: dict[str, Any] = {name: getattr(cell, name) for name in COUNTS}
    values |= {name: packed(spread_of(getattr(cell, name))) for name in SPREADS}
    values |= {name: array(KEYS, sorted(getattr(cell, name))).tobytes() for name in SETS}
    errors = "\n".join(f"{code} {count}" for code, count in sorted(cell.errors.items()))
    return HourFigures(hour=hour, bot_key=bot, group_key=group, errors=errors, **values)
