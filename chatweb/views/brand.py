"""The owner's style sheet and logos, from this origin: a page asks no other host (M-112)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from chatweb.branding import LOGO_TYPES

# Addresses name the version: what is kept is never stale. Without it a browser asks again.
FOR_EVER, NEVER = "public, max-age=31536000, immutable", "no-cache"


def _etag(request: HttpRequest, **kwargs: str) -> str:
    return f'"{settings.BRAND.version}"'


def _headers(request: HttpRequest) -> dict[str, str]:
    is_current = request.GET.get("v") == settings.BRAND.version
    return {"Cache-Control": FOR_EVER if is_current else NEVER, "X-Content-Type-Options": "nosniff"}


@require_safe
@condition(etag_func=_etag)
def style_sheet(request: HttpRequest) -> HttpResponse:
    return HttpResponse(settings.BRAND.style_sheet, content_type="text/css", headers=_headers(request))


@require_safe
@condition(etag_func=_etag)
def logo(request: HttpRequest, theme: str) -> HttpResponse:
    """Inert when opened alone, whatever a drawing has in it."""
    path = settings.BRAND.logo_file(theme)
    if path is None:
        raise Http404
    inert = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    mime = LOGO_TYPES[path.suffix.lower()]
    return HttpResponse(path.read_bytes(), content_type=mime, headers={**_headers(request), **inert})
