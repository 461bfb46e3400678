"""What people do in a run, drawn from the seed: questions of every kind, and how they go on. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.faults.answer_points import CHANNELS, Channel

# How often each kind is drawn. `call` to `run` are channels of tests/faults: their bots ask back.
KINDS = {
    "plain": 8,
    "long": 4,
    "two answers": 2,
    "cut": 4,  # the upstream breaks the stream off
    "stalled": 2,  # it says nothing more and keeps the stream open
    "failing": 2,  # the model fails in the middle
    "refused": 1,
    "stopped": 4,
    "call": 5,
    "calls": 3,
    "flow-form": 2,
    "run": 3,
}
SLOWEST, FASTEST = 5, 200  # deltas a second


@dataclass(frozen=True, slots=True)
class Question:
    """`mark` is in no other question of the run. `then`: another one is put into the queue behind it."""

    mark: str
    kind: str
    bot: str
    text: str
    channel: Channel | None = None
    stops_after: int = 0  # UTF-16 units on the screen, 0 for never
    has_two_devices: bool = False  # its cards are answered from two at once
    is_behind: bool = False  # asked while the one before it runs

    @property
    def rounds(self) -> tuple[tuple[str, ...], ...]:
        return self.channel.rounds if self.channel else ()


class Plan:
    """The questions of one person, without end."""

    def __init__(self, seed: int, person: int) -> None:
        self._draw = random.Random(f"{seed}-{person}")
        self._person = person
        self._count = 0

    def next(self) -> Question:
        self._count += 1
        draw = self._draw
        mark = f"q{self._person}x{self._count}"
        kind = draw.choices(list(KINDS), list(KINDS.values()))[0]
        if channel := CHANNELS.get(kind):
            words = f"{channel.question} mark={mark}"
            return Question(mark, kind, channel.bot, words, channel, has_two_devices=draw.random() < 0.3)
        tokens, rate = draw.randint(5, 120), draw.choice((0, draw.randint(SLOWEST, FASTEST)))
        words = {
            "plain": "",
            "long": "think=20",
            "two answers": "answers=2",
            "cut": f"drop_after={draw.randint(300, 6000)}",
            "stalled": f"stall_after={draw.randint(1, tokens)}",
            "failing": "error=5000",
            "refused": "refuse=4000",
            "stopped": "",
        }[kind]
        if kind == "long":
            tokens, rate = draw.randint(200, 600), draw.randint(50, FASTEST)
        if kind == "stopped":
            tokens, rate = 400, 40
        return Question(
            mark,
            kind,
            draw.choice(("Echo", "Reasoner")),
            f"mark={mark} tokens={tokens} rate={rate} {words}".rstrip(),
            stops_after=draw.randint(1, 200) if kind == "stopped" else 0,
            is_behind=draw.random() < 0.25,
        )
