"""Sending a long file piece by piece: each is made in a thread, when the socket took the one before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from chatweb.database import in_thread

Piece = str | bytes


def download(pieces: Iterator[Piece], name: str, content_type: str) -> StreamingHttpResponse:
    """An attachment under a name in any script, in the language and zone of the request."""
    response = StreamingHttpResponse(sent(pieces), content_type=content_type)
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    # Opened in place all the same, it may run nothing and ask for nothing.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    # The middleware would make a gzip member of every piece, and many clients read only the first.
    response["Content-Encoding"] = "identity"
    return response


async def sent(pieces: Iterator[Piece]) -> AsyncIterator[Piece]:
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    def step() -> Piece | None:
        # The middleware's choice of both ended with the view.
        with translation.override(language), timezone.override(zone):
            return next(pieces, None)

    while (piece := await in_thread(step)) is not None:
        yield piece
