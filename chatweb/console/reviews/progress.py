"""How far each queue is: what is open, what was done today and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from chatweb.models import ItemState, ReviewItem, ReviewQueue


@dataclass(slots=True)
class Progress:
    queue: ReviewQueue
    open_count: int = 0
    taken_count: int = 0
    done_count: int = 0  # since midnight where the reader is; skipped ones are none of them
    by_whom: list[tuple[str, int]] = field(default_factory=list)


def progress_of(queues: Iterable[ReviewQueue]) -> list[Progress]:
    """Three queries for all of them."""
    found = {queue.pk: Progress(queue) for queue in queues}
    mine = ReviewItem.objects.filter(queue__in=found)
    unfinished = mine.filter(state__in=[ItemState.OPEN, ItemState.TAKEN])
    for queue, state, count in (
        unfinished.order_by().values_list("queue", "state").annotate(count=Count("pk"))
    ):
        if state == ItemState.OPEN:
            found[queue].open_count = count
        else:
            found[queue].taken_count = count
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = mine.filter(state=ItemState.DONE, ended_at__gte=midnight).order_by()
    rows = list(today.values_list("queue", "ended_by").annotate(count=Count("pk")))
    names = {one.pk: one.display_name for one in User.objects.filter(pk__in={row[1] for row in rows})}
    for queue, operator, count in rows:
        found[queue].done_count += count
        found[queue].by_whom.append((names.get(operator, "–"), count))
    for one in found.values():
        one.by_whom.sort(key=lambda row: -row[1])
    return list(found.values())
