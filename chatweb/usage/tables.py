"""Who used what, and what it cost: one table by user, group, bot, day or month (M-093)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.contrib.auth.models import Group
from django.utils.translation import gettext

from accounts.models import User
from chatweb.models import Bot

from .reading import COUNTS, Asked, Part, parts
from .site_days import date_of

KINDS = ("user", "group", "bot", "day", "month")
MICRO = Decimal("0.000001")  # what the figures keep; a sum of SQLite is not rounded
NO_GROUP = 0
K = TypeVar("K", int, str)
LENGTHS = {"day": 10, "month": 7}  # of an ISO date


@dataclass(frozen=True, slots=True)
class Row:
    """`unpriced`: turns that used tokens at a time for which no price is known."""

    key: str
    label: str
    messages: int = 0
    files: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tokens: int = 0
    cost: Decimal = Decimal(0)
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Most tokens first; days and months in their order. The total has each turn once: people are in several
    groups."""

    rows: list[Row]
    total: Row


def table(asked: Asked) -> Table:
    by = {"group": "user", "month": "day"}.get(asked.by, asked.by)
    found = parts(asked, by)
    return Table(rows_of(found, asked.by), row_of("", gettext("Total"), found))


def rows_of(found: list[Part], by: str) -> list[Row]:
    if by in ("day", "month"):
        days = ((date_of(one.key).isoformat()[: LENGTHS[by]], one) for one in found)
        return [row_of(key, key, some) for key, some in gathered(days)]
    pairs = of_groups(found) if by == "group" else ((one.key, one) for one in found)
    names = names_of(by)
    rows = [row_of(str(key or ""), names.get(key, ""), some) for key, some in gathered(pairs)]
    return sorted(rows, key=lambda row: (-row.tokens, -row.messages, row.label))


def of_groups(found: Iterable[Part]) -> Iterator[tuple[int, Part]]:
    """Each person's part once for each of their groups."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for user, group in User.groups.through.objects.values_list("user_id", "group_id"):
        groups[user].append(group)
    for one in found:
        for group in groups.get(one.key, [NO_GROUP]):
            yield group, one


def gathered(pairs: Iterable[tuple[K, Part]]) -> list[tuple[K, list[Part]]]:
    found: defaultdict[K, list[Part]] = defaultdict(list)
    for key, part in pairs:
        found[key].append(part)
    return sorted(found.items())


def names_of(by: str) -> dict[int, str]:
    if by == "user":
        return dict(User.objects.values_list("pk", "username"))
    if by == "group":
        return {NO_GROUP: gettext("no group"), **dict(Group.objects.values_list("pk", "name"))}
    return dict(Bot.objects.values_list("pk", "name"))


def row_of(key: str, label: str, found: Sequence[Part]) -> Row:
    counts = [sum(column) for column in zip(*(one.counts for one in found), strict=True)]
    cost = sum((one.cost for one in found), Decimal(0))
    return Row(key, label, **dict(zip(COUNTS, counts, strict=bool(found))), cost=cost.quantize(MICRO))
