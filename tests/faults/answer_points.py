"""Points around an answer at which a server can be killed: every channel, every moment, order from a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

SEED = 20_27
TOKENS = 30
RUN_PIECES = 6  # a run's text comes in at least so many
RUN_BOT = "City weather"
BACKGROUND_BOT = "City weather, unwatched"  # the same workflow, polled


@dataclass(frozen=True, slots=True)
class Channel:
    """How a bot asks, and what it is told. `rounds`: outputs by round and card; the last are the point."""

    name: str
    bot: str
    question: str
    rounds: tuple[tuple[str, ...], ...]
    moments: tuple[str, ...]
    ends: str = "completed"
    says_hold_in_question: bool = False  # before an output is accepted, only the question can say it
    is_run: bool = False

    @property
    def is_message(self) -> bool:
        """Its answer is the next message: whether that arrived is only known after looking for it in vain."""
        return not self.is_run and not self.says_hold_in_question


FORM = json.dumps({"days": 2, "start": "2026-12-24", "note": " {words} "})
# Where a turn is when its server dies; beside the names of the simulator's holds:
#   unanswered  the POST is under way, nothing is stored
#   stored      the answer is stored, its leg is not begun
CHAT_MOMENTS = ("unanswered", "stored", "before_submit", "submitted", "middle", "completed")
NEXT_ROUND_MOMENTS = ("unanswered", "stored", "before_submit", "submitted", "created", "ending")
RUN_MOMENTS = ("unanswered", "stored", "before_submit", "submitted", "middle", "last")
CHANNELS = {
    channel.name: channel
    for channel in (
        Channel(
            "call", "Weather", "Will it rain in Oslo?", (("30% {words}",),), CHAT_MOMENTS, "completed", True
        ),
        Channel(
            "calls",
            "Weather",
            "Compare Oslo and Rome",
            (("30% {words}", "40%"),),
            CHAT_MOMENTS,
            "completed",
            True,
        ),
        Channel("question", "Travel", "Plan a trip", (("Rome {words}",),), NEXT_ROUND_MOMENTS, "waiting"),
        Channel(
            "flow-question",
            "Travel planner",
            "Plan a trip",
            (("Rome {words}",),),
            NEXT_ROUND_MOMENTS,
            "waiting",
        ),
        Channel("flow-form", "Travel planner", "Plan a trip", (("Rome",), (FORM,)), CHAT_MOMENTS),
        Channel("run", RUN_BOT, "go", (("Paris tomorrow{words}",),), RUN_MOMENTS, is_run=True),
        Channel("background", BACKGROUND_BOT, "go", (("Paris tomorrow{words}",),), RUN_MOMENTS, is_run=True),
    )
}


@dataclass(frozen=True, slots=True)
class Point:
    channel: Channel
    moment: str
    delta: int
    mark: str
    words: str = ""  # more directives, said with the answer

    @property
    def hold(self) -> str:
        return f"hold-{self.mark}"

    @property
    def needs_hold(self) -> bool:
        return self.moment not in {"unanswered", "stored", "never"}

    @property
    def is_in_question(self) -> bool:
        return self.channel.says_hold_in_question and self.moment in {"before_submit", "submitted"}

    @property
    def _hold_words(self) -> str:
        at = f"delta:{self.delta}" if self.moment == "middle" else self.moment
        return f" hold={self.hold} hold_at={at}" if self.needs_hold else ""

    @property
    def _hold_words_of_answer(self) -> str:
        return "" if self.is_in_question else self._hold_words

    @property
    def question(self) -> str:
        return f"{self.channel.question} mark={self.mark}" + (self._hold_words if self.is_in_question else "")

    def outputs(self, round_: int) -> list[str]:
        """By card, in order; those of the last round say where to hold."""
        # A run's history knows one text a node: numbered tokens would hide what the end node says.
        words = ("" if self.channel.is_run else f"tokens={TOKENS}") + self._hold_words_of_answer
        words += f" {self.words}" if self.words else ""
        is_last = round_ == len(self.channel.rounds) - 1
        return [text.replace("{words}", words) if is_last else text for text in self.channel.rounds[round_]]

    def __str__(self) -> str:
        return f"{self.channel.name}-{self.moment}"


def point(channel: str | Channel, moment: str = "never", delta: int = TOKENS // 2, words: str = "") -> Point:
    """`never`: nobody dies."""
    channel = CHANNELS[channel] if isinstance(channel, str) else channel
    return Point(channel, moment, delta, uuid4().hex[:8], words)


def all_points(seed: int = SEED, channels: Iterable[Channel] = CHANNELS.values()) -> list[Point]:
    """Every channel at every moment of its, shuffled."""
    draw = random.Random(seed)
    drawn = [
        point(channel, moment, draw.randint(2, RUN_PIECES if channel.is_run else TOKENS - 1))
        for channel in channels
        for moment in channel.moments
    ]
    draw.shuffle(drawn)
    return drawn


def batches(points: list[Point]) -> list[list[Point]]:
    """As many deaths as answers that are just stored; those that take long to look for share one."""
    stored = [each for each in points if each.moment == "stored"]
    slow = [each for each in points if each.channel.is_message and each.moment == "before_submit"]
    rest = [each for each in points if each not in stored and each not in slow]
    made = [[each, *rest[number :: len(stored)]] for number, each in enumerate(stored)]
    made[0] += slow
    return made
