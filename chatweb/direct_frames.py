"""A text frame goes into its socket as the bytes it is, past the sending of daphne and uvicorn.

Both build a frame object, check it again and hand it through several layers for every delta of every tab, up
to a third of what a delta costs (docs/performance.md). An open socket with nothing queued needs none of that.
Whatever else it is (closing, slow, compressed, another server) goes by the server's own `send`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

# Takes a frame's text; False when it has to go the server's own way, and then nothing of it was written.
Write = Callable[[str], bool]

TEXT = 0x81  # the last and only part of a text message (RFC 6455, 5.2)


def framed(text: str) -> bytes:
    """One unmasked text frame, as a server sends it."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((TEXT, length)) + payload
    if length < 0x10000:
        return bytes((TEXT, 126, length >> 8, length & 0xFF)) + payload
    return bytes((TEXT, 127)) + length.to_bytes(8, "big") + payload


def direct_write_of(send: Any) -> Write | None:
    """For the `send` of an accepted WebSocket; None under a server that is not known."""
    if isinstance(send, partial):
        return _of_daphne(send.args[0]) if send.args and "daphne.server" in sys.modules else None
    return _of_uvicorn(getattr(send, "__self__", None))


def _of_daphne(protocol: Any) -> Write | None:
    from autobahn.websocket.protocol import WebSocketProtocol
    from twisted.internet.tcp import Connection

    is_open, at_rest = WebSocketProtocol.STATE_OPEN, WebSocketProtocol.SEND_STATE_GROUND
    transport = getattr(protocol, "transport", None)
    if not isinstance(protocol, WebSocketProtocol) or not isinstance(transport, Connection):
        return None  # TLS has a transport of its own
    if protocol._perMessageCompress is not None:
        return None

    def write(text: str) -> bool:
        if protocol.state != is_open or protocol.send_state != at_rest or protocol.send_queue:
            return False
        # Behind what a slow socket has not taken yet nothing may overtake.
        if transport.dataBuffer or transport._tempDataBuffer or not transport.connected:
            return False
        data = framed(text)
        # Twisted would first ask the loop whether the socket takes data: two system calls and a turn of it.
        count = transport.writeSomeData(data)
        if count != len(data):
            # The rest waits in Twisted's buffer; a broken socket is found again by the reactor.
            transport.write(data[count:] if isinstance(count, int) else data)
        return True

    return write


def _of_uvicorn(protocol: Any) -> Write | None:
    module = sys.modules.get("uvicorn.protocols.websockets.websockets_sansio_impl")
    if module is None or not isinstance(protocol, module.WebSocketsSansIOProtocol):
        return None
    from websockets.protocol import OPEN

    connection, transport = protocol.conn, protocol.transport
    if connection.extensions:
        return None  # compressed
    is_writable = protocol.writable.is_set

    def write(text: str) -> bool:
        if connection.state is not OPEN or connection.expect_continuation_frame or connection.writes:
            return False
        if protocol.close_sent or protocol.disconnected or not is_writable():
            return False
        transport.write(framed(text))
        return True

    return write
