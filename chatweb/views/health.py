"""Is the process alive, is it ready, and what did it count (M-117). Machines ask, also a process directly."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.cache import never_cache

from chatweb.models import Connection
from chatweb.rate_limits import limited_by_address
from chatweb.telemetry import scrape
from chatweb.turns.commands import is_leaving, is_supervised, reach, reaches_others

# A proxy adds one of these: then the peer's address says nothing of who asks.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via")


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when questions can be asked; an upstream that is down is said, but is no reason for 503:
    taking the site away would also take away what people have already. The same goes for the layer between
    the processes: they share it, and without it each still asks, stops and tells its own tabs."""
    parts: dict[str, object] = {"database": has_database(), "layer": reaches_others()}
    if parts["database"]:
        enabled = Connection.objects.filter(is_enabled=True)
        parts["upstream"] = {row.name: reach(row) for row in enabled}
    is_ready = bool(parts["database"] and is_supervised() and not is_leaving())
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """404 for whoever may not: what runs here is nobody's business."""
    if not (has_token(request) or is_near(request)):
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    return HttpResponse(scrape.exposition(), content_type=scrape.CONTENT_TYPE)


def has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def has_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted: str = settings.METRICS_TOKEN
    return bool(wanted) and kind.lower() == "bearer" and compare_digest(token.encode(), wanted.encode())


def is_near(request: HttpRequest) -> bool:
    """From a network that may ask, without a proxy in between."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        peer = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(peer in network for network in settings.METRICS_NETWORKS)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": limited_by_address("probe", readyz),
    "/metrics": limited_by_address("probe", metrics),
}


class ProbeMiddleware:
    """Outermost: a load balancer asks a process by its address and without TLS, which is neither in
    ALLOWED_HOSTS nor to be redirected. These answers depend on no host and hold nothing of anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info) if request.method in ("GET", "HEAD") else None
        return probe(request) if probe is not None else self.get_response(request)
