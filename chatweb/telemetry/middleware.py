"""What every request gets: an id, a line in the log, a place in the figures and in the trace."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from chatweb.telemetry import figures, tracing
from chatweb.telemetry.logs import route_of
from chatweb.telemetry.subject import RequestSubject, Span, subject

logger = logging.getLogger(__name__)

# What a proxy may have given it already; whatever else a header holds is not worth a line.
REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
TRACE_PARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
READS = {"GET", "HEAD", "OPTIONS"}


class TelemetryMiddleware:
    """Behind the static files, before everything that may log. The answer tells the id as X-Request-ID."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        about = RequestSubject(request_id_of(request), remote_span(request) if tracing.is_on() else None)
        began_at, began = time.time(), time.monotonic()
        mark = subject.set(about)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = about.request_id
            note(request, response.status_code, about, began_at, time.monotonic() - began)
        finally:
            subject.reset(mark)
        return response


def request_id_of(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def remote_span(request: HttpRequest) -> Span | None:
    found = TRACE_PARENT.fullmatch(request.headers.get("traceparent", ""))
    if found is None or not int(found[1], 16) or not int(found[2], 16):
        return None
    return Span(int(found[1], 16), int(found[2], 16))


def note(request: HttpRequest, status: int, about: RequestSubject, began_at: float, seconds: float) -> None:
    """The route, not the path: paths hold signed tokens."""
    method = request.method if request.method in METHODS else "other"
    route = route_of(request)
    figures.http_requests.labels(method, str(status)).inc()
    figures.http_seconds.observe(seconds)
    level = logging.ERROR if status >= 500 else logging.DEBUG if method in READS else logging.INFO
    if logger.isEnabledFor(level):
        logger.log(level, "%s %s: %s in %d ms", method, route or "no route", status, seconds * 1000)
    if tracing.is_on():
        tracing.record(
            f"{method} {route}".strip(),
            kind=tracing.SERVER,
            span=about.span,
            parent=about.parent,
            link=about.remote if about.turn_id else None,
            began_at=began_at,
            ended_at=began_at + seconds,
            failure=f"HTTP {status}" if status >= 500 else "",
            attributes={
                "http.request.method": str(method),
                "http.route": route,
                "http.response.status_code": status,
                **tracing.named(about),
            },
        )
