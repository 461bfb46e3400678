"""One WebSocket a tab. It only follows: commands come by HTTP (docs/protocol.md).

A plain ASGI application rather than a channels consumer: a consumer adds a task, a layer channel and an
inbox to every idle tab, and nothing here needs them.
"""

from __future__ import annotations

import asyncio
import logging
import time
import types
from collections import deque
from collections.abc import Awaitable, Coroutine, Generator
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from accounts.models import User
from chatweb import frames, rows
from chatweb.database import in_thread
from chatweb.database.prepared import Prepared
from chatweb.direct_frames import direct_write_of
from chatweb.message_limit import limit_messages
from chatweb.models import Conversation
from chatweb.socket_limits import CLOSE_FLOOD, FrameRate, address_of, refused_handshakes
from chatweb.tab_frames import parse
from chatweb.tab_person import close_when_over, person_of, session_key_of
from chatweb.turns.hub import hub
from chatweb.turns.states import LIVE, OWNED

logger = logging.getLogger(__name__)

MAX_NONSENSE = 3
MAX_FOLLOWED = 8
WINDOW_UNITS = 262_144  # sent and not acknowledged: beyond it a tab is behind
CLOSE_NONSENSE, CLOSE_SIGNED_OUT = 4400, 4401
GONE = (OSError, RuntimeError)  # what servers raise for a socket that is closed already

# The sidebar's row, the turns, whether they replace all the tab has, whether there are older ones.
Found = tuple[frames.Json, list[frames.Json], bool, bool]


class Tab:
    """State of one socket. `push` is called on the loop from the path of a delta: it must stay trivial."""

    __slots__ = (
        "_behind",
        "_closing",
        "_direct",
        "_outbox",
        "_rate",
        "_received",
        "_send",
        "_sent",
        "_wake",
        "auth_hash",
        "followed",
        "nonsense",
        "session_key",
        "user_pk",
    )

    def __init__(self, send: Any, user: User, session_key: str) -> None:
        self._send = send
        self._direct = direct_write_of(send)
        self.user_pk: int = user.pk
        self.session_key = session_key
        self.auth_hash = user.get_session_auth_hash()
        self.followed: dict[str, int] = {}  # conversation id -> version the tab has at least
        self.nonsense = 0
        self._rate = FrameRate()
        self._outbox: deque[str | Awaitable[None]] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._sent = self._received = 0
        self._behind: set[str] = set()
        self._closing: int | None = None

    # --- out ---------------------------------------------------------------------------------------

    def push(self, frame: str, conversation_id: str | None = None) -> None:
        """Queue a frame. A tab that does not keep up gets none of a conversation until it has caught up."""
        if conversation_id is not None and self._sent - self._received > WINDOW_UNITS:
            self._behind.add(conversation_id)
        if conversation_id in self._behind:
            return
        self._sent += len(frame)
        rest: str | Awaitable[None] | None = frame
        if not self._outbox and self._wake is not None and not self._wake.done():
            rest = self._send_now(frame)
        if rest is not None:
            self._outbox.append(rest)
            self._rouse()

    def _send_now(self, frame: str) -> Awaitable[None] | None:
        """Nothing is under way: hand the frame to the socket here, which spares `pour` a turn of the loop.

        None when that was all; the rest of the sending when it has to wait for a slow socket.
        """
        if self._direct is not None and self._direct(frame):
            return None
        sending = self._send({"type": "websocket.send", "text": frame})
        try:
            waits_for = sending.send(None)
        except (StopIteration, *GONE):  # sent, or gone: then `receive` says so as well
            return None
        return resumed(sending, waits_for)

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def pour(self) -> None:
        """Send what is queued, for as long as the socket lives; ends by closing it."""
        loop = asyncio.get_running_loop()
        while True:
            while self._outbox:
                # Taken out only when it is sent: until then `push` must not overtake it.
                first = self._outbox[0]
                try:
                    if isinstance(first, str):
                        await self._send({"type": "websocket.send", "text": first})
                    else:
                        await first
                except GONE:
                    return
                self._outbox.popleft()
            if self._closing is not None:
                await self._send({"type": "websocket.close", "code": self._closing})
                return
            self._wake = loop.create_future()
            await self._wake

    def close(self, code: int) -> None:
        self._closing = code
        self._rouse()

    def sign_out(self) -> None:
        for conversation_id in list(self.followed):
            self.unfollow(conversation_id)
        self.push(frames.signed_out())
        self.close(CLOSE_SIGNED_OUT)

    # --- in ----------------------------------------------------------------------------------------

    async def take(self, text: str) -> None:
        """One frame from the tab."""
        if self._closing is not None or self._rate.is_flood(time.monotonic()):
            self.close(self._closing or CLOSE_FLOOD)
            return
        frame = parse(text)
        if isinstance(frame, str):
            self._complain(frame)
        elif frame["type"] == "follow":
            await self.follow(frame["conversation"], frame["version"], frame["position"])
        elif frame["type"] == "unfollow":
            self.unfollow(frame["conversation"])
        else:
            await self._acknowledged(frame["chars"])

    def _complain(self, reason: str) -> None:
        self.nonsense += 1
        self.push(frames.error(reason))
        if self.nonsense >= MAX_NONSENSE:
            self.close(CLOSE_NONSENSE)

    async def _acknowledged(self, chars: int) -> None:
        self._received = max(self._received, min(chars, self._sent))
        if self._behind and self._sent - self._received < WINDOW_UNITS // 2:
            behind, self._behind = self._behind, set()
            for conversation_id in behind & self.followed.keys():
                await self.follow(conversation_id, self.followed[conversation_id], None)

    async def follow(self, conversation_id: str, version: int, position: Any) -> None:
        """Authorise, subscribe, and say everything newer than what the tab has."""
        if conversation_id not in self.followed:
            if not await in_thread(may_follow, self.user_pk, conversation_id):
                self.push(frames.refused(conversation_id))
                return
            if len(self.followed) >= MAX_FOLLOWED:
                self.unfollow(next(iter(self.followed)))
            self.followed[conversation_id] = version
            hub.follow(conversation_id, self)
        # Until it has caught up, a delta would look like a gap; what is told meanwhile is read again.
        self._behind.add(conversation_id)
        found = await self._read(conversation_id, version)
        self._behind.discard(conversation_id)
        if found is None or self._closing is not None:
            self.unfollow(conversation_id)
            return
        row, turns, is_reset, has_older = found
        if conversation_id in self.followed:
            self.followed[conversation_id] = row["version"]
            turns = with_live_text(turns, conversation_id, None if is_reset else position)
            self.push(frames.caught_up(row, turns, is_reset=is_reset, has_older=has_older))
            if any(turn["state"] in OWNED for turn in turns):
                hub.seek(conversation_id)

    async def refresh(self) -> None:
        """Something may have been missed: say everything newer again."""
        for conversation_id, version in list(self.followed.items()):
            await self.follow(conversation_id, version, None)

    async def _read(self, conversation_id: str, version: int) -> Found | None:
        """The rows, as nothing has changed them since: a turn that ends while they are read is read again."""
        while True:
            told = hub.told.get(conversation_id)
            found = await in_thread(newer_than, self.user_pk, conversation_id, version)
            if hub.told.get(conversation_id) == told:
                return found

    def unfollow(self, conversation_id: str) -> None:
        self.followed.pop(conversation_id, None)
        self._behind.discard(conversation_id)
        hub.unfollow(conversation_id, self)


@types.coroutine
def resumed(sending: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that was driven by hand until it had to wait."""
    while True:
        try:
            value = yield waits_for
        except BaseException as error:  # noqa: BLE001 - handed on, whatever it is
            go_on = partial(sending.throw, error)
        else:
            go_on = partial(sending.send, value)
        try:
            waits_for = go_on()
        except StopIteration:
            return


MINE = Prepared(
    lambda user_pk, uuid: (
        Conversation.objects.visible_to(User(pk=user_pk))
        .filter(uuid=uuid, user__is_active=True)
        .select_related(None)
        .select_related("user")
    )
)


def may_follow(user_pk: int, conversation_id: str) -> bool:
    return bool(MINE(user_pk, UUID(conversation_id)))


def newer_than(user_pk: int, conversation_id: str, version: int) -> Found | None:
    """The user's conversation and its turns newer than `version`; None for a stranger's."""
    conversation = next(iter(MINE(user_pk, UUID(conversation_id))), None)
    if conversation is None:
        return None
    changed = conversation.turns.filter(version__gt=version).count() if version else None
    if changed is not None and changed <= rows.PAGE_OF_TURNS:
        turns, is_reset, has_older = rows.turns_of(conversation, version__gt=version), False, False
        live = rows.turns_of(conversation, state__in=LIVE)
        turns += [turn for turn in live if turn["id"] not in {known["id"] for known in turns}]
    else:
        turns, has_older = rows.newest_turns(conversation)
        is_reset = True
    row = rows.conversation_row(conversation.pk, conversation.user)
    # From before the turns were read: another process may have ended one meanwhile, and whoever has a version
    # is never told again what came up to it.
    row["version"] = conversation.version
    return row, turns, is_reset, has_older


def with_live_text(turns: list[frames.Json], conversation_id: str, position: Any) -> list[frames.Json]:
    """The live turn as its feed has it now; left out if the tab is exactly there already."""
    feed = hub.live(conversation_id)
    if feed is None or feed.head["state"] not in OWNED:
        return turns  # what ended or waits is committed, and the rows know more: its actions, its error
    row = next((turn for turn in turns if turn["id"] == feed.turn_id), None)
    if row is not None and row["state"] not in OWNED and row["epoch"] >= feed.epoch:
        return turns  # a mirror of a turn whose end was said while nobody heard it
    here = {"turn": feed.turn_id, "epoch": feed.epoch, "seq": feed.seq}
    others = [turn for turn in turns if turn["id"] != feed.turn_id]
    return others if position == here else [*others, feed.snapshot()]


# --- the socket ------------------------------------------------------------------------------------


async def tab_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application at /ws/."""
    await receive()  # websocket.connect
    headers = dict(scope["headers"])
    if not is_own_origin(headers):
        await send({"type": "websocket.close", "code": 4403})
        return
    session_key = session_key_of(headers)
    address = address_of(scope, headers, settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    is_flood = bool(session_key) and refused_handshakes.are_too_many(address)
    user, is_viewed = (None, False) if is_flood else await in_thread(person_of, session_key)
    if is_flood or (user and hub.count(user.pk, session_key) >= settings.SOCKETS_A_SESSION):
        await send({"type": "websocket.close", "code": CLOSE_FLOOD})
        return
    await send({"type": "websocket.accept"})
    limit_messages(send)
    if user is None:
        refused_handshakes.note(address)
        await send({"type": "websocket.send", "text": frames.signed_out()})
        await send({"type": "websocket.close", "code": CLOSE_SIGNED_OUT})
        return
    if hub.closes_with is not None:
        await send({"type": "websocket.close", "code": hub.closes_with})
        return
    tab = Tab(send, user, session_key)
    list_version = await in_thread(rows.list_version, tab.user_pk)
    hub.arrive(tab)
    tab.push(frames.welcome(list_version))
    pouring = asyncio.create_task(tab.pour())
    watching = asyncio.create_task(close_when_over(tab, session_key)) if is_viewed else None
    # An idle tab needs none of this, and there may be thousands.
    scope.clear()
    del headers, user, list_version, address
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            await tab.take(text if text is not None else "\0")
    finally:
        pouring.cancel()
        if watching is not None:
            watching.cancel()
        hub.leave(tab)
        for conversation_id in list(tab.followed):
            tab.unfollow(conversation_id)


def is_own_origin(headers: dict[bytes, bytes]) -> bool:
    """A browser says which page opened the socket: only our own may. ALLOWED_HOSTS=* widens nothing."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    return bool(origin) and (urlsplit(origin).netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS)
