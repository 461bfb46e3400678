"""A WebSocket client that costs little: frames in, text out (RFC 6455; offers compression, takes none)."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Refused(Exception):
    """The server did not accept the handshake; the message is its status line."""


class FrameReader:
    """Bytes of unmasked server frames in, (opcode, payload) out. Pure; joins fragments."""

    def __init__(self) -> None:
        self.unread = bytearray()
        self.fragments = bytearray()
        self.fragment_opcode = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        self.unread += data
        found = []
        while (frame := self._take()) is not None:
            is_last, opcode, payload = frame
            if opcode >= CLOSE or (is_last and opcode):
                found.append((opcode, payload))
                continue
            self.fragment_opcode = opcode or self.fragment_opcode
            self.fragments += payload
            if is_last:
                found.append((self.fragment_opcode, bytes(self.fragments)))
                self.fragments.clear()
        return found

    def _take(self) -> tuple[bool, int, bytes] | None:
        unread = self.unread
        if len(unread) < 2:
            return None
        length, head_bytes = unread[1] & 0x7F, 2
        if length >= 126:
            head_bytes = 4 if length == 126 else 10
            if len(unread) < head_bytes:
                return None
            length = int.from_bytes(unread[2:head_bytes])
        if len(unread) < head_bytes + length:
            return None
        first = unread[0]
        payload = bytes(unread[head_bytes : head_bytes + length])
        del unread[: head_bytes + length]
        return bool(first & 0x80), first & 0x0F, payload


def client_frame(opcode: int, payload: bytes) -> bytes:
    """A whole masked frame of at most 65 535 bytes."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + length.to_bytes(2)
    return bytes([0x80 | opcode]) + size + mask + masked


class WebSocket(asyncio.Protocol):
    """`on_text(str)` for every message, `on_close(code)` once it ends (1006: without a word)."""

    def __init__(self, head: bytes, on_text: Callable[[str], None], on_close: Callable[[int], None]) -> None:
        self.head = head
        self.on_text = on_text
        self.on_close = on_close
        self.reader = FrameReader()
        self.answer = b""
        self.accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting any more when the end of a run closes what was just opening.
        self.accepted.add_done_callback(lambda accepted: accepted.cancelled() or accepted.exception())
        self.code = 1006
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.head)

    def data_received(self, data: bytes) -> None:
        if not self.accepted.done():
            self.answer += data
            head, blank, data = self.answer.partition(b"\r\n\r\n")
            if not blank:
                return
            self._judge(head.decode("latin-1"))
        for opcode, payload in self.reader.feed(data):
            if opcode == TEXT:
                self.on_text(payload.decode())
            elif opcode == PING:
                self.transport.write(client_frame(PONG, payload))
            elif opcode == CLOSE:
                self.code = int.from_bytes(payload[:2]) if payload else 1005
                self.transport.close()

    def _judge(self, head: str) -> None:
        status, *lines = head.split("\r\n")
        if " 101 " not in status + " ":
            self.accepted.set_exception(Refused(status))
            self.transport.close()
        elif any(line.lower().startswith("sec-websocket-extensions") for line in lines):
            self.accepted.set_exception(Refused("the server compresses; see docs/performance.md"))
            self.transport.close()
        else:
            self.accepted.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.accepted.done():
            self.accepted.set_exception(Refused("closed before an answer"))
        else:
            self.on_close(self.code)

    def send(self, text: str) -> None:
        self.transport.write(client_frame(TEXT, text.encode()))

    def drop(self) -> None:
        """Be gone without a word, like a phone in a tunnel."""
        self.on_close = lambda code: None
        self.transport.abort()


def handshake(host: str, path: str, headers: dict[str, str]) -> bytes:
    """The request a browser would send; it offers compression as browsers do."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    } | headers
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{text}\r\n".encode()


async def connect(
    port: int,
    path: str,
    headers: dict[str, str],
    on_text: Callable[[str], None],
    on_close: Callable[[int], None],
) -> WebSocket:
    """Raises Refused, OSError or TimeoutError (30 s)."""
    head = handshake(f"127.0.0.1:{port}", path, headers)
    async with asyncio.timeout(30):
        _, socket = await asyncio.get_running_loop().create_connection(
            lambda: WebSocket(head, on_text, on_close), "127.0.0.1", port
        )
        await socket.accepted
    return socket
