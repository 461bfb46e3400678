"""What people are called in the console: a code, until an operator's look reveals the name."""

from __future__ import annotations

import time
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.models import User

REVEALED_SECONDS = 3600
SESSION_KEY = "revealed_people"  # {uuid: seconds since the epoch at which it is masked again}


def code_of(person: UUID) -> str:
    """The same everywhere, told by nobody's name."""
    return person.hex[:8]


def label_of(request: HttpRequest, person: User) -> str:
    """The name while it is revealed to this session, the code otherwise."""
    if is_revealed(request, person):
        return person.display_name
    return gettext("Person %(code)s") % {"code": code_of(person.uuid)}


def is_revealed(request: HttpRequest, person: User) -> bool:
    return request.session.get(SESSION_KEY, {}).get(str(person.uuid), 0) > time.time()


def reveal(request: HttpRequest, person: User) -> None:
    """Show the name to this session for an hour. The caller writes down that it was shown."""
    now = time.time()
    kept = {uuid: until for uuid, until in request.session.get(SESSION_KEY, {}).items() if until > now}
    request.session[SESSION_KEY] = {**kept, str(person.uuid): now + REVEALED_SECONDS}


def mask(request: HttpRequest, person: User) -> None:
    """The code again, at once."""
    kept = dict(request.session.get(SESSION_KEY, {}))
    kept.pop(str(person.uuid), None)
    request.session[SESSION_KEY] = kept
