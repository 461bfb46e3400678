"""A browser tab at the relay: one GET, server-sent events until the answer is over."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import quote

from bench.tokens import Meter

DELTA = "conversation.message.delta"


class ChunkReader:
    """Bytes of a chunked body in, its data out. Pure."""

    def __init__(self) -> None:
        self.unread = b""
        self.is_over = False

    def feed(self, data: bytes) -> bytes:
        unread = self.unread + data
        found, at = [], 0
        while not self.is_over:
            line_end = unread.find(b"\r\n", at)
            if line_end < 0:
                break
            size = int(unread[at:line_end], 16)
            end = line_end + 2 + size
            if len(unread) < end + 2:
                break
            found.append(unread[line_end + 2 : end])
            at = end + 2
            self.is_over = size == 0
        self.unread = unread[at:]
        return b"".join(found)


class Listener(asyncio.Protocol):
    """Asks by connecting; the same little interface as a Tab."""

    def __init__(self, question: str, meter: Meter) -> None:
        self.meter = meter
        self.request = f"GET /stream?question={quote(question)} HTTP/1.1\r\nHost: relay\r\n\r\n".encode()
        self.head = b""
        self.is_streaming = False
        self.chunks = ChunkReader()
        self.unread = b""
        self.pieces: list[str] = []
        self.first_text = asyncio.Event()
        self.over = asyncio.Event()
        self.transport: asyncio.Transport

    async def open(self, port: int) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)

    def leave(self) -> None:
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def connection_lost(self, error: Exception | None) -> None:
        self.over.set()

    def data_received(self, data: bytes) -> None:
        if not self.is_streaming:
            self.head, blank, data = (self.head + data).partition(b"\r\n\r\n")
            if not blank:
                return
            self.is_streaming = True
        *events, self.unread = (self.unread + self.chunks.feed(data)).split(b"\n\n")
        for event in events:
            self.on_event(event.decode())
        if self.chunks.is_over:
            self.over.set()

    def on_event(self, event: str) -> None:
        name, _, data = event.strip().partition("\n")
        if name.removeprefix("event:") == DELTA:
            text = json.loads(data.removeprefix("data:"))["content"]
            self.pieces.append(text)
            self.meter.see(text)
            self.first_text.set()

    @property
    def text(self) -> str:
        return "".join(self.pieces)
