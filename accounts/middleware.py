"""Each person reads the site in their own language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from .models import User

COOKIE = "time_zone"  # of the browser, set by static/js/zone.js


class PersonalMiddleware:
    """After AuthenticationMiddleware. Without a choice of theirs: Accept-Language and the browser's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as personal:
            zone = zone_named(unquote(request.COOKIES.get(COOKIE, "")))
            if request.user.is_authenticated:
                language, zone = request.user.language, zone_of(request.user) or zone
                if translation.check_for_language(language):
                    personal.enter_context(translation.override(language))
            if zone:
                personal.enter_context(timezone.override(zone))
            response = self.get_response(request)
            if request.user.is_authenticated:
                response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response


def zone_of(user: User) -> ZoneInfo | None:
    """The zone a user chose; None for the browser's. One may vanish with an update of the zone data."""
    return zone_named(user.time_zone)


def zone_named(name: str) -> ZoneInfo | None:
    """None for no zone and for one that nobody knows; the name may come from anywhere."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
