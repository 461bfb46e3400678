"""Rolled-up hours added up: into the steps of a plot, and into one total. Pure but for the reading."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Sum

from chatweb.models import HourFigures
from chatweb.rollups.cells import ALL
from chatweb.rollups.rolling import COUNTS, KEYS
from chatweb.rollups.spread import percentile, unpacked

from .period import step_of

COLUMNS = ("hour", *COUNTS, "errors", "first_token_ms", "answer_ms", "waited_ms", "people", "conversations")


PLACES = {name: place for place, name in enumerate(COUNTS)}
Rows = Iterable[Sequence[Any]]  # of COLUMNS


@dataclass(slots=True)
class Totals:
    """The counts of COUNTS in that order, the codes of errors, three spreads and two sets of keys."""

    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTS))
    errors: Counter[str] = field(default_factory=Counter)
    first_token: int = 0
    answer: int = 0
    waited: int = 0
    people: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)

    def of(self, name: str) -> int:
        return self.counts[PLACES[name]]

    def percentile(self, spread: str, share: float) -> float | None:
        return percentile(getattr(self, spread), share)

    def add(self, other: Totals) -> None:
        self.counts = [one + another for one, another in zip(self.counts, other.counts, strict=True)]
        self.errors += other.errors
        self.first_token += other.first_token
        self.answer += other.answer
        self.waited += other.waited
        self.people |= other.people
        self.conversations |= other.conversations


def totals_of(rows: Rows) -> Totals:
    """Of one row at least. Column by column, without Python for each figure: a page reads 17 000 rows."""
    _, *columns = zip(*rows, strict=True)
    *counts, errors, first_token, answer, waited, people, conversations = columns
    return Totals(
        counts=[sum(column) for column in counts],
        errors=errors_of(errors),
        first_token=merged(first_token),
        answer=merged(answer),
        waited=merged(waited),
        people=keys_of(people),
        conversations=keys_of(conversations),
    )


def merged(spreads: Iterable[bytes]) -> int:
    return sum(map(unpacked, filter(None, spreads)))


def errors_of(column: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in filter(None, "\n".join(column).split("\n")):
        code, _, count = line.rpartition(" ")
        found[code] += int(count)
    return found


def keys_of(column: Iterable[bytes]) -> set[int]:
    keys = array(KEYS)
    keys.frombytes(b"".join(column))
    return set(keys)


def sum_of(steps: Iterable[Totals]) -> Totals:
    total = Totals()
    for step in steps:
        total.add(step)
    return total


def read(hours: tuple[int, ...], bot_key: int = ALL, group_key: int = ALL) -> list[Totals]:
    """One query: what was asked of a bot, or of all, by a group, or by all, in each step between `hours`."""
    rows = HourFigures.objects.filter(
        bot_key=bot_key, group_key=group_key, hour__gte=hours[0], hour__lt=hours[-1]
    )
    columns = rows.order_by("hour").values_list(*COLUMNS)
    steps = [Totals() for _ in hours[1:]]
    # Not by `iterator`, which on PostgreSQL opens a cursor there; at most a year's rows at once.
    for step, found in groupby(columns, key=lambda row: step_of(row[0], hours)):
        steps[step] = totals_of(found)
    return steps


def read_headline(hours: tuple[int, ...], bot_key: int = ALL, group_key: int = ALL) -> Totals:
    """Two queries: everything between the first and last of `hours`, as far as the row of key figures goes.

    That is without codes of errors, times to the first token and waits; a year has 8 760 rows.
    """
    rows = HourFigures.objects.filter(
        bot_key=bot_key, group_key=group_key, hour__gte=hours[0], hour__lt=hours[-1]
    ).order_by()
    sums = rows.aggregate(**{name: Sum(name) for name in COUNTS})
    columns = tuple(zip(*rows.values_list("answer_ms", "people", "conversations"), strict=True))
    answer, people, conversations = columns or ((), (), ())
    return Totals(
        counts=[sums[name] or 0 for name in COUNTS],
        answer=merged(answer),
        people=keys_of(people),
        conversations=keys_of(conversations),
    )
