"""The fold of a leg's events: what outranks what, and what is learned on the way."""

from __future__ import annotations

from itertools import permutations

import pytest

from chatweb.turns.machine import Leg, Verdict, conclude, step
from chatweb.upstreams.events import (
    ActionRequired,
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Delta,
    Event,
    Ping,
    Question,
    Received,
    RunOutput,
    StreamEnd,
    ToolCall,
    Unknown,
    Usage,
)

STARTED = ChatStarted("c", "v")
CALL = ToolCall("1", "function", "f", "{}")
WAITS = ActionRequired((CALL,))
ERROR = ChatFailed(5, "x", is_error=True)
FAILED = ChatFailed(6, "y")
USAGE = Usage(3, 1, 2)


def fold(*events: Event) -> Leg:
    leg = Leg()
    for event in events:
        step(leg, event)
    return leg


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ([], Verdict.LOST),
        ([STARTED], Verdict.LOST),
        ([STARTED, StreamEnd()], Verdict.LOST),
        ([STARTED, ChatDone()], Verdict.COMPLETED),
        ([ChatDone(), STARTED], Verdict.COMPLETED),
        ([STARTED, ChatCanceled(), ChatDone()], Verdict.CANCELED),
        ([WAITS, ChatDone()], Verdict.REQUIRES_ACTION),
        ([ChatDone(), WAITS], Verdict.REQUIRES_ACTION),
        ([ERROR, ChatDone()], Verdict.ERROR),
        ([WAITS, FAILED], Verdict.FAILED),
        ([ERROR, FAILED], Verdict.ERROR),
        ([FAILED, ERROR], Verdict.FAILED),
    ],
)
def test_verdicts(events, verdict):
    assert conclude(fold(*events)) is verdict


def test_a_failure_is_a_failure_in_whatever_order_it_comes():
    for events in permutations([STARTED, ChatDone(), WAITS, ERROR, ChatCanceled()]):
        leg = fold(*events)
        assert (leg.verdict, leg.error_code, leg.error_msg) == (Verdict.ERROR, 5, "x")


def test_the_first_failure_tells_the_cause():
    assert fold(FAILED, ERROR).error_msg == "y"


def test_a_step_says_when_an_id_became_known():
    leg = Leg()
    assert step(leg, STARTED)
    assert not step(leg, STARTED)
    assert not step(leg, ChatStarted())
    assert step(leg, ChatStarted(execute_id="e"))
    assert (leg.chat_id, leg.conversation_id, leg.execute_id) == ("c", "v", "e")


def test_what_is_asked_and_what_it_cost():
    question = Question("", "Where?")
    leg = fold(STARTED, ActionRequired((), (question,), USAGE), StreamEnd("https://debug"))
    assert (leg.questions, leg.calls, leg.usage, leg.debug_url) == ((question,), (), USAGE, "https://debug")


def test_the_newest_interrupt_replaces_an_older_one():
    leg = fold(ActionRequired((), (Question("", "Where?"),)), WAITS)
    assert (leg.calls, leg.questions) == ((CALL,), ())


def test_usage_stays_when_a_later_event_has_none():
    assert fold(ChatDone(USAGE), ChatDone()).usage == USAGE


def test_what_says_nothing_changes_nothing():
    assert fold(Ping(), Received("x", "y"), Delta("1", "text")) == Leg()


def test_outputs_and_unknown_events_are_kept():
    leg = fold(Unknown("odd", "{}"), RunOutput("rain"), ChatDone(is_cut_off=True))
    assert (leg.unknown_events, leg.output, leg.is_cut_off) == (["odd"], "rain", True)
