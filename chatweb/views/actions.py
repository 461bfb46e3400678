"""Commands about what waits for a person: answers and drafts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from accounts.devices import device_of
from chatweb.forms import MAX_VALUES_CHARS, DraftForm, answers_from, ids_from
from chatweb.models import Action
from chatweb.turns import commands
from chatweb.turns.commands import Person, Refused
from chatweb.views.answers import SignedInRequest, body_of, cleaned, command
from chatweb.views.asking import must_be_usable, told, turn_of
from chatweb.views.pages import conversation_of


def action_of(request: SignedInRequest, conversation_id: UUID, action_id: UUID) -> Action:
    """An action of the user's own conversation, or 404."""
    found = conversation_of(request.user, conversation_id)
    actions = Action.objects.visible_to(request.user).select_related(
        "turn__conversation__bot__connection", "turn__conversation__identity"
    )
    return get_object_or_404(actions, turn__conversation=found, uuid=action_id)


@command
def answer(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    body = body_of(request)
    if _is_too_long(body.get("outputs")) or _is_too_long(body.get("declined")):
        raise Refused("too_large")
    try:
        outputs, declined = answers_from(body.get("outputs")), answers_from(body.get("declined"))
        allow = ids_from(body.get("allow"))
    except (ValueError, AttributeError, TypeError) as bad:
        raise Refused("malformed") from bad
    if not outputs and not declined:
        raise Refused("malformed")
    must_be_usable(request.user, turn.conversation)
    person = Person(request.user, device_of(request.headers.get("user-agent", "")))
    commands.answer(turn, person, outputs, declined, allow)
    return told(request, turn)


def _is_too_long(answers: object) -> bool:
    texts = answers.values() if isinstance(answers, dict) else ()
    return any(isinstance(text, str) and len(text) > MAX_VALUES_CHARS for text in texts)


@command
def change(request: SignedInRequest, conversation_id: UUID, action_id: UUID) -> HttpResponse:
    action = action_of(request, conversation_id, action_id)
    commands.change(action)
    return told(request, action.turn, 200)


@command
def draft(request: SignedInRequest, conversation_id: UUID, action_id: UUID) -> HttpResponse:
    action = action_of(request, conversation_id, action_id)
    form = cleaned(DraftForm(body_of(request)))
    version = commands.keep_draft(action, form["draft"] or {}, form["tab"])
    return JsonResponse({"draft_version": version})
