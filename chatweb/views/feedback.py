"""What the reader says of an answer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from chatweb.forms import FeedbackForm, ids_from
from chatweb.models import Message
from chatweb.turns import commands
from chatweb.turns.commands import Refused
from chatweb.views.answers import SignedInRequest, body_of, cleaned, command
from chatweb.views.asking import told
from chatweb.views.pages import conversation_of


def answer_of(request: SignedInRequest, conversation_id: UUID, message_id: UUID) -> Message:
    """An answer in the user's own conversation, or 404."""
    found = conversation_of(request.user, conversation_id)
    answers = Message.objects.answers_to(request.user).select_related(
        "turn__conversation", "conversation__bot__connection"
    )
    return get_object_or_404(answers, conversation=found, uuid=message_id)


@command
def rate(request: SignedInRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    message = answer_of(request, conversation_id, message_id)
    body = body_of(request)
    form = cleaned(FeedbackForm(body))
    try:
        reasons = ids_from(body["reasons"]) if body.get("reasons") is not None else None
    except ValueError as bad:
        raise Refused("malformed") from bad
    commands.rate(message, request.user, form["rating"], reasons=reasons, comment=form["comment"])
    return told(request, message.turn, 200)
