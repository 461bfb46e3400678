"""Under daphne: a frame goes into its socket when it is sent, not on the loop's next turn.

Twisted puts what is written into a buffer and asks the event loop to say when the socket takes data: two
system calls and a turn of the loop for each frame (docs/performance.md). An idle socket always takes data, so
it is tried at once; all else goes Twisted's own way.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any


class EagerWrites:
    """`with` it around one send on an idle transport."""

    __slots__ = ("_is_held", "_transport")

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._is_held = False

    def __enter__(self) -> None:
        transport = self._transport
        # Behind what a slow socket has not taken yet nothing may overtake.
        if transport.dataBuffer or transport._tempDataBuffer or not transport.connected:
            return
        self._is_held = True
        transport.startWriting = nothing  # hides the class's own until the end of the block

    def __exit__(self, *_: object) -> None:
        if not self._is_held:
            return
        transport = self._transport
        self._is_held = False
        del transport.startWriting
        # What went wrong, or did not fit, is found again by the reactor.
        if transport._tempDataBuffer and (transport.doWrite() or transport.dataBuffer):
            transport.startWriting()


def nothing() -> None:
    """In place of `startWriting`."""


def eager_writes_of(send: Any) -> EagerWrites | None:
    """For the `send` of a connection under daphne; None under every other server."""
    if "daphne.server" not in sys.modules or not isinstance(send, partial) or not send.args:
        return None
    from twisted.internet.tcp import Connection

    transport = getattr(send.args[0], "transport", None)
    return EagerWrites(transport) if isinstance(transport, Connection) else None
