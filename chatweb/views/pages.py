"""The chat page: its shell, its state, and the lists it loads on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from accounts.models import User
from chatweb import frames, rows, sentences
from chatweb.database.prepared import Prepared
from chatweb.file_frames import unsent_object
from chatweb.models import Bot, Conversation, Draft
from chatweb.views.answers import SignedInRequest, found_or_404, signed_in, wants_json

MINE = Prepared(lambda user_pk, uuid: Conversation.objects.visible_to(User(pk=user_pk)).filter(uuid=uuid))
USABLE = Prepared(lambda user_pk, uuid: Bot.objects.usable_by(User(pk=user_pk)).filter(uuid=uuid))


def conversation_of(user: User, conversation_id: UUID) -> Conversation:
    """The user's own conversation, or 404."""
    return found_or_404(MINE(user.pk, conversation_id))


def usable_bot(user: User, bot_id: UUID) -> Bot:
    """A bot that the user may ask, or 404."""
    return found_or_404(USABLE(user.pk, bot_id))


@require_GET
@signed_in
@never_cache
@ensure_csrf_cookie
def start(request: SignedInRequest) -> HttpResponse:
    return render(request, "chat/page.html", context_of(request.user))


@require_GET
@signed_in
@never_cache
@ensure_csrf_cookie
def conversation(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    found = conversation_of(request.user, conversation_id)
    down_to = uuid_of(request.GET.get("turn", ""))
    if wants_json(request):
        return JsonResponse(open_state(request.user, found, down_to))
    return render(request, "chat/page.html", context_of(request.user, found, down_to))


@require_GET
@signed_in
@never_cache
def older_turns(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    found = conversation_of(request.user, conversation_id)
    before = request.GET.get("before", "")
    ordinal = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    down_to = uuid_of(request.GET.get("until", ""))
    limit = rows.turns_down_to(found, down_to, before=ordinal) if down_to else rows.PAGE_OF_TURNS
    turns, has_older = rows.newest_turns(found, before=ordinal, limit=limit)
    return JsonResponse({"turns": turns, "has_older": has_older})


@require_GET
@signed_in
@never_cache
def conversations(request: SignedInRequest) -> HttpResponse:
    listed, cursor = rows.sidebar(
        request.user,
        before=_moment(request.GET.get("before", "")),
        is_archived=request.GET.get("archived") == "1",
    )
    return JsonResponse(
        {"conversations": listed, "next": cursor, "list_version": rows.list_version(request.user.pk)}
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def open_state(
    user: User,
    opened: Conversation | None,
    down_to: UUID | None = None,
    listed: Sequence[frames.Json] = (),
) -> dict[str, Any]:
    """What is on the page: the conversation's row and its newest turns, as far back as a turn looked for.

    `listed`: sidebar rows read already; the conversation's is mostly among them.
    """
    draft = unsent_object(Draft.objects.filter(user=user, conversation=opened).first())
    if opened is None:
        return {"conversation": None, "turns": [], "has_older": False, "draft": draft}
    # Before the turns: a page that believes itself older than it is reads twice, the other way round never.
    row = next((row for row in listed if row["id"] == str(opened.uuid)), None)
    if row is None:
        row = rows.conversation_row(opened.pk, user)
    limit = rows.turns_down_to(opened, down_to) if down_to else rows.PAGE_OF_TURNS
    turns, has_older = rows.newest_turns(opened, limit=limit)
    return {"conversation": row, "turns": turns, "has_older": has_older, "draft": draft}


def context_of(user: User, opened: Conversation | None = None, down_to: UUID | None = None) -> dict[str, Any]:
    listed, cursor = rows.sidebar(user)
    opened_state = open_state(user, opened, down_to, listed)
    bots = rows.bots_of(user)
    page_state = {
        "user": {
            "name": user.display_name,
            "sends_with_enter": user.sends_with_enter,
            "time_zone": user.time_zone,
            "is_operator": user.is_operator,
            "shortcuts": user.shortcuts,
        },
        "bots": bots,
        **opened_state,
        "conversations": listed,
        "next": cursor,
        "list_version": rows.list_version(user.pk),
        "sentences": sentences.as_json(),
        "silence_seconds": settings.SILENCE_SECONDS,
        "undo_seconds": settings.UNDO_SECONDS,
        "max_question_chars": settings.MAX_QUESTION_CHARS,
        "max_file_bytes": settings.MAX_FILE_BYTES,
        "max_comment_chars": settings.MAX_COMMENT_CHARS,
        "feedback_reasons": rows.feedback_reasons(),
    }
    return {
        "page_state": page_state,
        "bots": bots,
        "conversations": listed,
        "conversation": opened_state["conversation"],
        "turns": rows.without_replaced(opened_state["turns"]),
        "sign_in_url": reverse("account_login"),
    }
