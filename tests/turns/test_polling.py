"""Runs that nobody streams: asked until they are over or wait, told as if they had been streamed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatweb.turns import polling
from chatweb.turns.machine import Leg
from chatweb.turns.polling import PolledStream, polled
from chatweb.upstreams.errors import Broken, Refused, Unreachable, UpstreamError
from chatweb.upstreams.events import (
    ActionRequired,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Event,
    Message,
    MessageDone,
    Question,
    RunOutput,
)

STARTED = ChatStarted(execute_id="70")
OVER = ChatDone()
SAID = Message("n1", "answer", "It rains.", title="Output")
Told = tuple[Sequence[Event], Sequence[Message]]


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "FIRST_SECONDS", 0.0)


def asking(id_: str) -> ActionRequired:
    return ActionRequired(questions=(Question(id_, "Where?"),))


class History:
    """What a run's history says each time it is asked; the last for ever."""

    def __init__(self, *told: Told | UpstreamError) -> None:
        self.told = list(told)
        self.asked: list[str] = []

    async def __call__(self, read: Leg) -> Told:
        self.asked.append(read.execute_id)
        told = self.told.pop(0) if len(self.told) > 1 else self.told[0]
        if isinstance(told, UpstreamError):
            raise told
        return told


async def all_of(stream: PolledStream) -> list[Event]:
    return [event async for events in stream for event in events]


async def test_a_run_is_asked_for_until_it_is_over_and_its_words_come_before_its_end() -> None:
    history = History(([STARTED], []), ([STARTED], []), ([OVER], [SAID]))
    said = await all_of(PolledStream([STARTED], history))
    assert said[-2:] == [MessageDone(SAID), OVER]
    assert history.asked == ["70"] * 3


async def test_the_execute_id_is_known_before_anything_is_asked() -> None:
    history = History(([OVER], []))
    stream = aiter(PolledStream([STARTED], history))
    assert await anext(stream) == [STARTED]
    assert history.asked == []


async def test_an_interrupt_that_was_just_answered_and_is_still_told_is_no_new_one() -> None:
    history = History(([asking("70/1")], []), ([asking("70/1")], []), ([asking("70/2")], [SAID]))
    said = await all_of(PolledStream([STARTED], history, answered_id="70/1"))
    assert [event for event in said if isinstance(event, ActionRequired)] == [asking("70/2")]
    assert len(history.asked) == 3


async def test_the_first_interrupt_ends_the_leg() -> None:
    said = await all_of(PolledStream([STARTED], History(([asking("70/1")], []))))
    assert said[-1] == asking("70/1")


async def test_what_is_over_at_once_is_never_asked_about() -> None:
    history = History(([OVER], []))
    said = await all_of(PolledStream([STARTED, RunOutput("Done."), OVER], history))
    assert said == [MessageDone(Message("output", "answer", "Done.")), STARTED, RunOutput("Done."), OVER]
    assert history.asked == []


@pytest.mark.parametrize("fault", [Unreachable("down"), Refused("busy", http_status=503)])
async def test_an_upstream_that_is_away_for_a_moment_is_asked_again(fault: UpstreamError) -> None:
    said = await all_of(PolledStream([STARTED], History(fault, fault, ([OVER], [SAID]))))
    assert said[-1] == OVER


async def test_a_final_refusal_is_the_end() -> None:
    said = await all_of(PolledStream([STARTED], History(Refused("gone", 4314, 200))))
    assert said[-1] == ChatFailed(4314, "gone", is_error=True)


async def test_empty_messages_are_not_told() -> None:
    history = History(([OVER], [Message("n1", "answer", "")]))
    assert await all_of(PolledStream([STARTED], history)) == [STARTED, OVER]


async def started(fault: UpstreamError) -> list[Event]:
    async def call() -> list[Event]:
        raise fault

    async with polled(call(), History(([OVER], []))) as stream:
        assert stream.log_id == fault.log_id
        return await all_of(stream)


async def test_a_start_that_is_refused_says_so_as_a_stream_does() -> None:
    said = await started(Refused("no", 4000, 200, "log"))
    assert said == [ChatFailed(4000, "no", is_error=True)]


async def test_a_start_of_which_nobody_knows_whether_it_arrived_says_nothing() -> None:
    assert await started(Broken("cut", log_id="log")) == []


async def test_a_start_that_never_left_is_tried_again_by_the_caller() -> None:
    with pytest.raises(Unreachable):
        await started(Unreachable("down"))
