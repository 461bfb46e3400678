"""One process's line to the others: Redis publish and subscribe, on the event loop.

What is said while Redis is away waits, as far as there is room; who comes back after a silence is told so
(`back`) and asks the database what it missed. So a lost message costs time and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SILENCE_SECONDS = 2.0  # then a sign of life is asked for, and after as long again the line is broken
AGAIN_SECONDS = 0.5
MOST_UNSENT = 5000  # messages; beyond it the oldest are dropped, and everybody is told to look
MOST_AT_ONCE = 200
EVERYONE = "everyone"

Message = dict[str, Any]


class Broken(Exception):
    """Redis said nothing for too long."""


class Line:
    """`hear(message)` for everything others say; `joined(channel)` once a channel can be heard on an open
    line; `back()` when a line that was broken, or is new, hears all its channels."""

    def __init__(
        self,
        url: str,
        prefix: str,
        hear: Callable[[Message], None],
        joined: Callable[[str], None],
        back: Callable[[], None],
    ) -> None:
        self.is_up = False
        self._url = url
        self._prefix = prefix
        self._hear, self._joined, self._back = hear, joined, back
        self._wanted: set[str] = {EVERYONE}
        self._asked: set[str] = set()  # told to Redis
        self._heard: set[str] = set()  # confirmed by Redis
        self._unsent: deque[tuple[str, str]] = deque()
        self._is_overflown = self._is_told = False
        self._work = asyncio.Event()
        self._is_silent = asyncio.Event()  # everything is said

    # --- what the process wants --------------------------------------------------------------------

    def join(self, channel: str) -> None:
        self._wanted.add(channel)
        self._work.set()

    def part(self, channel: str) -> None:
        self._wanted.discard(channel)
        self._work.set()

    def hears(self, channel: str) -> bool:
        return self.is_up and channel in self._heard

    def say(self, channel: str, message: Message, *, may_wait: bool = True) -> None:
        """To everybody who has joined the channel, this process too. What may not wait is dropped while the
        line is broken."""
        if not self.is_up and not may_wait:
            return
        if len(self._unsent) >= MOST_UNSENT:
            self._unsent.popleft()
            self._is_overflown = True
        self._is_silent.clear()
        self._unsent.append((channel, json.dumps(message, ensure_ascii=False, separators=(",", ":"))))
        self._work.set()

    async def said(self) -> None:
        """Until nothing is left to be said; not longer than a line may be silent."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENCE_SECONDS):
                while self.is_up and not self._is_silent.is_set():
                    await self._is_silent.wait()

    # --- the line ----------------------------------------------------------------------------------

    async def keep_open(self) -> None:
        """For ever: connect, join, hear and say; again when the line breaks."""
        redis = Redis.from_url(
            self._url,
            decode_responses=True,
            socket_connect_timeout=SILENCE_SECONDS,
            socket_timeout=SILENCE_SECONDS,
            # Nothing is repeated behind our back: a line that broke has lost messages.
            retry=Retry(NoBackoff(), 0),
        )
        try:
            while True:
                await self._try(redis)
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self.is_up = False
            await redis.aclose()

    async def _try(self, redis: Redis) -> None:
        pubsub = redis.pubsub()
        try:
            self._asked, self._heard = set(self._wanted), set()
            await pubsub.subscribe(*map(self._full, self._asked))
            async with asyncio.TaskGroup() as both:
                both.create_task(self._talk(redis, pubsub))
                both.create_task(self._listen(pubsub))
        except* (RedisError, OSError, Broken) as errors:
            if self.is_up or not self._is_told:
                self._is_told = True
                logger.warning("no line to the other processes: %r", errors.exceptions[0])
        finally:
            self.is_up = False
            await pubsub.aclose()

    async def _talk(self, redis: Redis, pubsub: Any) -> None:
        self._work.set()
        while not is_cancelled():
            await self._work.wait()
            self._work.clear()
            if gone := self._asked - self._wanted:
                await pubsub.unsubscribe(*map(self._full, gone))
                self._asked -= gone
                self._heard -= gone
            if new := self._wanted - self._asked:
                self._asked |= new
                await pubsub.subscribe(*map(self._full, new))
            if self.is_up:
                await self._send(redis)

    async def _send(self, redis: Redis) -> None:
        while self._unsent:
            batch = [self._unsent.popleft() for _ in range(min(MOST_AT_ONCE, len(self._unsent)))]
            try:
                async with redis.pipeline(transaction=False) as pipeline:
                    for channel, text in batch:
                        pipeline.publish(self._full(channel), text)
                    await pipeline.execute()
            except BaseException:
                # What broke off is said again, and heard twice by some, which does no harm.
                self._unsent.extendleft(reversed(batch))
                raise
        self._is_silent.set()

    async def _listen(self, pubsub: Any) -> None:
        is_asked = False
        while not is_cancelled():
            heard = await pubsub.get_message(timeout=SILENCE_SECONDS)
            if heard is None:
                if is_asked or not self.is_up:
                    raise Broken("no sign of life")
                is_asked = True
                await pubsub.ping()
                continue
            is_asked = False
            if heard["type"] == "message":
                self._take(heard["data"])
            elif heard["type"] == "subscribe":
                self._confirmed(heard["channel"].removeprefix(self._prefix))

    def _take(self, text: str) -> None:
        try:
            self._hear(json.loads(text))
        except Exception:
            # One message that cannot be understood must not break the line for all others.
            logger.exception("a message of another process could not be taken")

    def _confirmed(self, channel: str) -> None:
        self._heard.add(channel)
        if self.is_up:
            self._joined(channel)
        elif self._heard >= self._wanted:
            self.is_up = True
            logger.info("the line to the other processes is open")
            if self._is_overflown:
                self._is_overflown = False
                self.say(EVERYONE, {"kind": "missed"})
            self._work.set()
            self._back()

    def _full(self, channel: str) -> str:
        return self._prefix + channel


def is_cancelled() -> bool:
    """Whether somebody has cancelled this task. redis-py may take the cancellation for one of its own."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
