"""Opens review items when a queue's rule fires (M-043, M-101). Synchronous, in the caller's transaction.

A site without such a queue pays one query at a turn's end. Twice is as good as once: an item is unique.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from chatweb.models import (
    Action,
    Annotation,
    Conversation,
    Feedback,
    ItemState,
    Message,
    ReviewItem,
    ReviewQueue,
    Turn,
)
from chatweb.turns.review_rules import Facts, covers, wants_end
from chatweb.turns.states import ANSWERABLE, ActionState, Rating, TurnState

Rule = ReviewQueue.Rule
AT_THE_END = (Rule.ERROR, Rule.TOOL_FAILED, Rule.WAITING, Rule.ANY)
MOST_AT_ONCE = 200


def queues_with(*rules: str) -> QuerySet[ReviewQueue]:
    return ReviewQueue.objects.filter(is_active=True, rule__in=rules)


def turn_over(turn_pk: int, state: str) -> int:
    """The turn has ended in this state: how many items it opened."""
    queues = list(queues_with(*AT_THE_END))
    if not queues:
        return 0
    turn = Turn.objects.select_related("conversation").get(pk=turn_pk)
    facts = facts_of(turn, state, queues)
    return open_items(turn, facts, [queue for queue in queues if wants_end(queue, facts)])


def rated(message: Message, rating: str) -> int:
    """A person has rated an answer, changed their mind or taken it back: how many items changed.

    What nobody has looked at yet closes by itself when no answer of the turn is rated bad any more.
    """
    queues = list(queues_with(Rule.BAD_RATING))
    mine = ReviewItem.objects.filter(turn=message.turn_id, queue__rule=Rule.BAD_RATING, added_by=None)
    if rating == Rating.BAD:
        again = mine.filter(state=ItemState.WITHDRAWN, queue__in=queues)
        return again.update(state=ItemState.OPEN, ended_at=None) + open_items_of(message.turn_id, queues)
    if Feedback.objects.filter(message__turn=message.turn_id, rating=Rating.BAD).exists():
        return 0
    unseen = mine.filter(state=ItemState.OPEN, looked_at=None)
    return unseen.update(state=ItemState.WITHDRAWN, ended_at=timezone.now())


def labelled(annotation: Annotation, labels: Iterable[int]) -> int:
    """These labels (pks) were put on a message: how many items that opened."""
    wanted = queues_with(Rule.LABEL).filter(label__in=list(labels))
    return open_items_of(annotation.message.turn_id, list(wanted))


def late_cards(now: datetime | None = None) -> int:
    """Turns whose cards have waited too long by now: how many items that opened. For the supervisor."""
    now = now or timezone.now()
    opened = 0
    for queue in queues_with(Rule.WAITING):
        since = now - timedelta(minutes=queue.wait_minutes)
        late = Action.objects.filter(
            state__in=ANSWERABLE, created_at__lt=since, turn__state=TurnState.WAITING
        ).exclude(turn__review_items__queue=queue)
        for turn_pk in late.values_list("turn", flat=True).distinct()[:MOST_AT_ONCE]:
            opened += open_items_of(turn_pk, [queue])
    return opened


def open_items_of(turn_pk: int, queues: list[ReviewQueue]) -> int:
    if not queues:
        return 0
    turn = Turn.objects.select_related("conversation").get(pk=turn_pk)
    return open_items(turn, facts_of(turn, turn.state, queues), queues)


def open_items(turn: Turn, facts: Facts, queues: Iterable[ReviewQueue]) -> int:
    """An item in each queue that covers the turn; what is there already stays as it is."""
    wanted = [
        ReviewItem(
            queue=queue,
            turn=turn,
            conversation=turn.conversation,
            drawn_on=facts.asked_on if queue.is_drawn else None,
        )
        for queue in queues
        if covers(queue, facts)
    ]
    if not wanted:
        return 0
    before = turn.review_items.count()
    ReviewItem.objects.bulk_create(wanted, ignore_conflicts=True)
    return turn.review_items.count() - before


def facts_of(turn: Turn, state: str, queues: Iterable[ReviewQueue]) -> Facts:
    """As much as these queues ask: groups and cards cost a query each."""
    talk: Conversation = turn.conversation
    rules = {queue.rule for queue in queues}
    groups: set[int] = set()
    if any(queue.group_id for queue in queues):
        groups = set(talk.user.groups.values_list("pk", flat=True))
    cards = list(Action.objects.filter(turn=turn)) if rules & {Rule.TOOL_FAILED, Rule.WAITING} else []
    until = turn.ended_at or timezone.now()
    waits = [((card.answered_at or until) - card.created_at).total_seconds() for card in cards]
    return Facts(
        conversation=talk.uuid,
        bot_id=talk.bot_id,
        groups=groups,
        state=state,
        has_failed_tool=any(has_failed(card) for card in cards),
        waited_seconds=max(waits, default=0.0),
        asked_on=turn.created_at.astimezone(UTC).date(),
    )


def has_failed(card: Action) -> bool:
    """Nobody answered in time, or the upstream did not take the answer."""
    return card.state == ActionState.EXPIRED or bool(card.refusal)


def add_by_hand(queue: ReviewQueue, turn: Turn, added_by: User) -> bool:
    """Put a turn into a queue, or back into it; False where it is open already."""
    item, is_new = ReviewItem.objects.get_or_create(
        queue=queue, turn=turn, defaults={"conversation": turn.conversation, "added_by": added_by}
    )
    if is_new:
        return True
    over = ReviewItem.objects.filter(pk=item.pk).exclude(state__in=[ItemState.OPEN, ItemState.TAKEN])
    anew = {"assignee": None, "ended_by": None, "ended_at": None, "looked_at": None, "added_by": added_by}
    return over.update(state=ItemState.OPEN, **anew) == 1
