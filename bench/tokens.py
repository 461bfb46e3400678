"""Numbered, timed tokens: what the fake upstream says, and how a whole answer is told from a damaged one.

A token is `<tag>-<number>-<time> `, all hexadecimal: the chat's tag, the number of the delta from 0, and the
microseconds of the machine's monotonic clock when it was sent (modulo 2**32, one clock for all processes).
"""

from __future__ import annotations

import re
import time
from array import array
from dataclasses import dataclass

CLOCK_MASK = 0xFFFFFFFF
TOKEN = re.compile(r"([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]{8}) ")


def now_us() -> int:
    return time.monotonic_ns() // 1000


def token(tag: int, number: int, sent_us: int) -> str:
    return f"{tag:x}-{number:x}-{sent_us & CLOCK_MASK:08x} "


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a text. `garbled` counts characters that belong to no token."""

    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    leaked: int = 0
    garbled: int = 0

    def __add__(self, other: Faults) -> Faults:
        return Faults(
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.reordered + other.reordered,
            self.leaked + other.leaked,
            self.garbled + other.garbled,
        )

    @property
    def total(self) -> int:
        return self.lost + self.doubled + self.reordered + self.leaked + self.garbled


def faults(text: str, tag: int, sent: int) -> Faults:
    """Compare the text a tab shows with the `sent` tokens of chat `tag`."""
    seen: set[int] = set()
    highest = -1
    doubled = reordered = leaked = known_chars = 0
    for match in TOKEN.finditer(text):
        known_chars += match.end() - match.start()
        number = int(match[2], 16)
        if int(match[1], 16) != tag or number >= sent:
            leaked += 1
        elif number in seen:
            doubled += 1
        else:
            reordered += number < highest
            highest = max(highest, number)
            seen.add(number)
    return Faults(sent - len(seen), doubled, reordered, leaked, len(text) - known_chars)


class Meter:
    """Counts tokens that reach tabs, and their age in microseconds, while it is open."""

    def __init__(self) -> None:
        self.is_open = False
        self.delivered = 0
        self.ages_us = array("L")

    def open(self) -> None:
        self.delivered = 0
        self.ages_us = array("L")
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def see(self, text: str) -> None:
        """Text that has just become visible in a tab."""
        if not self.is_open:
            return
        now = now_us()
        for match in TOKEN.finditer(text):
            self.delivered += 1
            self.ages_us.append((now - int(match[3], 16)) & CLOCK_MASK)

    def percentile_ms(self, percent: float) -> float:
        """Nearest rank; nan when nothing was seen."""
        if not self.ages_us:
            return float("nan")
        ordered = sorted(self.ages_us)
        rank = min(len(ordered) - 1, int(len(ordered) * percent / 100))
        return ordered[rank] / 1000
