"""The operators' door to the passages: everybody's, newest first, within a time a page may take.

Words of three characters and more are looked up in the index of trigrams. Shorter ones, as most Chinese words
are, no index knows: passages are read backwards, one window after the other, and when the time is up the
search says how far it came and goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from chatweb.models import Passage
from chatweb.models.passage import GRAM, PassageQuerySet, quoted_gram

PAGE = 20
BUDGET_SECONDS = 0.1
FIRST_WINDOW, LAST_WINDOW = 10_000, 160_000  # passages


@dataclass(frozen=True, slots=True)
class Found:
    """With all that is shown of them, newest first. `stopped_at`: the last one looked at, if not all were."""

    passages: list[Passage]
    has_more: bool = False
    stopped_at: Passage | None = None


def find_for(
    operator: User,
    words: tuple[str, ...],
    *,
    few: Collection[int] | None = None,
    many: QuerySet[Any] | None = None,
    after: UUID | None = None,
) -> Found:
    """One page of hits. `few`: pks of the only conversations that count; `many`: figures of those that do.

    `after`: what the last hit of the page before is known by, or where the search stopped (`shown_id`).
    """
    found = Passage.objects.reviewable_by(operator)
    last = newest_pk() if after is None else place_of(operator, after) - 1
    for word in words:
        found = found.filter(folded__contains=word)
    if few is not None:
        return page_of(operator, found.filter(pk__lte=last, conversation__in=few))
    if many is not None:
        found = found.filter(Exists(many.filter(conversation=OuterRef("conversation"))))
    grams = sorted({word[at : at + GRAM] for word in words for at in range(len(word) - GRAM + 1)})
    if grams and connection.vendor == "postgresql":  # LIKE asks the index by itself
        return page_of(operator, found.filter(pk__lte=last))
    return in_windows(operator, found, grams, last)


def page_of(operator: User, found: PassageQuerySet) -> Found:
    return whole(operator, list(found.order_by("-pk").values_list("pk", flat=True)[: PAGE + 1]))


def in_windows(operator: User, found: PassageQuerySet, grams: list[str], last: int) -> Found:
    """From `last` backwards, in growing windows: a frequent word costs little, a rare one few statements."""
    until = time.monotonic() + BUDGET_SECONDS
    end, size = last, FIRST_WINDOW
    pks: list[int] = []
    while end > 0 and len(pks) <= PAGE:
        begin = max(0, end - size)
        window = found.filter(pk__gt=begin, pk__lte=end)
        if grams:
            window = window.filter(pk__in=narrowed(grams, begin, end))
        pks += window.order_by("-pk").values_list("pk", flat=True)[: PAGE + 1 - len(pks)]
        end, size = begin, min(LAST_WINDOW, size * 2)
        if end > 0 and len(pks) <= PAGE and time.monotonic() > until:
            return whole(operator, pks, stopped_at=end)
    return whole(operator, pks)


def narrowed(grams: list[str], begin: int, end: int) -> RawSQL:
    """SQLite's index is a table to be asked: which passages of the window have all trigrams."""
    match = " AND ".join(quoted_gram(gram) for gram in grams)
    bounds = "chatweb_gram MATCH %s AND rowid > %s AND rowid <= %s"
    return RawSQL(f"SELECT rowid FROM chatweb_gram WHERE {bounds}", [match, begin, end])  # noqa: S608, S611


def whole(operator: User, pks: list[int], stopped_at: int | None = None) -> Found:
    shown = Passage.objects.reviewable_by(operator).prefetch_related("turn__files")
    full = shown.select_related("conversation__bot", "conversation__user", "turn", "message", "action")
    passages = list(full.filter(pk__in=pks[:PAGE]).order_by("-pk"))
    stop = None if stopped_at is None else full.filter(pk__gt=stopped_at).order_by("pk").first()
    return Found(passages, len(pks) > PAGE, stop)


def newest_pk() -> int:
    return Passage.objects.aggregate(last=Max("pk"))["last"] or 0


def place_of(operator: User, shown: UUID) -> int:
    """The pk of the passage of a message, an action or a conversation's name; 0 for one that is gone."""
    every = Passage.objects.reviewable_by(operator)
    named = Q(conversation__uuid=shown, kind=Passage.Kind.NAME)
    for is_it in (Q(message__uuid=shown), Q(action__uuid=shown), named):  # three look-ups: OR would scan
        pk = every.filter(is_it).values_list("pk", flat=True).first()
        if pk is not None:
            return pk
    return 0
