"""An admin sees the site as somebody else, to look and never to touch (M-089).

It is a note in the admin's session: they stay signed in as themselves. `ViewingMiddleware` makes the person
`request.user`, which finds what they would find, and keeps the admin as `request.viewer`. Everything that is
not a page of OPEN is closed, and so is every method that could change anything: a new address is closed until
somebody puts it there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.models import User
from chatweb.auditing import record
from chatweb.turns.crossing import end_session
from chatweb.views.answers import error, refused_page, wants_json

SESSION_KEY = "viewing"  # {"person": uuid, "until": seconds since the epoch}
SECONDS = 30 * 60
PERMISSION = "accounts.view_as_user"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
END = "end_viewing"
# Names of urls.py. Nothing here writes, takes an archive away, or shows a secret such as a recovery code.
OPEN = frozenset(
    {
        "start", "conversation", "older_turns", "conversations", "asked", "tasks", "search", "places",
        "file", "file_picture", "picture", "diagram", "javascript-catalog", "brand_css", "brand_logo",
        "brand_logo_dark", "healthz", "readyz",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Viewing:
    person: User
    until: datetime


def may_view(admin: User, person: User) -> bool:
    """Somebody else who may sign in, and a superuser only for a superuser."""
    is_within = admin.is_superuser or not person.is_superuser
    is_there = person.is_active and person.is_approved
    return admin.is_active and admin.has_perm(PERMISSION) and person != admin and is_within and is_there


def viewing_of(session: SessionBase, admin: User) -> Viewing | None:
    """Whom the session's admin sees the site as; None when nobody, no longer, or no more theirs to see."""
    noted = session.get(SESSION_KEY)
    if not noted or noted["until"] <= time.time():
        return None
    person = User.objects.filter(uuid=noted["person"]).first()
    if person is None or not may_view(admin, person):
        return None
    return Viewing(person, datetime.fromtimestamp(noted["until"], UTC))


def begin(request: HttpRequest, admin: User, person: User, reason: str) -> None:
    """Recorded with its reason; tabs that are open are closed, because they are the admin's own."""
    until = time.time() + SECONDS
    with transaction.atomic():
        told = {"until": datetime.fromtimestamp(until, UTC).isoformat(timespec="seconds")}
        record(admin, "person.viewed_as", person, subject=person, after=told, reason=reason, request=request)
        request.session[SESSION_KEY] = {"person": str(person.uuid), "until": until}
    _close_tabs(request)


def end(request: HttpRequest, admin: User, why: str) -> User | None:
    """Back to one's own; who it was. `why`: "ended", or "over" when time, a right or the person was gone."""
    noted = request.session.pop(SESSION_KEY, None)
    if noted is None:
        return None
    person = User.objects.filter(uuid=noted["person"]).first()
    record(admin, "person.view_ended", person, subject=person, after={"how": why}, request=request)
    _close_tabs(request)
    return person


def _close_tabs(request: HttpRequest) -> None:
    end_session(request.session.session_key or "")


class ViewingMiddleware:
    """After those who ask who is signed in, before everything that finds things for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        admin = request.user
        if admin.is_authenticated:
            self._look(request, admin)
        return self.get_response(request)

    def _look(self, request: Any, admin: User) -> None:
        if SESSION_KEY not in request.session:
            return
        viewing = viewing_of(request.session, admin)
        if viewing is None:
            end(request, admin, "over")
            return
        request.viewer, request.viewing, request.user = admin, viewing, viewing.person

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if getattr(request, "viewing", None) is None or name == END:
            return None
        if request.method in READING and name in OPEN:
            return None
        reason = "not_while_viewing" if request.method in READING else "only_looking"
        return error(reason) if wants_json(request) else refused_page(request, reason)
