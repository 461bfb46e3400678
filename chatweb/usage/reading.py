"""What was used, summed up in the database: from the rolled-up quarters of an hour, and where an hour changed
and was not counted anew yet, from the turns themselves. So the sums are those of the turns at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib.auth.models import Group
from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from accounts.models import User
from chatweb.models import Bot, ChangedHour, TurnFigures, UsageFigures
from chatweb.rollups.rolling import MICROS, limits_of
from chatweb.rollups.usage import SLOTS_AN_HOUR

from .site_days import SlotOf, day_number, midnight, slot_at

COUNTS = ("messages", "files", "input_tokens", "output_tokens", "tokens", "unpriced")
OF_TURNS: Mapping[str, Any] = {
    # First, or `cost` and `tokens` would be the sums below.
    "unpriced": Count("pk", filter=Q(cost=None, tokens__gt=0)),
    "messages": Count("pk"),
    "files": Sum("file_count"),
    "input_tokens": Sum("input_tokens"),
    "output_tokens": Sum("output_tokens"),
    "tokens": Sum("tokens"),
    "cost": Sum("cost"),
}
OF_SLOTS = {name: Sum(name) for name in (*COUNTS, "cost_micros")}
MOST_SPANS = 50  # in a query; more are read as one, with what lies between them


@dataclass(frozen=True, slots=True)
class Asked:
    """What the table is of. `until` is the last day; None: any."""

    by: str = "bot"
    since: date | None = None
    until: date | None = None
    user: User | None = None
    group: Group | None = None
    bot: Bot | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`key`: of a user or bot; of a day its number since 1970."""

    key: int
    counts: tuple[int, ...]  # of COUNTS, in that order
    cost: Decimal


M = TypeVar("M", bound=Model)
Span = tuple[int, int]  # hours since 1970, the second one behind the last


def parts(asked: Asked, by: str) -> list[Part]:
    """Every turn is in one part. `by`: user, bot or day. Two queries for a key; four queries for days."""
    spans = changed_spans(asked)
    key = F(f"{by}_key") if by != "day" else days_of_site()
    if key is None:
        return []
    slots = slots_of(asked, spans).order_by().values(key=key).annotate(**OF_SLOTS)
    found = [part_of(row) for row in slots]
    if spans:
        turns = turns_of(asked, spans).order_by().annotate(slot=SlotOf("asked_at"))
        sums = turns.values(key=key if by == "day" else F(f"{by}_id")).annotate(**OF_TURNS)
        found += [part_of(row) for row in sums]
    return found


def part_of(row: Mapping[str, Any]) -> Part:
    """Of what OF_SLOTS or OF_TURNS came to."""
    cost = Decimal(row["cost_micros"]) / MICROS if "cost_micros" in row else row["cost"]
    return Part(row["key"], tuple(row[name] for name in COUNTS), cost or Decimal(0))


def changed_spans(asked: Asked) -> list[Span]:
    """Hours whose rows are older than their turns."""
    changed = ChangedHour.objects.order_by("hour").values_list("hour", flat=True).distinct()
    if asked.since:
        changed = changed.filter(hour__gte=slot_at(midnight(asked.since)) // SLOTS_AN_HOUR)
    if asked.until:
        changed = changed.filter(hour__lte=slot_at(_end(asked.until)) // SLOTS_AN_HOUR)
    spans: list[Span] = []
    for hour in changed:
        first = spans.pop()[0] if spans and spans[-1][1] == hour else hour
        spans.append((first, hour + 1))
    return spans if len(spans) <= MOST_SPANS else [(spans[0][0], spans[-1][1])]


def slots_of(asked: Asked, without: list[Span]) -> QuerySet[UsageFigures]:
    slots = UsageFigures.objects.all()
    if asked.since:
        slots = slots.filter(slot__gte=slot_at(midnight(asked.since)))
    if asked.until:
        slots = slots.filter(slot__lt=slot_at(_end(asked.until)))
    for first, end in without:
        slots = slots.exclude(slot__gte=first * SLOTS_AN_HOUR, slot__lt=end * SLOTS_AN_HOUR)
    return _of_whom(slots, asked, "user_key", "bot_key")


def turns_of(asked: Asked, within: list[Span]) -> QuerySet[TurnFigures]:
    spans = Q()
    for first, end in within:
        spans |= Q(asked_at__gte=limits_of(first)[0], asked_at__lt=limits_of(end)[0])
    turns = TurnFigures.objects.filter(spans)
    if asked.since:
        turns = turns.filter(asked_at__gte=midnight(asked.since))
    if asked.until:
        turns = turns.filter(asked_at__lt=_end(asked.until))
    return _of_whom(turns, asked, "user", "bot")


def _of_whom(rows: QuerySet[M], asked: Asked, user: str, bot: str) -> QuerySet[M]:
    if asked.user:
        rows = rows.filter(**{user: asked.user.pk})
    if asked.bot:
        rows = rows.filter(**{bot: asked.bot.pk})
    if asked.group:
        rows = rows.filter(**{f"{user}__in": User.objects.filter(groups=asked.group).values("pk")})
    return rows


def days_of_site() -> Combinable | None:
    """None where there are no turns."""
    moments = TurnFigures.objects.values_list("asked_at", flat=True)
    first, last = moments.order_by("asked_at").first(), moments.order_by("-asked_at").first()
    return day_number(slot_at(first), slot_at(last)) if first and last else None


def _end(day: date) -> datetime:
    return midnight(day + timedelta(days=1))
