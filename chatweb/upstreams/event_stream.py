"""The events of one streamed request while it runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping

import aiohttp

from .body import BodyReader
from .errors import Broken, UpstreamError
from .events import ChatFailed, Event
from .http import suppressed_while_closing, told_apart
from .short_cut import close_lane, open_lane


class EventStream:
    """`async for events in stream`: one list per network read, and a last one at the end of the body.

    Never raises for what the upstream does: a refusal comes as ChatFailed(is_error=True), a broken
    connection ends the stream and leaves the reason in `broken` ("" = the body came to its end).
    """

    headers: Mapping[str, str] = {}  # of the answer; empty where there was none

    def __init__(
        self,
        chunks: AsyncGenerator[bytes],
        body: BodyReader,
        http_status: int,
        log_id: str,
        content: aiohttp.StreamReader | None = None,
    ) -> None:
        self._content = content  # where a short cut can be made; None where there is none
        self.http_status = http_status
        self.log_id = log_id
        self.broken = ""
        self._chunks = chunks
        self._body = body
        self._reading: AsyncGenerator[list[Event]] | None = None

    def __aiter__(self) -> AsyncIterator[list[Event]]:
        self._reading = self._read()
        return self._reading

    def hand_over(self, take: Callable[[list[Event]], None]) -> None:
        """Give deltas that arrive whole, while the stream is waited for, to `take` at once. What it gets is
        not given out again; order is kept. Called from the engine: it must not wait."""
        if self._content is None:
            return
        body = self._body

        def lane(chunk: bytes) -> bool:
            if not body.is_one_delta(chunk):
                return False
            take(body.feed(chunk))
            return True

        open_lane(self._content, lane)

    async def close(self) -> None:
        """Let go of the body where it stands."""
        if self._content is not None:
            close_lane(self._content)
        with suppressed_while_closing():
            if self._reading is not None:
                await self._reading.aclose()
            await self._chunks.aclose()

    async def _read(self) -> AsyncGenerator[list[Event]]:
        feed = self._body.feed
        try:
            with told_apart():
                async for chunk in self._chunks:
                    events = feed(chunk)
                    if events:
                        yield events
        except UpstreamError as error:
            self.broken = error.message
        events = self._body.close()
        self.log_id = self.log_id or self._body.log_id
        if events:
            yield events


class SettledStream(EventStream):
    """A stream that ended before it began: refused for want of a token, or broken before an answer."""

    def __init__(self, error: UpstreamError) -> None:
        self.http_status = error.http_status
        self.log_id = error.log_id
        self.broken = error.message if isinstance(error, Broken) else ""
        self._error = error
        self._content = None
        self._chunks = one_chunk(b"")
        self._reading = None

    async def _read(self) -> AsyncGenerator[list[Event]]:
        if not self.broken:
            yield [ChatFailed(self._error.code, self._error.message, is_error=True)]


async def one_chunk(content: bytes) -> AsyncGenerator[bytes]:
    yield content


MakeBody = Callable[[int, str], BodyReader]  # (HTTP status, content type)
