"""Is the process alive, and is it ready: database, delivery and upstream told apart (M-117)."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from chatweb.models import Connection
from chatweb.turns.commands import is_supervised, reach


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when questions can be asked; an upstream that is down is said, but is no reason for 503:
    taking the site away would also take away what people have already."""
    parts: dict[str, object] = {"database": has_database(), "layer": is_supervised()}
    if parts["database"]:
        enabled = Connection.objects.filter(is_enabled=True)
        parts["upstream"] = {row.name: reach(row) for row in enabled}
    is_ready = bool(parts["database"] and parts["layer"])
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


def has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
