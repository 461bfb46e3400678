"""Fifty seeded points of a turn at which a server can be killed, each reached by signal, never by time."""

from __future__ import annotations

import random
from dataclasses import dataclass

SEED = 20_26
COUNT = 50
# Where the simulator can hold a chat, in the order of a turn; see the docstring of `simulator`.
KINDS = (
    "asked",  # the POST was answered, nothing is known of the rest
    "conversation",  # the upstream conversation is being created
    "chat",  # the question was sent, the upstream has not looked at it
    "accepted",  # the upstream has begun, its chat id was not sent
    "created",  # the chat id was sent
    "first",  # the first delta was sent
    "middle",  # some deltas were sent and seen in the tab
    "last",  # the last delta was sent, nothing says that it was the last
    "ending",  # all messages are complete, the chat is not
    "completed",  # the chat is complete upstream, the answer not yet committed here
)


@dataclass(frozen=True, slots=True)
class Point:
    number: int
    kind: str
    bot: str
    tokens: int
    delta: int  # of the middle

    @property
    def hold(self) -> str:
        return f"point-{self.number}"

    @property
    def question(self) -> str:
        words = f"point {self.number}: tokens={self.tokens} rate=0"
        if self.kind == "middle":
            return f"{words} hold={self.hold} hold_at=delta:{self.delta}"
        if self.kind in {"asked", "conversation", "chat"}:
            return words
        return f"{words} hold={self.hold} hold_at={self.kind}"

    @property
    def needs_new_conversation(self) -> bool:
        return self.kind == "conversation"

    def __str__(self) -> str:
        return f"{self.number}-{self.kind}-{self.bot}"


def points(seed: int = SEED, count: int = COUNT, first: int = 0) -> list[Point]:
    """Every kind about equally often, order and sizes drawn from the seed, numbered from `first`."""
    draw = random.Random(seed)
    kinds = [KINDS[number % len(KINDS)] for number in range(count)]
    draw.shuffle(kinds)
    return [_point(draw, number, kind) for number, kind in enumerate(kinds, first)]


def _point(draw: random.Random, number: int, kind: str) -> Point:
    tokens = draw.randint(8, 300)
    return Point(number, kind, draw.choice(("Echo", "Reasoner")), tokens, draw.randint(2, tokens - 1))
