"""The page's sentences in one language, under an address that names both: a browser asks for them once."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from chatweb.views.brand import FOR_EVER, NEVER


@require_safe
def javascript_catalogue(request: HttpRequest) -> HttpResponse:
    """With `address_query` it is kept for ever; without, it is in the reader's own language."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "en"
    script, version = _script_of(language)
    cached = FOR_EVER if request.GET.get("v") == version and asked == language else NEVER
    headers = {"Cache-Control": cached, "Content-Language": language}
    return HttpResponse(script, content_type='text/javascript; charset="utf-8"', headers=headers)


def address_query() -> str:
    """Of the language that is spoken now."""
    language = translation.get_language() or "en"
    return urlencode({"language": language, "v": _script_of(language)[1]})


@cache
def _script_of(language: str) -> tuple[bytes, str]:
    """The script and its version. Django keeps catalogues as long as a process lives, so this does too."""
    with translation.override(language):
        view = JavaScriptCatalog()
        view.setup(HttpRequest(), packages="chatweb")
        script = view.get(view.request, *view.args, **view.kwargs).content
    return script, sha256(script).hexdigest()[:12]
