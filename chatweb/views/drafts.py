"""Commands about what stands in the composer and was not sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse

from chatweb.forms import QuestionDraftForm
from chatweb.models import Conversation
from chatweb.turns import commands
from chatweb.views.answers import SignedInRequest, body_of, cleaned, command
from chatweb.views.pages import conversation_of


@command
def keep(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    return _keep(request, conversation_of(request.user, conversation_id))


@command
def keep_new(request: SignedInRequest) -> HttpResponse:
    """The start screen's."""
    return _keep(request, None)


def _keep(request: SignedInRequest, conversation: Conversation | None) -> HttpResponse:
    form = cleaned(QuestionDraftForm(body_of(request)))
    given = form["text"], form["files"], form["tab"]
    version = commands.keep_question_draft(request.user, conversation, *given)
    return JsonResponse({"draft_version": version})
