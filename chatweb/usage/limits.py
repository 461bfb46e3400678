"""Which quotas hold for a person, out of the rows that speak of them. Pure.

Rows of the same bot, unit and period are one question, and whoever is named most closely answers it: a row of
the person's own, else those of their groups, else the one for everybody. Of several groups the tightest
counts. Limits of different bots, units and periods hold side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OWN, GROUP, EVERYBODY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Row:
    """`closeness`: OWN, GROUP or EVERYBODY. `most` None: no limit. `bot_pk` None: all bots together."""

    closeness: int
    bot_pk: int | None
    unit: str
    period: str
    most: int | None


@dataclass(frozen=True, slots=True)
class Limit:
    bot_pk: int | None
    unit: str
    period: str
    most: int


def holding(rows: Iterable[Row]) -> list[Limit]:
    by_question: dict[tuple[int | None, str, str], list[Row]] = {}
    for row in rows:
        by_question.setdefault((row.bot_pk, row.unit, row.period), []).append(row)
    found = ((question, _tightest(asked)) for question, asked in by_question.items())
    return [Limit(*question, most) for question, most in found if most is not None]


def _tightest(rows: list[Row]) -> int | None:
    closest = min(row.closeness for row in rows)
    limits = [row.most for row in rows if row.closeness == closest and row.most is not None]
    return min(limits, default=None)
