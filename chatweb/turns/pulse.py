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

Versions = dict[int, str]  # of a person's list, by their pk

PULSE_SECONDS = 25.0
READERS = 8  # tabs that read again at the same time
CHUNK = 500  # SQLite takes at most 999 parameters in older builds


async def pulse_forever(hub: Hub) -> None:
    known: Versions = {}
    while True:
        await asyncio.sleep(PULSE_SECONDS)
        tabs = [tab for tabs in hub.tabs.values() for tab in tabs]
        before = {pk: version for pk, version in known.items() if pk in hub.tabs}
        known = dict(before)
        for start in range(0, len(tabs), CHUNK):
            chunk = tabs[start : start + CHUNK]
            try:
                versions = await pulse(chunk)
                known |= versions
                if hub.crossing is not None:
                    await each(moved_since(before, versions, chunk))
            except Exception:
                # Top of a task that must not end.
                logger.exception("a pulse failed; the next comes in %s s", PULSE_SECONDS)


def moved_since(before: Versions, now: Versions, tabs: list[Follower]) -> list[Follower]:
    """Tabs of people whose conversations changed between two pulses: another process may have died in the
    moment between a commit and saying so, and nobody would ever tell them."""
    moved = {pk for pk in before.keys() & now.keys() if before[pk] != now[pk]}
    return [tab for tab in tabs if tab.user_pk in moved]


async def each(tabs: list[Follower]) -> None:
    """Let them read again, a few at a time. Raises what went wrong with one once the others are through."""
    left = iter(tabs)

    async def some() -> None:
        for tab in left:
            await tab.refresh()

    endings = await asyncio.gather(*(some() for _ in range(READERS)), return_exceptions=True)
    for ending in filter(None, endings):
        raise ending


async def pulse(tabs: list[Follower]) -> Versions:
    """Ping the tabs whose login is good, sign out the others. The list versions of those who are good."""
    versions, good = await in_thread(
        look_up, {tab.user_pk for tab in tabs}, {(tab.session_key, tab.auth_hash) for tab in tabs}
    )
    for tab in tabs:
        if (tab.session_key, tab.auth_hash) in good and tab.user_pk in versions:
            tab.push(frames.ping(versions[tab.user_pk]))
        else:
            tab.sign_out()
    return versions


def look_up(user_pks: set[int], sessions: set[tuple[str, str]]) -> tuple[Versions, set[tuple[str, str]]]:
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
