"""Moments of a question to an Assistants-style service at which a server can be killed.

Asking is two requests there, the message and its run: either may be on its way, be lost, or be there without
anybody knowing.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.answer_points import Channel

KINDS = {"v2": "assistants=v2", "v1": "assistants=v1"}  # what the connection says of itself
THREADS, MESSAGES, RUNS = "/v1/threads", "/v1/threads/*/messages", "/v1/threads/*/runs"


@dataclass(frozen=True, slots=True)
class Moment:
    """Held at a path (`drops`: what came there never arrives), or at a point of the simulator's."""

    name: str
    path: str = ""
    drops: bool = False

    @property
    def words(self) -> str:
        return "" if self.path else " hold={hold} hold_at=" + self.name

    def __str__(self) -> str:
        return self.name


MOMENTS = (
    Moment("thread", THREADS),
    Moment("message", MESSAGES),
    Moment("run", RUNS),
    Moment("run that never arrives", RUNS, drops=True),
    *map(Moment, ("accepted", "created", "first", "delta:20", "last", "ending", "completed")),
)
# "middle" waits for text in a tab, which a polled run does not have.
STREAMED = ("unanswered", "stored", "middle", "completed")
POLLED = ("unanswered", "stored", "first", "ending")
# Only the question can say these, and then every round of it would be held.
OF_ONE_ROUND = ("before_submit", "submitted")


def _channels(kind: str, moments: tuple[str, ...]) -> tuple[Channel, ...]:
    bot = f"Weather {kind}"
    questions: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
        "call": ("Rain in Oslo?", (("30% {words}",),)),
        "calls": ("Compare Oslo and Rome", (("30% {words}", "40%"),)),
        "rounds": ("Oslo then Rome", (("30%",), ("40% {words}",))),
    }
    return tuple(
        Channel(
            f"{kind}-{name}",
            bot,
            question,
            rounds,
            moments + (OF_ONE_ROUND if len(rounds) == 1 else ()),
            says_hold_in_question=True,
        )
        for name, (question, rounds) in questions.items()
    )


CHANNELS = _channels("v2", STREAMED) + _channels("v1", POLLED)
