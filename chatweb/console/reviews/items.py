"""Who works on which item: guarded updates that say whether they won, so that two never have the same."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chatweb.models import ItemState, ReviewItem, ReviewQueue

LOCK = timedelta(minutes=30)
FREE = {"assignee": None, "assigned_by": None, "locked_until": None}


def free() -> Q:
    """Open, or taken by somebody whose time is over."""
    return Q(state=ItemState.OPEN) | Q(state=ItemState.TAKEN, locked_until__lt=timezone.now())


def mine_or_free(user: User) -> Q:
    return free() | Q(state=ItemState.TAKEN, assignee=user)


def taken_by(user: User) -> QuerySet[ReviewItem]:
    """What the operator has in hand, oldest first."""
    return ReviewItem.objects.filter(state=ItemState.TAKEN, assignee=user).order_by("pk")


def take(item_pk: int, user: User) -> bool:
    """Take it, or go on with what is mine: whether it is the operator's now. What a colleague gave them stays
    theirs without a time limit."""
    one = ReviewItem.objects.filter(pk=item_pk)
    until = timezone.now() + LOCK
    renewed = one.filter(state=ItemState.TAKEN, assignee=user)
    if renewed.filter(locked_until=None).exists():
        return True
    if renewed.update(locked_until=until) == 1:
        return True
    taken = {"state": ItemState.TAKEN, "assignee": user, "assigned_by": None, "locked_until": until}
    return one.filter(free()).update(**taken) == 1


def take_next(queue: ReviewQueue, user: User, behind: int = 0) -> ReviewItem | None:
    """The next free item of the queue behind that pk; None when there is none. Whoever comes second of two
    takes the one after it: each try that fails is one that somebody else has won."""
    while True:
        ahead = queue.items.filter(pk__gt=behind).order_by("pk").values_list("pk", flat=True)
        expired = ahead.filter(state=ItemState.TAKEN, locked_until__lt=timezone.now())[:1]
        # Two looks, each along the index: an OR would read the whole queue.
        found = [*ahead.filter(state=ItemState.OPEN)[:1], *expired]
        if not found:
            return None
        if take(min(found), user):
            return queue.items.get(pk=min(found))
        behind = min(found)


def after(item: ReviewItem, user: User) -> ReviewItem | None:
    """The next free one behind it; at the end of the queue the first that was passed over, maybe itself."""
    return take_next(item.queue, user, item.pk) or take_next(item.queue, user)


def begin(queue: ReviewQueue, user: User) -> ReviewItem | None:
    """Where to go on in the queue: what the operator has of it already, else the next."""
    return taken_by(user).filter(queue=queue).first() or take_next(queue, user)


def end(item: ReviewItem, user: User, state: str) -> bool:
    """Done or skipped; False where a colleague has it or it is over already."""
    mine = ReviewItem.objects.filter(mine_or_free(user), pk=item.pk)
    ended = {"state": state, "ended_by": user, "ended_at": timezone.now(), **FREE}
    return mine.update(**ended) == 1


def release(item: ReviewItem, user: User) -> bool:
    """Back into the queue: by who has it, or who gave it away."""
    held = ReviewItem.objects.filter(Q(assignee=user) | Q(assigned_by=user), pk=item.pk)
    return held.filter(state=ItemState.TAKEN).update(state=ItemState.OPEN, **FREE) == 1


def release_untouched(item: ReviewItem, user: User) -> bool:
    """Somebody only looked and goes on: nobody else need wait for the lock. What was given stays given."""
    held = taken_by(user).filter(pk=item.pk, assigned_by=None)
    return held.update(state=ItemState.OPEN, **FREE) == 1


def assign(item: ReviewItem, user: User, colleague: User) -> bool:
    """Give it to a colleague, for as long as they want."""
    given_before = Q(state=ItemState.TAKEN, assigned_by=user)
    mine = ReviewItem.objects.filter(mine_or_free(user) | given_before, pk=item.pk)
    given = {"state": ItemState.TAKEN, "assignee": colleague, "assigned_by": user, "locked_until": None}
    return mine.update(**given) == 1


def open_again(item: ReviewItem) -> bool:
    over = ReviewItem.objects.filter(pk=item.pk).exclude(state__in=[ItemState.OPEN, ItemState.TAKEN])
    return over.update(state=ItemState.OPEN, ended_by=None, ended_at=None, **FREE) == 1


def before(item: ReviewItem, user: User) -> ReviewItem | None:
    """The one before it in its queue, done ones too, past what colleagues have in hand."""
    earlier = item.queue.items.filter(pk__lt=item.pk).exclude(state=ItemState.WITHDRAWN)
    others = Q(state=ItemState.TAKEN) & ~mine_or_free(user)
    return earlier.exclude(others).order_by("-pk").first()
