"""Who follows what in this process. Belongs to the event loop; threads go through `post`.

The in-process half of delivery: no channel layer, no queue of its own (design, section 4). What other
processes must know goes through `cross`; deltas never do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from chatweb.turns.feed import Feed
from chatweb.turns.mirror import Mirror


class Follower(Protocol):
    """A tab, as the hub sees it."""

    user_pk: int
    session_key: str
    auth_hash: str

    def push(self, frame: str, conversation_id: str | None = None) -> None: ...

    def unfollow(self, conversation_id: str) -> None: ...

    def sign_out(self) -> None: ...

    def close(self, code: int) -> None: ...

    async def refresh(self) -> None: ...


class Others(Protocol):
    """The other processes, as the hub sees them (turns/crossing.py)."""

    @property
    def is_up(self) -> bool: ...

    def say(self, to: str, message: dict[str, Any]) -> None: ...

    async def said(self) -> None: ...

    def came(self, user_pk: int) -> None: ...

    def went(self, user_pk: int) -> None: ...

    def seek(self, conversation_id: str) -> None: ...


def of_user(user_pk: int) -> str:
    """Who holds tabs of this person hears what is said to this."""
    return f"user.{user_pk}"


def of_process(owner: str) -> str:
    return f"process.{owner}"


class Hub:
    def __init__(self) -> None:
        self.crossing: Others | None = None  # where several processes serve
        self.loop: asyncio.AbstractEventLoop | None = None
        self.feeds: dict[str, Feed] = {}  # by conversation id: one live turn each
        self.mirrors: dict[str, Mirror] = {}  # the same of turns that other processes run
        self.followers: dict[str, set[Follower]] = {}
        self.tabs: dict[int, set[Follower]] = {}  # by the user's pk
        self.closes_with: int | None = None  # set when this process leaves: no tab begins here any more
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

    def count(self, user_pk: int, session_key: str) -> int:
        """How many tabs of one browser are open."""
        return sum(tab.session_key == session_key for tab in self.tabs.get(user_pk, ()))

    def cross(self, to: str, **message: Any) -> None:
        """From any thread: say it to the other processes that listen there. Nothing where one serves."""
        if self.crossing is not None:
            self.post(self.crossing.say, to, message)

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

    def live(self, conversation_id: str) -> Feed | Mirror | None:
        """The live turn's text. A process that was frozen may hold on to one that another has taken over."""
        feed, mirror = self.feeds.get(conversation_id), self.mirrors.get(conversation_id)
        return mirror if feed is None or (mirror is not None and mirror.epoch > feed.epoch) else feed

    def seek(self, conversation_id: str) -> None:
        """A tab follows a turn that is run: its text may be another process's."""
        if self.crossing is not None and self.live(conversation_id) is None:
            self.crossing.seek(conversation_id)

    def follow(self, conversation_id: str, tab: Follower) -> None:
        self.followers.setdefault(conversation_id, set()).add(tab)
        self.told.setdefault(conversation_id, 0)

    def unfollow(self, conversation_id: str, tab: Follower) -> None:
        tabs = self.followers.get(conversation_id)
        if tabs is not None:
            tabs.discard(tab)
            if not tabs:
                del self.followers[conversation_id], self.told[conversation_id]

    def take_away(self, user_pk: int, gone: dict[str, str]) -> None:
        """Conversations that are somebody else's now: no tab of the user's follows them."""
        for conversation_id in gone.keys() & self.followers.keys():
            for tab in [tab for tab in self.followers[conversation_id] if tab.user_pk == user_pk]:
                tab.unfollow(conversation_id)
                tab.push(gone[conversation_id])

    def arrive(self, tab: Follower) -> None:
        if tab.user_pk not in self.tabs and self.crossing is not None:
            self.crossing.came(tab.user_pk)
        self.tabs.setdefault(tab.user_pk, set()).add(tab)

    def leave(self, tab: Follower) -> None:
        tabs = self.tabs.get(tab.user_pk)
        if tabs is not None:
            tabs.discard(tab)
            if not tabs:
                del self.tabs[tab.user_pk]
                if self.crossing is not None:
                    self.crossing.went(tab.user_pk)

    def close_all(self, code: int) -> None:
        """This process leaves: tabs come back at another one."""
        self.closes_with = code
        for tabs in list(self.tabs.values()):
            for tab in tabs:
                tab.close(code)

    def end_session(self, session_key: str) -> None:
        """A sign-out closes the session's sockets at once."""
        for tabs in list(self.tabs.values()):
            for tab in [tab for tab in tabs if tab.session_key == session_key]:
                tab.sign_out()

    def renew_session(self, old_key: str, new_key: str, auth_hash: str) -> None:
        """A session goes on under another key: its tabs must not look signed out to the next pulse."""
        for tabs in self.tabs.values():
            for tab in tabs:
                if tab.session_key == old_key:
                    tab.session_key, tab.auth_hash = new_key, auth_hash

    def end_user(self, user_pk: int) -> None:
        """An account that is no more closes its sockets on every device."""
        for tab in list(self.tabs.get(user_pk, ())):
            tab.sign_out()


hub = Hub()
