"""Every 25 s, in a few queries for all tabs of the process: is the login good, what is the list's version."""

from __future__ import annotations

import asyncio
import logging

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.second_factor import lacking_anywhere
from chatweb import frames, rows
from chatweb.database import in_thread
from chatweb.turns.hub import Follower, Hub

logger = logging.getLogger(__name__)

PULSE_SECONDS = 25.0
CHUNK = 500  # SQLite takes at most 999 parameters in older builds


async def pulse_forever(hub: Hub) -> None:
    while True:
        await asyncio.sleep(PULSE_SECONDS)
        tabs = [tab for tabs in hub.tabs.values() for tab in tabs]
        for start in range(0, len(tabs), CHUNK):
            try:
                await pulse(tabs[start : start + CHUNK])
            except Exception:
                # Top of a task that must not end.
                logger.exception("a pulse failed; the next comes in %s s", PULSE_SECONDS)


async def pulse(tabs: list[Follower]) -> None:
    """Ping the tabs whose login is good, sign out the others."""
    versions, good = await in_thread(
        look_up, {tab.user_pk for tab in tabs}, {(tab.session_key, tab.auth_hash) for tab in tabs}
    )
    for tab in tabs:
        if (tab.session_key, tab.auth_hash) in good and tab.user_pk in versions:
            tab.push(frames.ping(versions[tab.user_pk]))
        else:
            tab.sign_out()


def look_up(
    user_pks: set[int], sessions: set[tuple[str, str]]
) -> tuple[dict[int, str], set[tuple[str, str]]]:
    """List versions of users who may be here, and which (session key, auth hash) still hold."""
    active = {user.pk: user for user in User.objects.filter(pk__in=user_pks, is_active=True)}
    for lacking in lacking_anywhere(active.values()):
        del active[lacking]
    hashes = {user.get_session_auth_hash() for user in active.values()}
    keys = [key for key, auth_hash in sessions if auth_hash in hashes]
    living = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    return rows.list_versions(active), {pair for pair in sessions if pair[0] in living and pair[1] in hashes}
