"""Each person reads the site in their own language and time zone, and sees where they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .models import User
from .second_factor import must_set_up
from .sessions import forget_use, note_use
from .signals import session_renewed

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


class LastUseMiddleware:
    """After PersonalMiddleware. Notes the use of a session, and that it got another key (a new password)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, key = request.user, request.session.session_key
        if user.is_authenticated:
            note_use(request, user)
        response = self.get_response(request)
        new_key = request.session.session_key
        if user.is_authenticated and request.user == user and new_key and new_key != key:
            forget_use(new_key)
            note_use(request, request.user)
            auth_hash = request.user.get_session_auth_hash()
            session_renewed.send(sender=User, old_key=key, new_key=new_key, auth_hash=auth_hash)
        return response


class SecondFactorMiddleware:
    """After LastUseMiddleware. Whoever needs a second factor and has none gets to its pages and out, only.

    A page leads there; anything else, commands and files included, is 403 in the shape of every refusal.
    The WebSocket asks for itself (chatweb/consumers.py).
    """

    OPEN = ("account_logout", "account_reauthenticate", "javascript-catalog", "brand_css", "brand_logo")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or self.is_open(request) or not must_set_up(request):
            return self.get_response(request)
        if request.method == "GET" and request.accepts("text/html"):
            return redirect("mfa_index")
        sentence = _("Set up a second factor first, in the settings.")
        error = {"reason": "second_factor", "sentence": sentence, "advice": ""}
        return JsonResponse({"error": error}, status=403)

    def is_open(self, request: HttpRequest) -> bool:
        path = request.path
        return path.startswith(reverse("mfa_index")) or path in {reverse(name) for name in self.OPEN}
