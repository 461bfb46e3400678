"""What crosses from process to process, where several serve (`REDIS_URL`); nothing does where one is all.

Messages are small facts ("conversation X of person U changed since version V"): the processes that hold tabs
of U build what these show from the database, and nobody else does anything. A message may be lost with Redis:
then the tabs concerned read again what they show, which is also how a tab begins.

From threads: the functions. On the loop: `Crossing`, one a process, which the supervisor starts.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from chatweb import frames, rows
from chatweb.database import AWAY, in_thread
from chatweb.models import Conversation
from chatweb.models.encrypted import decrypt, encrypt
from chatweb.turns.announce import AGAIN_SECONDS, Change, build, deliver
from chatweb.turns.hub import Hub, hub, of_process, of_user
from chatweb.turns.line import EVERYONE, Line, Message
from chatweb.turns.pulse import CHUNK, each, pulse
from chatweb.turns.relaying import Relaying

logger = logging.getLogger(__name__)

Spawn = Callable[[Coroutine[Any, Any, Any]], object]


# --- from threads: everywhere, this process included -------------------------------------------------


def tell_user(user_pk: int, frame: str) -> None:
    """Every tab of a person."""
    hub.post(hub.tell_user, user_pk, frame)
    hub.cross(of_user(user_pk), kind="frame", user=user_pk, frame=frame)


def end_session(session_key: str) -> None:
    """A sign-out closes the session's sockets at once. The key itself lets in, so it does not travel."""
    hub.post(hub.end_session, session_key)
    hub.cross(EVERYONE, kind="session_ended", digest=digest(session_key))


def renew_session(old_key: str, new_key: str, auth_hash: str) -> None:
    hub.post(hub.renew_session, old_key, new_key, auth_hash)
    if hub.crossing is not None:
        sealed = encrypt(json.dumps([new_key, auth_hash]))
        hub.cross(EVERYONE, kind="session_renewed", digest=digest(old_key), sealed=sealed)


def end_user(user_pk: int) -> None:
    hub.post(hub.end_user, user_pk)
    hub.cross(of_user(user_pk), kind="user_ended", user=user_pk)


def take_away(user_pk: int, conversation_ids: Collection[str]) -> None:
    """Conversations that are somebody else's now: tabs let go of them and look at their lists again."""
    _take_away_here(user_pk, conversation_ids)
    hub.cross(of_user(user_pk), kind="taken_away", user=user_pk, ids=list(conversation_ids))


def look_at_list(user_pk: int) -> None:
    """A person's list changed as a whole."""
    hub.post(hub.tell_user, user_pk, frames.ping(rows.list_version(user_pk)))
    hub.cross(of_user(user_pk), kind="list", user=user_pk)


def _take_away_here(user_pk: int, conversation_ids: Collection[str]) -> None:
    version = rows.list_version(user_pk)
    gone = {one: frames.conversation_gone(one, version) for one in conversation_ids}
    hub.post(hub.take_away, user_pk, gone)
    hub.post(hub.tell_user, user_pk, frames.ping(version))


def digest(session_key: str) -> str:
    return sha256(session_key.encode()).hexdigest()


def site_prefix() -> str:
    """Several sites may share a Redis, whose channels know no database numbers."""
    return f"chatweb.{salted_hmac('chatweb.crossing', 'site').hexdigest()[:16]}."


# --- on the loop -----------------------------------------------------------------------------------


class Crossing:
    """This process among the others. `stop_turn`, `lose` and `wake` are the supervisor's."""

    def __init__(
        self,
        hub: Hub,
        owner: str,
        spawn: Spawn,
        stop_turn: Callable[[str, dict[str, Any]], None],
        lose: Callable[[str, int], None],
        wake: Callable[[], None],
    ) -> None:
        self.hub = hub
        self.owner = owner
        self.line = Line(settings.REDIS_URL, site_prefix(), self.hear, self._joined, self._back)
        self.relaying = Relaying(hub, owner, self.line, spawn, lose)
        self._spawn = spawn
        self._stop_turn = stop_turn
        self._wake = wake
        self._changes: dict[int, Change] = {}  # by the conversation's pk: what is to be built
        self._stale: set[int] = set()  # pks of users whose tabs may have missed something
        self._is_building = self._is_refreshing = False
        self.line.join(of_process(owner))

    @property
    def is_up(self) -> bool:
        return self.line.is_up

    def say(self, to: str, message: Message) -> None:
        if message.get("is_end"):
            self.relaying.publish(message["id"])  # the last words go before
        self.line.say(to, {**message, "from": self.owner})

    async def said(self) -> None:
        """Until everything is said, as far as the line is open."""
        await self.line.said()

    def seek(self, conversation_id: str) -> None:
        self.relaying.seek(conversation_id)

    def came(self, user_pk: int) -> None:
        """The first tab of a person."""
        self.line.join(of_user(user_pk))

    def went(self, user_pk: int) -> None:
        self.line.part(of_user(user_pk))

    # --- what others say ---------------------------------------------------------------------------

    def hear(self, message: Message) -> None:
        if message["from"] == self.owner:
            return
        hub = self.hub
        match message:
            case {"kind": "frames"}:
                self.relaying.heard(message)
            case {"kind": "relay"}:
                self.relaying.asked(message["id"], message["have"])
            case {"kind": "begun"}:
                self.relaying.begun(message["id"], message["turn"], message["from"], message["epoch"])
            case {"kind": "changed", "user": user_pk}:
                if message["is_end"]:
                    self.relaying.ended(message["id"])
                if hub.has_tabs(user_pk):
                    self._change(Change.from_message(message))
            case {"kind": "gone" | "list", "user": user_pk}:
                self._spawn(self._told_of_list(user_pk, message.get("id")))
            case {"kind": "frame", "user": user_pk, "frame": frame}:
                hub.tell_user(user_pk, frame)
            case {"kind": "taken_away", "user": user_pk, "ids": ids}:
                self._spawn(in_thread(_take_away_here, user_pk, ids))
            case {"kind": "user_ended", "user": user_pk}:
                hub.end_user(user_pk)
            case {"kind": "session_ended" | "session_renewed"}:
                self._session(message)
            case {"kind": "stop", "turn": turn_id, "shown": shown}:
                self._stop_turn(turn_id, shown)
            case {"kind": "wake"}:
                self._wake()
            case {"kind": "missed"}:
                self._back()
            case _:
                logger.debug("another process said something newer: %s", message.get("kind"))

    def _session(self, message: Message) -> None:
        keys = {tab.session_key for tabs in self.hub.tabs.values() for tab in tabs}
        for key in [key for key in keys if digest(key) == message["digest"]]:
            if message["kind"] == "session_ended":
                self.hub.end_session(key)
            else:
                self.hub.renew_session(key, *json.loads(decrypt(message["sealed"])))

    async def _told_of_list(self, user_pk: int, gone: str | None) -> None:
        if self.hub.has_tabs(user_pk):
            version = await in_thread(rows.list_version, user_pk)
            frame = frames.conversation_gone(gone, version) if gone else frames.ping(version)
            self.hub.tell_user(user_pk, frame)

    # --- building what tabs show -------------------------------------------------------------------

    def _change(self, change: Change) -> None:
        """One at a time, and several changes of a conversation at once."""
        known = self._changes.get(change.conversation_pk)
        self._changes[change.conversation_pk] = change.after(known) if known else change
        if not self._is_building:
            self._is_building = True
            self._spawn(self._build())

    async def _build(self) -> None:
        try:
            while self._changes:
                change = self._changes.pop(next(iter(self._changes)))
                try:
                    told = await in_thread(build, change.conversation_pk, change.user_pk, change.since)
                except Conversation.DoesNotExist:
                    continue  # gone meanwhile, which is said as well
                except AWAY as error:
                    await self._wait_for_database(error)
                    newer = self._changes.get(change.conversation_pk)
                    self._changes[change.conversation_pk] = newer.after(change) if newer else change
                    continue
                deliver(self.hub, change.conversation_id, change.user_pk, told)
                for notice in change.notices:
                    self.hub.tell_user(change.user_pk, frames.notice(change.conversation_id, *notice))
        finally:
            self._is_building = False

    # --- after a silence ---------------------------------------------------------------------------

    def _joined(self, channel: str) -> None:
        """A person's first tab is here: what was said before the line heard it. Or the first one that follows
        a turn of another process."""
        kind, _, key = channel.partition(".")
        if kind == "user":
            self._refresh({int(key)})
        elif kind == "conversation":
            self.relaying.joined(key)

    def _back(self) -> None:
        self.relaying.ask_again()
        self._refresh(self.hub.tabs)
        self._wake()

    def _refresh(self, user_pks: Iterable[int]) -> None:
        self._stale.update(user_pks)
        if not self._is_refreshing:
            self._is_refreshing = True
            self._spawn(self._refresh_stale())

    async def _refresh_stale(self) -> None:
        """Tabs see whether their list is old, and read again what they follow."""
        try:
            while self._stale:
                users, self._stale = self._stale, set()
                tabs = [tab for user_pk in users for tab in self.hub.tabs.get(user_pk, ())]
                try:
                    for start in range(0, len(tabs), CHUNK):
                        await pulse(tabs[start : start + CHUNK])
                    await each(tabs)
                except AWAY as error:
                    await self._wait_for_database(error)
                    self._stale |= users
        finally:
            self._is_refreshing = False

    async def _wait_for_database(self, error: Exception) -> None:
        """What was missed is said nowhere again, so it is read as soon as that is possible."""
        logger.warning("tabs wait for what the database cannot say now: %s", error)
        await asyncio.sleep(AGAIN_SECONDS)
