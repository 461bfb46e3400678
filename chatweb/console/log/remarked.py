"""Filters by what operators made of conversations: annotations with their labels and scores, and reviews.

Each begins at the few rows that operators made, never at the many conversations: a database reads those once
and looks the log up among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.models import Annotation, ReviewItem
from chatweb.models.review import ItemState

REMARKED = [
    ("", _("any")),
    ("some", _("annotated")),
    ("mine", _("annotated by me")),
    ("none", _("not annotated")),
]
REVIEWED = [
    ("", _("any")),
    ("open", _("waits for a review")),
    ("done", _("reviewed")),
    ("skipped", _("skipped")),
    ("none", _("in no queue")),
]
# Of one and the same annotation: a score of 2 by somebody and a label by another do not make a hit.
PARTS: Mapping[str, str] = {"label": "put__label", "score_from": "score__gte", "score_to": "score__lte"}
STATES: Mapping[str, tuple[str, ...]] = {
    "open": (ItemState.OPEN, ItemState.TAKEN),
    "done": (ItemState.DONE,),
    "skipped": (ItemState.SKIPPED,),
}


def remarked(operator: User, chosen: Mapping[str, Any]) -> Q:
    """`chosen`: of FilterForm; what it says of annotations, all in one condition, and of reviews."""
    found = Q()
    which = chosen.get("annotated", "")
    parts = {path: chosen[name] for name, path in PARTS.items() if name in chosen}
    if which == "mine":
        parts["author"] = operator
    if parts or which == "some":
        found &= Q(conversation__in=annotated(Annotation.objects.filter(**parts)))
    if which == "none":
        found &= ~Q(conversation__in=annotated(Annotation.objects.all()))
    if review := chosen.get("review"):
        found &= reviewed(review)
    return found


def annotated(annotations: QuerySet[Annotation]) -> QuerySet[Annotation, Any]:
    return annotations.order_by().values("conversation")


def reviewed(which: str) -> Q:
    items = ReviewItem.objects.order_by()
    if which == "none":
        return ~Q(conversation__in=items.exclude(state=ItemState.WITHDRAWN).values("conversation"))
    return Q(conversation__in=items.filter(state__in=STATES[which]).values("conversation"))
