"""How an answer is cut into deltas, and when each is due."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import cycle

DEFAULT_RATE = 40.0  # deltas a second (wire-chat 12: 20 to 60)
MOST_DELTAS = 1500  # a longer text comes in larger pieces, or it would take minutes
_SIZES = (3, 1, 4, 2)
_YIELD_EVERY = 64


def pieces(text: str) -> Iterator[str]:
    """1 to 4 characters each, always the same for the same text; together they are the text."""
    scale = 1 + len(text) // (MOST_DELTAS * 5 // 2)
    sizes = cycle(_SIZES)
    at = 0
    while at < len(text):
        size = next(sizes) * scale
        yield text[at : at + size]
        at += size


def numbered_tokens(count: int) -> Iterator[str]:
    """`count` deltas, no two alike: "w0 ", "w1 ", now and then CJK or an emoji, in paragraphs of fifty."""
    for number in range(count):
        if number % 11 == 10:
            word = f"😀{number}"
        elif number % 7 == 6:
            word = f"字{number}"
        else:
            word = f"w{number}"
        yield word + ("\n\n" if number % 50 == 49 else " ")


class Pace:
    """Waits until the next delta is due; rate 0 never waits, but lets others run now and then."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._count = 0
        self._due = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        if not self.rate:
            self._count += 1
            if self._count % _YIELD_EVERY == 0:
                await asyncio.sleep(0)
            return
        self._due += 1 / self.rate
        seconds = self._due - asyncio.get_running_loop().time()
        if seconds > 0:
            await asyncio.sleep(seconds)

    async def pause(self, seconds: float) -> None:
        """A rest that is not part of the rhythm; none at rate 0."""
        if self.rate:
            await asyncio.sleep(seconds)
        self.restart()

    def restart(self) -> None:
        """After a wait of another kind: do not make up for it with a burst."""
        self._due = asyncio.get_running_loop().time()
