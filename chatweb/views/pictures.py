"""Remote pictures, through this site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from chatweb.picture_links import VALID_SECONDS, url_in
from chatweb.turns import commands

HEADERS = {
    # Whoever opens it alone gets an inert picture, whatever its bytes could also be read as.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
    "Cache-Control": f"private, max-age={VALID_SECONDS}, immutable",
    "Content-Encoding": "identity",  # or the site would try to compress what is compressed
}


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
