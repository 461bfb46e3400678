"""The line between processes on a real Redis that comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import pytest

from chatweb.turns.line import EVERYONE, MOST_UNSENT, Line, Message
from tests.redis_server import Redis, running_redis

SECONDS, POLL_SECONDS = 30, 0.02


class End:
    """A process's end of the line, and what happened at it."""

    def __init__(self, redis: Redis, prefix: str = "site.") -> None:
        self.heard: list[Message] = []
        self.joined: list[str] = []
        self.backs = 0
        self.line = Line(redis.url, prefix, self.heard.append, self.joined.append, self._back)

    def _back(self) -> None:
        self.backs += 1

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not is_so():
                await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def opened(end: End) -> AsyncIterator[End]:
    task = asyncio.create_task(end.line.keep_open())
    try:
        await end.until(lambda: end.backs > 0)
        yield end
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def open_end(redis: Redis, prefix: str = "site.") -> AbstractAsyncContextManager[End]:
    return opened(End(redis, prefix))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with running_redis(tmp_path) as redis:
        yield redis


async def test_who_has_joined_hears_what_is_said_and_nobody_else(redis: Redis):
    async with open_end(redis) as one, open_end(redis) as other, open_end(redis, "another site.") as strange:
        other.line.join("user.7")
        await other.until(lambda: other.joined == ["user.7"])
        one.line.say("user.7", {"n": 1})
        one.line.say(EVERYONE, {"n": 2})
        await other.until(lambda: len(other.heard) == 2)
        assert other.heard == [{"n": 1}, {"n": 2}]
        await one.until(lambda: one.heard == [{"n": 2}])
        other.line.part("user.7")
        one.line.say("user.7", {"n": 3})
        one.line.say(EVERYONE, {"n": 4})
        await other.until(lambda: {"n": 4} in other.heard)
        assert strange.heard == []


async def test_what_is_said_before_the_line_is_open_waits_in_its_order(redis: Redis):
    late = End(redis)
    late.line.say(EVERYONE, {"n": 1})
    late.line.say(EVERYONE, {"n": 2}, may_wait=False)
    late.line.say(EVERYONE, {"n": 3})
    async with open_end(redis) as other, opened(late):
        await other.until(lambda: len(other.heard) == 2)
        assert other.heard == [{"n": 1}, {"n": 3}]


async def test_more_than_there_is_room_for_is_told_as_a_loss(redis: Redis):
    late = End(redis)
    for number in range(MOST_UNSENT + 1):
        late.line.say(EVERYONE, {"n": number})
    async with open_end(redis) as other, opened(late):
        await other.until(lambda: {"kind": "missed"} in other.heard)
        assert {"n": 0} not in other.heard
        assert {"n": MOST_UNSENT} in other.heard


async def test_who_was_deaf_knows_it_and_hears_again(redis: Redis):
    async with open_end(redis) as one, open_end(redis) as other:
        other.line.join("user.7")
        await other.until(lambda: other.joined == ["user.7"])
        await asyncio.to_thread(redis.restart)
        await one.until(lambda: one.backs == 2)
        await other.until(lambda: other.backs == 2)
        one.line.say("user.7", {"n": 1})
        await other.until(lambda: {"n": 1} in other.heard)


async def test_a_redis_that_hangs_is_a_line_that_broke(redis: Redis):
    async with open_end(redis) as one:
        redis.freeze()
        one.line.say(EVERYONE, {"n": 1})
        await one.until(lambda: not one.line.is_up)
        redis.thaw()
        await one.until(lambda: one.backs == 2)
        await one.until(lambda: {"n": 1} in one.heard)
