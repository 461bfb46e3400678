"""Live text for tabs at other processes than the one that runs the turn. On the loop.

A process whose tab follows such a turn asks the owner, again every few seconds for as long as it wants it.
The owner then follows its own turn as a tab would, and publishes what came in the last 40 ms to everybody who
asked, frames as they are. Who asked keeps a mirror of the feed from them. Nobody asks: nobody pays.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Any

from chatweb import frames
from chatweb.database import in_thread
from chatweb.models import Turn
from chatweb.turns.feed import Feed
from chatweb.turns.hub import Hub, of_process
from chatweb.turns.line import Line, Message
from chatweb.turns.mirror import Mirror, Took
from chatweb.turns.states import OWNED

logger = logging.getLogger(__name__)

TOGETHER_SECONDS = 0.04  # what is published at once
ASK_SECONDS = 3.0  # between two wishes for the same text
KEEP_SECONDS = 10.0  # a wish that is not renewed is over
QUIET_SECONDS = 1.0  # nothing of this can be on its way any more

Spawn = Callable[[Coroutine[Any, Any, Any]], object]


def of_conversation(conversation_id: str) -> str:
    return f"conversation.{conversation_id}"


class Relay:
    """The owner's end: a follower like a tab, which publishes."""

    user_pk = 0  # nobody's
    session_key = auth_hash = ""

    def __init__(self, feed: Feed, line: Line, owner: str) -> None:
        self.feed = feed
        self.wanted_until = 0.0
        self.published_seq = feed.seq
        self.published_at = 0.0
        self._line = line
        self._owner = owner
        self._channel = of_conversation(feed.conversation_id)
        self._kept: list[str] = []

    def push(self, frame: str, conversation_id: str | None = None) -> None:
        """On the path of a delta."""
        if not self._kept:
            asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self.publish)
        self._kept.append(frame)

    def publish(self) -> None:
        kept, self._kept = self._kept, []
        if kept:
            self.published_seq = self.feed.seq
            self.published_at = asyncio.get_running_loop().time()
            message = {"kind": "frames", "id": self.feed.conversation_id, "frames": kept, "from": self._owner}
            self._line.say(self._channel, message, may_wait=False)

    def publish_whole(self) -> None:
        self.publish()
        self._kept.append(frames.turn(self.feed.snapshot()))
        self.publish()

    def is_missing(self, have: list[Any] | None) -> bool:
        """Whether who has this position (turn, epoch, seq) will not get there by what is on its way."""
        if have is None or have[:2] != [self.feed.turn_id, self.feed.epoch]:
            return True
        is_quiet = asyncio.get_running_loop().time() - self.published_at > QUIET_SECONDS
        return bool(have[2] < self.published_seq and is_quiet)

    def unfollow(self, conversation_id: str) -> None: ...

    def sign_out(self) -> None: ...

    def close(self, code: int) -> None: ...

    async def refresh(self) -> None: ...


@dataclass(slots=True)
class Wish:
    """The asker's end: whose text of which epoch, and what has come of it."""

    turn_id: str
    owner: str
    epoch: int
    mirror: Mirror | None = None
    needs_whole: bool = True  # and has asked for it

    @property
    def position(self) -> list[Any] | None:
        return [self.mirror.turn_id, self.mirror.epoch, self.mirror.seq] if self.mirror else None


class Relaying:
    """Both ends of this process. `lose(turn_id, epoch)`: another process took over a turn of ours."""

    def __init__(
        self, hub: Hub, owner: str, line: Line, spawn: Spawn, lose: Callable[[str, int], None]
    ) -> None:
        self.hub, self.owner, self.line = hub, owner, line
        self._spawn, self._lose = spawn, lose
        self._relays: dict[str, Relay] = {}
        self._wishes: dict[str, Wish] = {}

    # --- the owner ---------------------------------------------------------------------------------

    def asked(self, conversation_id: str, have: list[Any] | None) -> None:
        """Somebody's tab follows a turn of ours, from this position on."""
        feed = self.hub.feeds.get(conversation_id)
        if feed is None or feed.head["state"] not in OWNED:
            return  # they find out, by what is said of its end or by the database
        relay = self._relays.get(conversation_id)
        if relay is None or relay.feed is not feed:
            self._end(conversation_id)
            relay = self._relays[conversation_id] = Relay(feed, self.line, self.owner)
            self.hub.follow(conversation_id, relay)
            have = None
        relay.wanted_until = asyncio.get_running_loop().time() + KEEP_SECONDS
        if relay.is_missing(have):
            relay.publish_whole()

    def publish(self, conversation_id: str) -> None:
        """What is kept back, before something else is said of the conversation."""
        if (relay := self._relays.get(conversation_id)) is not None:
            relay.publish()

    def _end(self, conversation_id: str) -> None:
        if (relay := self._relays.pop(conversation_id, None)) is not None:
            self.hub.unfollow(conversation_id, relay)

    # --- who asks ----------------------------------------------------------------------------------

    def seek(self, conversation_id: str) -> None:
        """A tab follows a live turn that is not run here: whoever runs it is in its row."""
        if conversation_id not in self._wishes:
            self._spawn(self._look_up([conversation_id]))

    def begun(self, conversation_id: str, turn_id: str, owner: str, epoch: int) -> None:
        """Another process says that it runs a turn."""
        feed = self.hub.feeds.get(conversation_id)
        if feed is not None and feed.turn_id == turn_id and feed.epoch < epoch:
            self._lose(turn_id, feed.epoch)
        if conversation_id in self.hub.followers:
            self._want(conversation_id, turn_id, owner, epoch)

    def ended(self, conversation_id: str) -> None:
        """The turn is over, or waits: the rows know more than any mirror."""
        if self._wishes.pop(conversation_id, None) is not None:
            self.hub.mirrors.pop(conversation_id, None)
            self.line.part(of_conversation(conversation_id))

    def heard(self, message: Message) -> None:
        """Frames of an owner."""
        wish = self._wishes.get(message["id"])
        if wish is not None and wish.owner == message["from"]:
            for text in message["frames"]:
                self._take(message["id"], wish, text)

    def joined(self, conversation_id: str) -> None:
        """What is said of it can be heard now."""
        self._ask(conversation_id)

    def ask_again(self) -> None:
        """The line was deaf for a while: frames are missing, and somebody else may run the turns by now."""
        for wish in self._wishes.values():
            wish.needs_whole = True
        if self._wishes:
            self._spawn(self._look_up(list(self._wishes)))

    def _want(self, conversation_id: str, turn_id: str, owner: str, epoch: int) -> None:
        wish = self._wishes.get(conversation_id)
        if wish is not None and wish.turn_id == turn_id and wish.epoch >= epoch:
            return
        self.hub.mirrors.pop(conversation_id, None)
        self._wishes[conversation_id] = Wish(turn_id, owner, epoch)
        channel = of_conversation(conversation_id)
        self.line.join(channel)
        if self.line.hears(channel):
            self._ask(conversation_id)

    def _ask(self, conversation_id: str) -> None:
        if (wish := self._wishes.get(conversation_id)) is not None:
            have = None if wish.needs_whole else wish.position
            message = {"kind": "relay", "id": conversation_id, "have": have, "from": self.owner}
            self.line.say(of_process(wish.owner), message, may_wait=False)

    def _take(self, conversation_id: str, wish: Wish, text: str) -> None:
        frame = json.loads(text)
        if frame["type"] == "turn":
            self._take_whole(conversation_id, wish, frame["turn"], text)
        elif frame["type"] == "delta" and wish.mirror is not None:
            took = wish.mirror.take(frame)
            if took is Took.NEW:
                self.hub.publish(conversation_id, text)
            elif took is Took.GAP and not wish.needs_whole:
                wish.needs_whole = True
                self._ask(conversation_id)

    def _take_whole(self, conversation_id: str, wish: Wish, turn: frames.Json, text: str) -> None:
        if (turn["id"], turn["epoch"]) != (wish.turn_id, wish.epoch) or turn["state"] not in OWNED:
            return
        wish.needs_whole = False
        if wish.mirror is None or wish.mirror.is_older_than(turn):
            wish.mirror = self.hub.mirrors[conversation_id] = Mirror(turn)
            self.hub.tell(conversation_id, text)

    # --- now and then ------------------------------------------------------------------------------

    async def renew_forever(self) -> None:
        while True:
            await asyncio.sleep(ASK_SECONDS)
            now = asyncio.get_running_loop().time()
            for conversation_id, relay in list(self._relays.items()):
                is_live = self.hub.feeds.get(conversation_id) is relay.feed
                if not is_live or relay.wanted_until < now:
                    self._end(conversation_id)
            for conversation_id in self._wishes.keys() - self.hub.followers.keys():
                self.ended(conversation_id)
            try:
                if self._wishes:
                    await self._look_up(list(self._wishes))
            except Exception:
                # Top of a task that must not end.
                logger.exception("looking for the owners of turns failed; trying again")

    async def _look_up(self, conversation_ids: list[str]) -> None:
        """Ask whoever the rows say runs the turns; let go of what nobody runs any more."""
        found = await in_thread(owners_of, conversation_ids)
        for conversation_id in conversation_ids:
            turn_id, owner, epoch = found.get(conversation_id, ("", "", 0))
            wish = self._wishes.get(conversation_id)
            if owner in ("", self.owner):
                if wish is not None:
                    self.ended(conversation_id)
                    await self._refresh(conversation_id)
            elif wish is not None and (wish.turn_id, wish.epoch) == (turn_id, epoch):
                self._ask(conversation_id)
            elif conversation_id in self.hub.followers:
                self._want(conversation_id, turn_id, owner, epoch)

    async def _refresh(self, conversation_id: str) -> None:
        for tab in list(self.hub.followers.get(conversation_id, ())):
            await tab.refresh()


def owners_of(conversation_ids: Collection[str]) -> dict[str, tuple[str, str, int]]:
    """The turn that is run in each conversation: its id, owner and epoch."""
    live = Turn.objects.filter(conversation__uuid__in=list(conversation_ids), state__in=OWNED)
    rows = live.values_list("conversation__uuid", "uuid", "owner", "epoch")
    return {str(conversation): (str(turn), owner, epoch) for conversation, turn, owner, epoch in rows}
