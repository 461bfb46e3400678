"""Remote pictures, through this site: links to those that answers have, and the pictures themselves."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from chatweb.forms import PicturesForm
from chatweb.models import Message
from chatweb.picture_links import VALID_SECONDS, link_to, named_in, url_in
from chatweb.turns import commands
from chatweb.views.answers import SignedInRequest, body_of, cleaned, command, done
from chatweb.views.pages import conversation_of

HEADERS = {
    # Whoever opens it alone gets an inert picture, whatever its bytes could also be read as.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
    "Cache-Control": f"private, max-age={VALID_SECONDS}, immutable",
    "Content-Encoding": "identity",  # or the site would try to compress what is compressed
}


@command
def links(request: SignedInRequest, conversation_id: UUID) -> HttpResponse:
    """Signed links for the addresses that the named answer has; no others: the site is nobody's proxy."""
    conversation = conversation_of(request.user, conversation_id)
    form = cleaned(PicturesForm(body_of(request)))
    answers = Message.objects.filter(conversation=conversation, type="answer")
    answer = get_object_or_404(answers, uuid=form["message"])
    found = named_in(answer.text, form["addresses"])
    signed = {address: link_to(request.user.pk, address) for address in found}
    body = {"links": signed, "asks": settings.PICTURES_ASK}
    return done(request, body, reverse("conversation", args=[conversation.uuid]))


@require_GET
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """404 without a body for a stranger's link, an old one, and an address with no picture at it."""
    url = url_in(token, request.user.pk) if request.user.is_authenticated else None
    found = commands.fetch_picture(url) if url else None
    if found is None:
        nothing = HttpResponse(status=404, headers={"Cache-Control": "no-store"})
        # Django would log the link, and so the whole remote address.
        nothing._has_been_logged = True  # type: ignore[attr-defined]
        return nothing
    return HttpResponse(found.content, content_type=found.mime, headers=HEADERS)
