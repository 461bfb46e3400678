"""Commands about a conversation as a thing: name, pin, archive, clear, delete, read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from chatweb import rows
from chatweb.forms import NameForm, SwitchForm
from chatweb.models import Conversation
from chatweb.turns import commands
from chatweb.turns.commands import Refused
from chatweb.views.answers import SignedInRequest, body_of, cleaned, command, done, wants_json
from chatweb.views.pages import conversation_of


def told(request: SignedInRequest, conversation: Conversation) -> HttpResponse:
    page = reverse("conversation", args=[conversation.uuid])
    if not wants_json(request):
        return done(request, {}, page)
    row = rows.conversation_row(conversation.pk, request.user)
    return done(request, row, page)


@command
def rename(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    commands.rename(conversation, cleaned(NameForm(body_of(request)))["name"])
    return told(request, conversation)


@command
def pin(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    commands.pin(conversation, cleaned(SwitchForm(body_of(request)))["on"])
    return told(request, conversation)


@command
def archive(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    commands.archive(conversation, cleaned(SwitchForm(body_of(request)))["on"])
    return told(request, conversation)


@command
def clear(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    commands.clear_context(conversation)
    return told(request, conversation)


@command
def fresh(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    commands.start_afresh(conversation)
    return told(request, conversation)


@command
def read(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    commands.mark_read(conversation)
    return told(request, conversation)


@command
def delete(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    conversation = conversation_of(request.user, conversation_id)
    commands.delete(conversation)
    return done(request, {"deleted": str(conversation_id)}, reverse("start"))


@command
def restore(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    mine = Conversation.objects.filter(user=request.user).exclude(deleted_at=None)
    conversation = get_object_or_404(mine, uuid=conversation_id)
    if not commands.restore(conversation):
        raise Refused("not_found")
    return told(request, conversation)
