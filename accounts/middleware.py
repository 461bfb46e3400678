"""Each person reads the site in their own language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from .models import User


class PersonalMiddleware:
    """After AuthenticationMiddleware. Without a choice of theirs: Accept-Language and the site's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with ExitStack() as personal:
            language, zone = request.user.language, zone_of(request.user)
            if translation.check_for_language(language):
                personal.enter_context(translation.override(language))
            if zone:
                personal.enter_context(timezone.override(zone))
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response


def zone_of(user: User) -> ZoneInfo | None:
    """The user's time zone, None for the site's. A zone may vanish with an update of the zone data."""
    try:
        return ZoneInfo(user.time_zone) if user.time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
