"""The transcript's page, and what it loads late: raw events and links to pictures."""

from __future__ import annotations

import json
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from chatweb.auditing import record
from chatweb.console import looks, masks, names
from chatweb.console.access import operator
from chatweb.console.navigation import page
from chatweb.console.redaction import Redact, redact_json, redact_name
from chatweb.forms import PicturesForm
from chatweb.models import Conversation, Message, Turn
from chatweb.picture_links import link_to, named_in
from chatweb.turns.commands import Refused, UpstreamError, has_run_steps, run_steps
from chatweb.views.answers import SignedInRequest, body_of, cleaned, error, wants_json
from chatweb.views.pages import uuid_of

from .paging import Window, window_of
from .raw_events import event_text
from .reasons import ask_for_look
from .rows import printed, shown_turns

EVENT_HEADERS = {
    # Whoever opens it alone reads text, whatever the upstream put into it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def reviewed(user: User, conversation_id: UUID) -> Conversation:
    """A conversation an operator may open, or 404."""
    return get_object_or_404(Conversation.objects.reviewable_by(user), uuid=conversation_id)


@require_GET
@operator
def conversation(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    found = reviewed(request.user, conversation_id)
    look = looks.opened(request, request.user, found)
    if look is None:
        return ask_for_look(request, found)
    window = window_from(request, found)
    redact = masks.reader_of(request, found)
    with_events = request.GET.get("events") == "1"
    turns = shown_turns(
        window, found, redact, lambda person: names.label_of(request, person), with_events=with_events
    )
    context = {
        **head_of(request, found, redact),
        "turns": turns,
        "window": window,
        "look": look,
        "with_events": with_events,
        "has_run_steps": has_run_steps(found),
        "is_cleared_last": is_cleared_last(window, found),
        "links": links_of(request, found, window, with_events),
    }
    return page(request, "console/transcript/page.html", context)


def window_from(request: HttpRequest, found: Conversation) -> Window:
    """As the address says: ?turn=, ?before=, ?after= name a turn; ?at=first is the oldest page."""
    asked = {name: uuid_of(request.GET.get(name, "")) for name in ("before", "after", "turn")}
    return window_of(
        found,
        before=asked["before"],
        after=asked["after"],
        around=asked["turn"],
        is_first=request.GET.get("at") == "first",
    )


def is_cleared_last(window: Window, found: Conversation) -> bool:
    return not window.has_newer and bool(window.turns) and window.turns[-1].section != found.section


def head_of(request: SignedInRequest, found: Conversation, redact: Redact) -> dict[str, object]:
    """What stands above the turns. Who it is only while it is revealed."""
    is_revealed = names.is_revealed(request, found.user)
    return {
        "conversation": found,
        "name": redact_name(found.name, redact),
        "person": names.label_of(request, found.user),
        "is_revealed": is_revealed,
        "asked_values": printed(found.asked_values, redact),
        "branched_from": branched_from(found),
        "may_see_original": masks.may_see_original(request),
        "sees_original": masks.sees_original(request, found),
        "needs_reason": looks.is_reason_needed(),
    }


def branched_from(found: Conversation) -> Turn | None:
    if found.branched_from_id is None:
        return None
    return Turn.objects.select_related("conversation").get(pk=found.branched_from_id)


def links_of(request: HttpRequest, found: Conversation, window: Window, with_events: bool) -> dict[str, str]:
    """Addresses of the other pages; with events shown wherever they are shown here."""
    here = {key: request.GET[key] for key in ("turn", "before", "after", "at") if key in request.GET}
    kept = {"events": "1"} if with_events else {}
    links = {
        "events": address(found, here if with_events else {**here, "events": "1"}),
        "first": address(found, {"at": "first", **kept}),
        "newest": address(found, kept),
        "reload": address(found, {**here, **kept}),
    }
    if window.has_older:
        links["older"] = address(found, {"before": str(window.turns[0].uuid), **kept})
    if window.has_newer and window.turns:
        links["newer"] = address(found, {"after": str(window.turns[-1].uuid), **kept})
    return links


def address(found: Conversation, query: dict[str, str]) -> str:
    path = reverse("console_conversation", args=[found.uuid])
    return f"{path}?{urlencode(query)}" if query else path


@require_GET
@operator
def event(request: SignedInRequest, conversation_id: UUID, turn_id: UUID, number: int) -> HttpResponse:
    """One raw event as pretty, redacted JSON; reading it is recorded. Behind the same look as the page."""
    found = reviewed(request.user, conversation_id)
    if looks.fresh_look(request.user, found) is None:
        return no_look(request, found)
    turn = get_object_or_404(Turn, conversation=found, uuid=turn_id, is_withdrawn=False)
    read = event_text(turn, number, masks.reader_of(request, found))
    if read is None:
        raise Http404
    row, text = read
    record(
        request.user,
        "event.read",
        turn,
        subject=found.user,
        after={"conversation": str(found.uuid), "number": number, "name": row.name},
        request=request,
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=EVENT_HEADERS)


@require_GET
@operator
def steps(request: SignedInRequest, conversation_id: UUID, turn_id: UUID) -> HttpResponse:
    """What the turn's runs did, asked of the upstream now; as `event` otherwise."""
    found = reviewed(request.user, conversation_id)
    if looks.fresh_look(request.user, found) is None:
        return no_look(request, found)
    turn = get_object_or_404(Turn, conversation=found, uuid=turn_id, is_withdrawn=False)
    if not has_run_steps(found):
        raise Http404
    try:
        told = json.dumps(run_steps(turn), ensure_ascii=False)
    except UpstreamError:
        return error("unreachable", 502)
    record(
        request.user,
        "steps.read",
        turn,
        subject=found.user,
        after={"conversation": str(found.uuid)},
        request=request,
    )
    text = redact_json(told, masks.reader_of(request, found), indent=2)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=EVENT_HEADERS)


@require_POST
@operator
def pictures(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    """Signed links for the addresses that the named answer has, as this operator reads it."""
    found = reviewed(request.user, conversation_id)
    if looks.fresh_look(request.user, found) is None:
        return no_look(request, found)
    try:
        form = cleaned(PicturesForm(body_of(request)))
    except Refused as refused:
        return error(refused.reason)
    answer = get_object_or_404(Message, conversation=found, uuid=form["message"], type="answer")
    named = named_in(masks.reader_of(request, found)(answer.text), form["addresses"])
    return JsonResponse({"links": {one: link_to(request.user.pk, one) for one in named}})


def no_look(request: HttpRequest, found: Conversation) -> HttpResponse:
    if wants_json(request) or request.method == "POST":
        return error("no_look", 403)
    return ask_for_look(request, found)
