"""How long a message a socket may say, before any of it reaches us.

Beyond it the server closes the socket (1009) while the message still comes: uvicorn alone would gather 16 MB,
daphne any length.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

MAX_MESSAGE_BYTES = 128 * 1024  # our own are some hundred bytes, and beyond 16 Ki characters none is read


def limit_messages(send: Any) -> None:
    """For the `send` of an accepted WebSocket. Servers that are not known keep their own limit."""
    if isinstance(send, partial):
        if send.args and "daphne.server" in sys.modules:
            protocol = send.args[0]
            protocol.onMessageFrameBegin = partial(_begin_frame, protocol)
        return
    connection: Any = getattr(getattr(send, "__self__", None), "conn", None)
    if getattr(connection, "max_size", None) is not None:
        connection.max_size = MAX_MESSAGE_BYTES


def _begin_frame(protocol: Any, length: int) -> None:
    """autobahn's own limit for a message would bind what we send as well."""
    type(protocol).onMessageFrameBegin(protocol, length)
    size = protocol.message_data_total_length
    if size > MAX_MESSAGE_BYTES and not protocol.failedByMe:
        protocol._max_message_size_exceeded(size, MAX_MESSAGE_BYTES, "too long a message")
