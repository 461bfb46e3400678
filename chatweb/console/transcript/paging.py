"""Which turns stand on one page of a transcript: the newest, or those around one of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from chatweb.models import Conversation, Turn

PAGE_OF_TURNS = 30
TURNS_ABOVE = 5  # what was said just before the one that was asked for


@dataclass(frozen=True, slots=True)
class Window:
    """Oldest first. `before` ended last before the first of them, for the pause and the section between."""

    turns: list[Turn]
    before: Turn | None
    has_newer: bool

    @property
    def has_older(self) -> bool:
        return self.before is not None


def window_of(
    conversation: Conversation,
    *,
    before: UUID | None = None,
    after: UUID | None = None,
    around: UUID | None = None,
    is_first: bool = False,
    limit: int = PAGE_OF_TURNS,
) -> Window:
    """By the place of a turn, never by counting: page 100 costs what page 1 does.

    A turn that is not of this conversation gives the newest page. `is_first`: the oldest page.
    """
    turns = Turn.objects.filter(conversation=conversation, is_withdrawn=False)
    place = _place(turns, before or after or around)
    if is_first:
        return _downward(turns, turns, limit)
    if place is None:
        return _upward(turns.order_by("-ordinal", "-pk"), has_newer=False, limit=limit)
    if before:
        older = turns.filter(_earlier(place)).order_by("-ordinal", "-pk")
        return _upward(older, has_newer=True, limit=limit)
    if after:
        return _downward(turns, turns.filter(_later(place)), limit)
    above = turns.filter(_earlier(place)).order_by("-ordinal", "-pk").values_list("ordinal", "pk")
    first = list(above[:TURNS_ABOVE])
    start = first[-1] if first else place
    return _downward(turns, turns.exclude(_earlier(start)), limit)


def _place(turns: QuerySet[Turn], turn_id: UUID | None) -> tuple[int, int] | None:
    return turns.filter(uuid=turn_id).values_list("ordinal", "pk").first() if turn_id else None


def _earlier(place: tuple[int, int]) -> Q:
    ordinal, pk = place
    return Q(ordinal__lt=ordinal) | Q(ordinal=ordinal, pk__lt=pk)


def _later(place: tuple[int, int]) -> Q:
    ordinal, pk = place
    return Q(ordinal__gt=ordinal) | Q(ordinal=ordinal, pk__gt=pk)


def _upward(newest_first: QuerySet[Turn], *, has_newer: bool, limit: int) -> Window:
    found = list(newest_first[: limit + 1])
    before = found.pop() if len(found) > limit else None
    return Window(found[::-1], before, has_newer)


def _downward(turns: QuerySet[Turn], wanted: QuerySet[Turn], limit: int) -> Window:
    found = list(wanted.order_by("ordinal", "pk")[: limit + 1])
    before = None
    if found:
        earlier = turns.filter(_earlier((found[0].ordinal, found[0].pk)))
        before = earlier.order_by("-ordinal", "-pk").first()
    return Window(found[:limit], before, len(found) > limit)
