"""Annotations of a message: what the page beside it reads and writes, as JSON."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from chatweb.console import looks
from chatweb.console.access import operator
from chatweb.console.masks import reader_of
from chatweb.models import Annotation, Label, Mention, Message, ReviewItem
from chatweb.views.answers import SignedInRequest, command, error

from .annotating import annotate, change
from .annotating import delete as take_away
from .finding import annotation_of, conversation_by, message_of
from .forms import said_in
from .telling import Scale, annotation_objects, in_source, label_object, scale_of, told_with


@require_GET
@operator
def of_conversation(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    """All of them at once, and what one can say: a transcript asks once for its many messages."""
    talk = conversation_by(request.user, conversation_id)
    if looks.fresh_look(request.user, talk) is None:
        return error("no_look", 403)
    told = told_with(Annotation.objects.filter(conversation=talk))
    unseen = Mention.objects.filter(operator=request.user, annotation__conversation=talk, seen_at=None)
    if unseen.exists():
        unseen.update(seen_at=timezone.now())
    return JsonResponse(
        {
            "annotations": annotation_objects(told, request.user, reader_of(request, talk)),
            "labels": [label_object(label) for label in Label.objects.filter(is_active=True)],
            "scale": scale_of(None),
        }
    )


@require_http_methods(["GET", "POST"])
def of_message(request: SignedInRequest, message_id: UUID) -> HttpResponseBase:
    view = make if request.method == "POST" else listed
    return view(request, message_id)


@require_GET
@operator
def listed(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    message = message_of(request.user, message_id)
    if looks.fresh_look(request.user, message.conversation) is None:
        return error("no_look", 403)
    return told(request, message)


@command
@operator
def make(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    message = message_of(request.user, message_id)
    if looks.fresh_look(request.user, message.conversation) is None:
        return error("no_look", 403)
    said = said_in(request, scale_for(request, message))
    said = in_source(message, said, reader_of(request, message.conversation))
    annotate(message, request.user, said, request)
    return told(request, message)


@command
@operator
def alter(request: SignedInRequest, annotation_id: UUID) -> HttpResponse:
    """Its part stays what it was."""
    annotation = annotation_of(request.user, annotation_id)
    message = annotation.message
    change(annotation, said_in(request, scale_for(request, message)), request)
    return told(request, message)


@command
@operator
def delete(request: SignedInRequest, annotation_id: UUID) -> HttpResponse:
    annotation = annotation_of(request.user, annotation_id)
    take_away(annotation, request)
    return told(request, annotation.message)


def told(request: SignedInRequest, message: Message) -> HttpResponse:
    """All remarks on the message as they are now."""
    remarks = told_with(message.annotations.all())
    return JsonResponse(
        {"annotations": annotation_objects(remarks, request.user, reader_of(request, message.conversation))}
    )


def scale_for(request: SignedInRequest, message: Message) -> Scale:
    """The scale of the queue one works in, of the site elsewhere."""
    try:
        item_id = UUID(request.GET.get("item", ""))
    except ValueError:
        return scale_of(None)
    item = ReviewItem.objects.filter(uuid=item_id, turn=message.turn_id).select_related("queue").first()
    return scale_of(item.queue if item else None)
