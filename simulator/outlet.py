"""The bytes of one stream on their way to one client. What the client does never touches the chat."""

from __future__ import annotations

import asyncio

from simulator.connection import cut_connection
from simulator.routing import Receive, Send

SPLIT_BYTES = 5  # small enough to fall inside most characters of CJK text


class Outlet:
    """`write` never waits. Closed by its writer (`close`, `cut`) or by the client going away."""

    def __init__(self, cut_after: int | None = None, is_split: bool = False) -> None:
        self.bytes_sent = 0
        self.is_open = True
        self._pending: list[bytes] = []
        self._news = asyncio.Event()
        self._is_muted = False
        self._is_cut = False
        self._cut_after = cut_after
        self._is_split = is_split

    @property
    def is_heard(self) -> bool:
        """Whether it is worth making bytes at all."""
        return self.is_open and not self._is_muted

    def write(self, data: bytes) -> None:
        if self.is_heard:
            self._pending.append(data)
            self._news.set()

    def mute(self) -> None:
        """From now on nothing arrives, though the connection stays."""
        self._is_muted = True

    def close(self) -> None:
        """The body ends as it should; after `mute` it never ends."""
        if not self._is_muted:
            self.is_open = False
            self._news.set()

    def cut(self) -> None:
        """The connection dies in the middle of the body."""
        self._is_cut = True
        self.is_open = False
        self._news.set()

    def _take(self) -> bytes:
        data = b"".join(self._pending)
        self._pending.clear()
        self._news.clear()
        if self._cut_after is not None and self.bytes_sent + len(data) >= self._cut_after:
            data = data[: self._cut_after - self.bytes_sent]
            self.cut()
        self.bytes_sent += len(data)
        return data

    async def serve(self, receive: Receive, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        """Hand on what is written until the outlet closes or the client is gone."""
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        watcher = asyncio.create_task(self._watch(receive))
        try:
            if self._cut_after == 0:
                self.cut()
            is_more = True
            while is_more:
                await self._news.wait()
                data = self._take()
                is_more = self.is_open
                await self._hand_on(send, data)
            if self._is_cut:
                await cut_connection(send)
            else:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.is_open = False
            watcher.cancel()

    async def _hand_on(self, send: Send, data: bytes) -> None:
        size = SPLIT_BYTES if self._is_split else max(len(data), 1)
        for at in range(0, len(data), size):
            await send({"type": "http.response.body", "body": data[at : at + size], "more_body": True})
            if self._is_split:
                await asyncio.sleep(0)

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.is_open = False
        self._pending.clear()
        self._news.set()


def nowhere() -> Outlet:
    """For a chat that nobody listens to."""
    outlet = Outlet()
    outlet.is_open = False
    return outlet
