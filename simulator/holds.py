"""Named places where a chat waits until a test lets it go: signals both ways, so that no test sleeps."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass
class Hold:
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    arrivals: list[str] = field(default_factory=list)  # ids of the chats that came here
    left: list[str] = field(default_factory=list)  # of these, who went away instead of waiting


class Holds:
    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}

    def get(self, name: str) -> Hold:
        return self._holds.setdefault(name, Hold())

    async def wait_here(self, name: str, who: str) -> None:
        """Arrive, and stay until released. A released hold stays open for whoever comes later."""
        hold = self.get(name)
        hold.arrivals.append(who)
        hold.reached.set()
        await hold.released.wait()

    def leave(self, name: str, who: str) -> None:
        hold = self.get(name)
        hold.left.append(who)
        hold.reached.set()

    def release(self, name: str) -> None:
        self.get(name).released.set()

    def release_all(self) -> None:
        for hold in self._holds.values():
            hold.released.set()
        self._holds = {}

    async def wait_reached(self, name: str, timeout_seconds: float, count: int = 1, left: int = 0) -> bool:
        """Whether so many came, and so many of them left, in time."""
        hold = self.get(name)
        try:
            async with asyncio.timeout(timeout_seconds):
                while len(hold.arrivals) < count or len(hold.left) < left:
                    hold.reached.clear()
                    await hold.reached.wait()
        except TimeoutError:
            return False
        return True
