"""The conversations that filters leave over, a page at a time: never by OFFSET, never with a whole count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from chatweb.models import Conversation, ConversationFigures, ConversationMark
from chatweb.models.conversation_figures import ConversationFiguresQuerySet

from .remarked import remarked

PAGE = 50
MOST_COUNTED = 10_000
KEYS = {"newest": "last_asked_at", "slowest": "slowest_ms", "tokens": "tokens", "worst": "bad_count"}
NO_FILTERS = {"sort", "q"}

Chosen = Mapping[str, Any]  # FilterForm.chosen


def matching(operator: User, chosen: Chosen) -> ConversationFiguresQuerySet:
    """All of them, in no order."""
    found = ConversationFigures.objects.reviewable_by(operator)
    for name, value in chosen.items():
        if name in FILTERS:
            found = found.filter(FILTERS[name](value))
    return found.filter(remarked(operator, chosen))


def codes_in(codes: str) -> Q:
    """People by what their uuids begin with."""
    begins = Q(pk__in=[])
    for code in codes.split(","):
        try:
            first, last = UUID(code + "0" * 24), UUID(code + "f" * 24)
        except ValueError:  # a name, which the view looks up first
            continue
        begins |= Q(uuid__gte=first, uuid__lte=last)
    return Q(user__in=User.objects.filter(begins).values("pk"))


def in_group(group: Group) -> Q:
    return Q(user__in=User.groups.through.objects.filter(group=group).values("user"))


def last_days(days: str) -> Q:
    """Today is a day: 7 of them end with it."""
    return since(timezone.localdate() - timedelta(days=int(days) - 1))


def since(day: date) -> Q:
    return Q(last_asked_at__gte=midnight(day))


def until(day: date) -> Q:
    """Begun by the end of that day."""
    return Q(first_asked_at__lt=midnight(day + timedelta(days=1)))


def midnight(day: date) -> datetime:
    """The first moment of a day where the operator is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def marked(kind: str, word: str) -> Q:
    return Q(conversation__in=ConversationMark.objects.filter(kind=kind, word=word).values("conversation"))


def rated(rating: str) -> Q:
    some = Q(good_count__gt=0) | Q(bad_count__gt=0)
    return {"bad": Q(bad_count__gt=0), "good": Q(good_count__gt=0), "some": some, "none": ~some}[rating]


def deleted(which: str) -> Q:
    gone = Q(conversation__in=Conversation.objects.exclude(deleted_at=None).values("pk"))
    return gone if which == "only" else ~gone


FILTERS: dict[str, Callable[[Any], Q]] = {
    "bot": lambda bot: Q(bot=bot),
    "user": codes_in,
    "group": in_group,
    "days": last_days,
    "since": since,
    "until": until,
    "state": lambda state: Q(states__contains=f",{state},"),
    "error": lambda code: marked("error", code),
    "tool": lambda name: marked("tool", name),
    "rating": rated,
    "comment": lambda _: Q(has_comment=True),
    "slower": lambda seconds: Q(slowest_ms__gte=seconds * 1000),
    "faster": lambda seconds: Q(slowest_ms__lte=seconds * 1000),
    "more": lambda tokens: Q(tokens__gte=tokens),
    "fewer": lambda tokens: Q(tokens__lte=tokens),
    "deleted": deleted,
}


@dataclass(frozen=True, slots=True)
class Page:
    """Pks in order. `count`: up to MOST_COUNTED, None for more."""

    pks: list[int]
    has_more: bool
    count: int | None


def page_of(operator: User, chosen: Chosen, after: UUID | None) -> Page:
    """`after`: the last conversation of the page before; one that is gone begins at the beginning."""
    found = matching(operator, chosen)
    pks = list(ordered(found, chosen, after).values_list("pk", flat=True)[: PAGE + 1])
    has_more = len(pks) > PAGE
    if after is None and not has_more:
        return Page(pks, False, len(pks))
    count = found.order_by()[: MOST_COUNTED + 1].count()
    return Page(pks[:PAGE], has_more, count if count <= MOST_COUNTED else None)


def ordered(
    found: ConversationFiguresQuerySet, chosen: Chosen, after: UUID | None = None
) -> ConversationFiguresQuerySet:
    """Behind `after`, by the chosen order and then by the conversation."""
    key = KEYS[chosen.get("sort") or "newest"]
    last = place_of(key, after) if after is not None else None
    if last is not None:
        value, pk = last
        # The first condition is what an index begins at.
        found = found.filter(Q(**{f"{key}__lte": value}), Q(**{f"{key}__lt": value}) | Q(pk__lt=pk))
    if chosen.keys() - NO_FILTERS and key != "last_asked_at":
        # An index in this order leads criss-cross through the table: filters are quicker through it in a row.
        return found.order_by((F(key) + 0).desc(), "-pk")
    return found.order_by(f"-{key}", "-pk")


def place_of(key: str, conversation: UUID) -> tuple[Any, int] | None:
    return ConversationFigures.objects.filter(conversation__uuid=conversation).values_list(key, "pk").first()
