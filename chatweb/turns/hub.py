"""Who follows what in this process. Belongs to the event loop; threads go through `post`.

The in-process half of delivery: no channel layer, no queue of its own (design, section 4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from chatweb.turns.feed import Feed


class Follower(Protocol):
    """A tab, as the hub sees it."""

    user_pk: int
    session_key: str
    auth_hash: str

    def push(self, frame: str, conversation_id: str | None = None) -> None: ...

    def sign_out(self) -> None: ...


class Hub:
    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.feeds: dict[str, Feed] = {}  # by conversation id: one live turn each
        self.followers: dict[str, set[Follower]] = {}
        self.tabs: dict[int, set[Follower]] = {}  # by the user's pk
        self.told: dict[str, int] = {}  # by conversation id: how many turn frames its followers were told

    def post(self, call: Callable[..., Any], *args: Any) -> bool:
        """From any thread: run `call` on the loop. False when this process serves nobody (a command)."""
        loop = self.loop
        if loop is None or loop.is_closed():
            return False
        loop.call_soon_threadsafe(call, *args)
        return True

    def has_tabs(self, user_pk: int) -> bool:
        """Read from any thread, to spare building frames nobody would see."""
        return bool(self.tabs.get(user_pk))

    # --- on the loop -------------------------------------------------------------------------------

    def publish(self, conversation_id: str, frame: str) -> None:
        """A delta: the live feed has it too."""
        for tab in self.followers.get(conversation_id, ()):
            tab.push(frame, conversation_id)

    def tell(self, conversation_id: str, frame: str) -> None:
        """A turn changed: whoever reads it from the database meanwhile must read again (`told`)."""
        if conversation_id in self.told:
            self.told[conversation_id] += 1
        self.publish(conversation_id, frame)

    def tell_user(self, user_pk: int, frame: str) -> None:
        for tab in self.tabs.get(user_pk, ()):
            tab.push(frame)

    def follow(self, conversation_id: str, tab: Follower) -> None:
        self.followers.setdefault(conversation_id, set()).add(tab)
        self.told.setdefault(conversation_id, 0)

    def unfollow(self, conversation_id: str, tab: Follower) -> None:
        tabs = self.followers.get(conversation_id)
        if tabs is not None:
            tabs.discard(tab)
            if not tabs:
                del self.followers[conversation_id], self.told[conversation_id]

    def arrive(self, tab: Follower) -> None:
        self.tabs.setdefault(tab.user_pk, set()).add(tab)

    def leave(self, tab: Follower) -> None:
        tabs = self.tabs.get(tab.user_pk)
        if tabs is not None:
            tabs.discard(tab)
            if not tabs:
                del self.tabs[tab.user_pk]

    def end_session(self, session_key: str) -> None:
        """A sign-out closes the session's sockets at once."""
        for tabs in list(self.tabs.values()):
            for tab in [tab for tab in tabs if tab.session_key == session_key]:
                tab.sign_out()

    def end_user(self, user_pk: int) -> None:
        """An account that is no more closes its sockets on every device."""
        for tab in list(self.tabs.get(user_pk, ())):
            tab.sign_out()


hub = Hub()
