"""A short cut through the HTTP engine for whole deltas, on the one path where it counts.

A read usually wakes the reader's task, which costs a turn of the event loop: 30 µs of about 120 a delta
under uvicorn (docs/performance.md). While that task waits and nothing is buffered, a chunk may be handed
over at the moment it arrives instead. All else goes the engine's own way, and so does everything if its
insides change.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import aiohttp
import httpx

# Takes a chunk if it can: True means that the reader never sees it.
Lane = Callable[[bytes], bool]

_lanes: dict[aiohttp.StreamReader, Lane] = {}


class ShortCutReader(aiohttp.StreamReader):
    """The engine's reader with a look at each chunk first. Without slots of its own, so that the class of a
    reader that exists already can be changed to it."""

    __slots__ = ()

    def feed_data(self, data: bytes, size: int = 0) -> bool:
        lane = _lanes.get(self)
        if lane is not None and self._waiter is not None and not self._buffer and lane(data):
            return False
        return super().feed_data(data, size)


def open_lane(content: aiohttp.StreamReader, lane: Lane) -> None:
    """Offer every chunk to `lane` from now on, as long as the reader's task waits for one."""
    if type(content) is aiohttp.StreamReader:
        content.__class__ = ShortCutReader
        _lanes[content] = lane


def close_lane(content: aiohttp.StreamReader) -> None:
    _lanes.pop(content, None)


def content_of(response: httpx.Response) -> aiohttp.StreamReader | None:
    """The engine's reader behind a streamed response; None if httpx-aiohttp keeps it elsewhere one day."""
    stream = getattr(response.stream, "_stream", None)
    content = getattr(getattr(stream, "_aiohttp_response", None), "content", None)
    return content if isinstance(content, aiohttp.StreamReader) else None


async def chunks_from(content: aiohttp.StreamReader) -> AsyncGenerator[bytes]:
    """Whatever is there, as it comes; httpx's own way there costs 16 µs a chunk."""
    while chunk := await content.readany():
        yield chunk
