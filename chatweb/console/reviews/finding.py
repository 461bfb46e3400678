"""Where the review pages find things: always through `Conversation.objects.reviewable_by`, or 404."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from accounts.models import User
from chatweb.console import looks
from chatweb.models import Annotation, Conversation, Message, ReviewItem, ReviewQueue, Turn
from chatweb.views.answers import SignedInRequest


def conversation_of(user: User, conversation_pk: int) -> Conversation:
    return get_object_or_404(Conversation.objects.reviewable_by(user), pk=conversation_pk)


def conversation_by(user: User, conversation_id: UUID) -> Conversation:
    return get_object_or_404(Conversation.objects.reviewable_by(user), uuid=conversation_id)


def item_of(user: User, item_id: UUID) -> ReviewItem:
    found = ReviewItem.objects.select_related("queue", "turn", "assignee", "ended_by", "added_by")
    item = get_object_or_404(found, uuid=item_id)
    item.conversation = item.turn.conversation = conversation_of(user, item.conversation_id)
    return item


def queue_of(queue_id: UUID) -> ReviewQueue:
    return get_object_or_404(ReviewQueue.objects.select_related("bot", "group", "label"), uuid=queue_id)


def turn_of(user: User, turn_id: UUID) -> Turn:
    turn = get_object_or_404(Turn, uuid=turn_id)
    turn.conversation = conversation_of(user, turn.conversation_id)
    return turn


def message_of(user: User, message_id: UUID) -> Message:
    message = get_object_or_404(Message.objects.select_related("turn"), uuid=message_id)
    message.conversation = message.turn.conversation = conversation_of(user, message.conversation_id)
    return message


def annotation_of(user: User, annotation_id: UUID) -> Annotation:
    """One of the operator's own: nobody changes another's."""
    mine = Annotation.objects.filter(author=user).select_related("message", "author")
    annotation = get_object_or_404(mine, uuid=annotation_id)
    annotation.message.conversation = conversation_of(user, annotation.message.conversation_id)
    return annotation


def looked(request: SignedInRequest, item: ReviewItem) -> bool:
    """Record the look that reading an item is; False: the operator has to say why first.

    That it stands in a queue is the reason, unless they put it there themselves.
    """
    user, conversation = request.user, item.conversation
    if item.added_by_id == user.pk:
        return looks.opened(request, user, conversation) is not None
    if looks.fresh_look(user, conversation) is None:
        reason = gettext("Review: %(queue)s") % {"queue": item.queue}
        looks.record_look(request, user, conversation, reason)
    return True
