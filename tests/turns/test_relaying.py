"""Live text between two processes on a real Redis: nothing missing, nothing twice, also after a loss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chatweb.turns.feed import Feed
from chatweb.turns.hub import Hub
from chatweb.turns.line import Line, Message
from chatweb.turns.mirror import Mirror
from chatweb.turns.relaying import Relay, Relaying, of_conversation
from chatweb.upstreams.events import Delta
from tests.redis_server import Redis, running_redis

SECONDS, POLL_SECONDS = 30, 0.02
TALK, TURN = str(uuid4()), str(uuid4())
HEAD = {"id": TURN, "conversation": TALK, "version": 3, "state": "running", "epoch": 1}


class Follower:
    user_pk = 7
    session_key = auth_hash = ""

    def __init__(self) -> None:
        self.frames: list[str] = []

    def push(self, frame: str, conversation_id: str | None = None) -> None:
        self.frames.append(frame)

    def unfollow(self, conversation_id: str) -> None: ...

    def sign_out(self) -> None: ...

    def close(self, code: int) -> None: ...

    async def refresh(self) -> None: ...


class Process:
    """As much of one as live text needs."""

    def __init__(self, redis: Redis, owner: str) -> None:
        self.hub = Hub()
        self.line = Line(redis.url, "site.", self._hear, self._joined, lambda: None)
        self.lost: list[tuple[str, int]] = []
        self.relaying = Relaying(
            self.hub, owner, self.line, self._spawn, lambda *turn: self.lost.append(turn)
        )
        self.line.join(f"process.{owner}")

    def _hear(self, message: Message) -> None:
        if message["kind"] == "relay":
            self.relaying.asked(message["id"], message["have"])
        else:
            self.relaying.heard(message)

    def _joined(self, channel: str) -> None:
        self.relaying.joined(channel.partition(".")[2])

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        raise AssertionError("nothing here asks the database")


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not is_so():
            await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def serving(redis: Redis, owner: str) -> AsyncIterator[Process]:
    process = Process(redis, owner)
    task = asyncio.create_task(process.line.keep_open())
    try:
        await until(lambda: process.line.is_up)
        yield process
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with running_redis(tmp_path) as redis:
        yield redis


def grow(process: Process, text: str) -> str:
    """One delta, as a runner tells it; its frame."""
    feed = process.hub.feeds[TALK]
    assert isinstance(feed, Feed)
    frame = feed.frame(feed.take([Delta(message_id="1", type="answer", text=text)]))
    process.hub.publish(TALK, frame)
    return frame


def shows(process: Process) -> str:
    live = process.hub.live(TALK)
    return "".join(message["text"] for message in live.snapshot()["messages"]) if live else ""


async def test_a_tab_elsewhere_gets_the_whole_and_then_every_frame_as_it_is(redis: Redis):
    async with serving(redis, "A") as owner, serving(redis, "B") as other:
        owner.hub.feeds[TALK] = Feed(dict(HEAD))
        grow(owner, "one ")
        assert owner.hub.followers == {}
        tab = Follower()
        other.hub.follow(TALK, tab)
        other.relaying.begun(TALK, TURN, "A", 1)
        await until(lambda: shows(other) == "one ")
        [whole] = tab.frames
        told = [grow(owner, f"{number} ") for number in range(50)]
        await until(lambda: shows(other) == shows(owner))
        assert tab.frames == [whole, *told]
        assert isinstance(other.hub.live(TALK), Mirror)
        other.relaying.ended(TALK)
        assert other.hub.live(TALK) is None


async def test_what_was_missed_is_made_up_for(redis: Redis):
    async with serving(redis, "A") as owner, serving(redis, "B") as other:
        owner.hub.feeds[TALK] = Feed(dict(HEAD))
        tab = Follower()
        other.hub.follow(TALK, tab)
        other.relaying.begun(TALK, TURN, "A", 1)
        await until(lambda: other.hub.live(TALK) is not None)
        other.line.part(of_conversation(TALK))
        grow(owner, "nobody hears this, ")
        [relay] = owner.hub.followers[TALK]
        assert isinstance(relay, Relay)
        await until(lambda: relay.published_seq == 1)
        await until(lambda: not other.line.hears(of_conversation(TALK)))
        await owner.line.said()
        assert shows(other) == ""
        other.line.join(of_conversation(TALK))
        await until(lambda: other.line.hears(of_conversation(TALK)))
        grow(owner, "and this shows it.")
        await until(lambda: shows(other) == "nobody hears this, and this shows it.")


async def test_who_was_taken_over_says_nothing_that_counts_and_follows_the_new_owner(redis: Redis):
    async with serving(redis, "A") as old, serving(redis, "B") as new:
        old.hub.feeds[TALK] = Feed(dict(HEAD))
        grow(old, "what it had")
        new.hub.feeds[TALK] = Feed({**HEAD, "epoch": 2})
        grow(new, "the truth")
        tab = Follower()
        old.hub.follow(TALK, tab)
        old.relaying.begun(TALK, TURN, "B", 2)
        assert old.lost == [(TURN, 1)]
        await until(lambda: shows(old) == "the truth")
        old.relaying.begun(TALK, TURN, "C", 1)  # an older word that comes late
        assert shows(old) == "the truth"
