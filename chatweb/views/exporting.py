"""A conversation as a file (M-040)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from chatweb.exports.as_html import as_html
from chatweb.exports.as_json import as_json
from chatweb.exports.as_markdown import as_markdown
from chatweb.exports.file_names import safe_name
from chatweb.exports.streaming import download
from chatweb.models import Conversation
from chatweb.views.answers import SignedInRequest, signed_in
from chatweb.views.pages import conversation_of

# By the query's `format`: what writes it, the file's suffix, its type.
FORMATS: dict[str, tuple[Callable[[Conversation], Iterator[str]], str, str]] = {
    "markdown": (as_markdown, "md", "text/markdown; charset=utf-8"),
    "html": (as_html, "html", "text/html; charset=utf-8"),
    "json": (as_json, "json", "application/json"),
}


@require_GET
@signed_in
@never_cache
def export(request: SignedInRequest, conversation_id: UUID) -> HttpResponseBase:
    found = conversation_of(request.user, conversation_id)
    chosen = FORMATS.get(request.GET.get("format", "markdown"))
    if chosen is None:
        raise Http404
    write, suffix, content_type = chosen
    name = safe_name(found.name or found.bot.name, otherwise="conversation")
    day = timezone.localdate().isoformat()
    return download(write(found), f"{name} {day}.{suffix}", content_type)
