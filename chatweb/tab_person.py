"""Whose tab a socket is: the signed-in person's, or of somebody an admin sees the site as."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from accounts.models import User
from accounts.second_factor import must_set_up
from chatweb import viewing
from chatweb.database import in_thread
from chatweb.turns.hub import Follower

LOOK_AGAIN_SECONDS = 5.0


def session_key_of(headers: dict[bytes, bytes]) -> str:
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return cookies.get(settings.SESSION_COOKIE_NAME, "")


def person_of(session_key: str) -> tuple[User | None, bool]:
    """Whose session it is, and whether they are looked at by an admin, whose session it really is.

    None when it is nobody's, its password has changed since, or a required second factor is lacking.
    """
    if not session_key:
        return None, False
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = request.user = get_user(request)
    if not isinstance(user, User) or not user.is_active or must_set_up(request):
        return None, False
    if viewing.SESSION_KEY not in request.session:
        return user, False
    seen = viewing.viewing_of(request.session, user)
    return (seen.person if seen else None), True


async def close_when_over(tab: Any, session_key: str) -> None:
    """For the tab of an admin who looks: it ends with the looking, however that ends."""
    follower: Follower = tab
    while True:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        person, is_viewed = await in_thread(person_of, session_key)
        if person is None or not is_viewed or person.pk != follower.user_pk:
            follower.sign_out()
            return
