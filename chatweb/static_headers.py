"""Files that never change need no headers but a few; a first visit fetches dozens of them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Of documents, or for asking again whether a file has changed.
NEEDLESS = (
    "Access-Control-Allow-Origin",
    "Cross-Origin-Opener-Policy",
    "ETag",
    "Last-Modified",
    "Referrer-Policy",
)


class StaticHeadersMiddleware:
    """Outermost, so that it sees what all others added."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "immutable" in response.get("Cache-Control", ""):
            for name in NEEDLESS:
                del response[name]
            # Its address names its version: it is the same for everybody.
            if response.has_header("Vary"):
                response["Vary"] = "Accept-Encoding"
        return response
