"""What one socket and one address may cost. Counted in the process: nothing here waits or is shared."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

FRAMES_A_SECOND = 100.0  # a tab acks some times a second while megabytes come, and follows when one clicks
FRAMES_AT_ONCE = 1000
REFUSED_A_MINUTE = 600  # handshakes with a session that is none; each asks the database once
MOST_ADDRESSES = 10_000
CLOSE_FLOOD = 4429


class FrameRate:
    """The moment by which everything sent so far would have been due at the steady rate (GCRA)."""

    __slots__ = ("_due",)

    def __init__(self) -> None:
        self._due = 0.0

    def is_flood(self, now: float) -> bool:
        """Count a frame at `now`, in seconds of a clock that only goes on."""
        self._due = max(self._due, now) + 1 / FRAMES_A_SECOND
        return self._due - now > FRAMES_AT_ONCE / FRAMES_A_SECOND


class RefusedHandshakes:
    """How often an address came with a session that is none; the oldest address is forgotten first."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()  # (minute, how often)

    def note(self, address: str) -> None:
        minute = int(time.monotonic() // 60)
        known, count = self._counts.pop(address, (minute, 0))
        self._counts[address] = (minute, count + 1 if known == minute else 1)
        if len(self._counts) > MOST_ADDRESSES:
            self._counts.popitem(last=False)

    def are_too_many(self, address: str) -> bool:
        minute, count = self._counts.get(address, (0, 0))
        return count >= REFUSED_A_MINUTE and minute == int(time.monotonic() // 60)


refused_handshakes = RefusedHandshakes()


def address_of(scope: dict[str, Any], headers: dict[bytes, bytes], proxies: int) -> str:
    """Who is behind the socket: the peer, or what the outermost of our own proxies saw."""
    hops = [hop.strip() for hop in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
    if proxies and len(hops) >= proxies and hops[-proxies]:
        return hops[-proxies]
    return str((scope.get("client") or [""])[0])
