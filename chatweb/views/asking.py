"""Commands about questions: find (authorised) → form → one call into the domain → answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.models import User
from chatweb import rows
from chatweb.forms import AgainForm, AskedForm, AskForm, BranchForm, EditForm, StartForm, lengths_from
from chatweb.models import Conversation, Turn
from chatweb.turns import commands
from chatweb.turns.commands import Entered, Refused
from chatweb.views import pages
from chatweb.views.answers import SignedInRequest, body_of, cleaned, command, done, signed_in, wants_json
from chatweb.views.pages import conversation_of, usable_bot


def page_of(conversation_id: object) -> str:
    return reverse("conversation", args=[conversation_id])


def turn_of(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> Turn:
    """A turn of the user's own conversation, or 404."""
    found = conversation_of(request.user, conversation_id)
    turns = Turn.objects.filter(conversation=found).select_related(
        "conversation__bot__connection", "conversation__identity"
    )
    return get_object_or_404(turns, uuid=turn_id)


def told(request: SignedInRequest, turn: Turn, status: int = 202) -> HttpResponse:
    body = {"turn": rows.turn_by_pk(turn.pk)} if wants_json(request) else {}
    return done(request, body, page_of(turn.conversation.uuid), status)


def entered_in(form: dict[str, Any]) -> Entered:
    return Entered(form["text"], form["parameters"], form["files"], form["shortcut"])


def must_be_usable(user: User, conversation: Conversation) -> None:
    """A withdrawn grant leaves reading and forbids asking, and answering what a bot asks. Raises Refused."""
    if conversation.bot_id not in rows.askable_by(user):
        raise Refused("no_grant")


def conversations(request: SignedInRequest) -> HttpResponseBase:
    """GET lists the sidebar, POST starts a conversation."""
    return start(request) if request.method == "POST" else pages.conversations(request)


@command
def start(request: SignedInRequest) -> HttpResponse:
    body = body_of(request)
    if not wants_json(request):  # a plain form makes no ids of its own
        body = {"client_id": uuid4(), "turn_client_id": uuid4(), **body}
    form = cleaned(StartForm(body))
    bot = usable_bot(request.user, form["bot"])
    conversation, turn = commands.start_conversation(
        request.user,
        bot,
        form["client_id"],
        form["turn_client_id"],
        entered_in(form),
        form["asked"],
    )
    if form["from_draft"]:
        commands.forget_draft(request.user, None, form["text"], form["files"])
    return begun(request, conversation, turn)


def begun(request: SignedInRequest, conversation: Conversation, turn: Turn) -> HttpResponse:
    """A new conversation with its first question."""
    if not wants_json(request):
        return done(request, {}, page_of(conversation.uuid))
    row = rows.conversation_row(conversation.pk, request.user)
    return done(request, {"conversation": row, "turn": rows.turn_by_pk(turn.pk)}, "", 202)


@command
def ask(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    body = body_of(request)
    if not wants_json(request):
        body = {"client_id": uuid4(), **body}
    form = cleaned(AskForm(body))
    must_be_usable(request.user, conversation)
    turn = commands.ask(conversation, form["client_id"], entered_in(form))
    if form["from_draft"]:
        commands.forget_draft(request.user, conversation, form["text"], form["files"])
    return told(request, turn)


@signed_in
@never_cache
def asked(request: SignedInRequest, conversation_id: UUID) -> HttpResponseBase:
    """GET tells what the bot was told before the first question, POST changes it."""
    if request.method == "POST":
        return change_asked(request, conversation_id)
    return JsonResponse({"values": conversation_of(request.user, conversation_id).asked_values})


@command
def change_asked(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    given = {part: value or {} for part, value in cleaned(AskedForm(body_of(request))).items()}
    commands.change_values(conversation, given)
    conversation.refresh_from_db(fields=["asked_values"])
    return done(request, {"values": conversation.asked_values}, page_of(conversation_id))


@command
def stop(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    body = body_of(request)
    shown: dict[str, Any] = {}
    if "shown" in body:
        shown = {"shown": lengths_from(body["shown"]), "thought": lengths_from(body.get("thought"))}
    commands.stop(turn, shown)
    return told(request, turn)


@command
def edit(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    commands.edit(turn, cleaned(EditForm(body_of(request)))["text"])
    return told(request, turn, 200)


@command
def withdraw(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    commands.withdraw(turn)
    return told(request, turn, 200)


@command
def send_now(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    commands.send_now(turn)
    return told(request, turn)


@command
def again(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    body = body_of(request)
    if not wants_json(request):
        body = {"client_id": uuid4(), **body}
    return told(request, commands.again(turn, cleaned(AgainForm(body))["client_id"]))


@command
def regenerate(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    body = body_of(request)
    if not wants_json(request):
        body = {"client_id": uuid4(), **body}
    form = cleaned(AgainForm(body))
    must_be_usable(request.user, turn.conversation)
    return told(request, commands.regenerate(turn, form["client_id"]))


@command
def branch(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    body = body_of(request)
    if not wants_json(request):
        body = {"client_id": uuid4(), **body}
    form = cleaned(BranchForm(body))
    must_be_usable(request.user, turn.conversation)
    return begun(request, *commands.branch(turn, form["client_id"], form["text"]))


@command
def whole(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    turn = turn_of(request, conversation_id, turn_id)
    commands.show_whole_answer(turn)
    return told(request, turn)
