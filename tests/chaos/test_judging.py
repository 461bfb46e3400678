"""The judge of a chaos run finds what it is there to find: a run without findings says something."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.chaos.judging import Judge, Stored, record_of
from tests.chaos.people import Asked
from tests.chaos.plan import Question
from tests.faults.answer_points import CHANNELS

Json = dict[str, Any]
TURN, CONVERSATION, CARD = "turn-1", "conversation-1", "card-1"


class Scene:
    """One turn with a tool call that went well, everywhere."""

    def __init__(self) -> None:
        question = Question("q1", "call", "Weather", "Will it rain? mark=q1", CHANNELS["call"])
        self.asked = [Asked(CONVERSATION, TURN, question, {CARD: "30%"})]
        card = {"id": CARD, "state": "answered", "round": 1, "output": "30%"}
        answer = {"id": "m1", "type": "answer", "text": "w0 w1 ", "ordinal": 1}
        state = {"id": TURN, "state": "completed", "is_held": False, "error": None}
        self.page: Json = {**state, "messages": [answer], "actions": [card]}
        self.stored = {TURN: Stored("completed", ["w0 w1 "], [("chat-1", ""), ("chat-1", "")])}
        self.chat: Json = {"id": "chat-1", "status": "completed", "accepted": 1, "is_other_client": False}
        asking = {"type": "question", "chat_id": "chat-1", "content": question.text}
        self.messages: list[Json] = [
            {**asking, "meta_data": {"turn": TURN, "leg": "0"}},
            {"type": "answer", "chat_id": "chat-1", "content": "w0 w1 ", "meta_data": {}},
        ]

    def found(self) -> set[str]:
        record = record_of([self.chat], self.messages, [])
        judge = Judge(record, self.stored, {CONVERSATION: [self.page] if self.page else []})
        judge.judge(self.asked)
        return set(judge.faults)

    def show(self, state: str, text: str) -> None:
        self.page["state"], self.page["messages"][0]["text"] = state, text
        self.stored[TURN].state, self.stored[TURN].texts = state, [text]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_nothing_is_found_where_all_agree(scene: Scene) -> None:
    assert scene.found() == set()


def test_a_turn_that_was_accepted_and_is_nowhere_is_lost(scene: Scene) -> None:
    scene.page = {}
    scene.messages[0]["meta_data"] = {}
    assert scene.found() == {"lost"}


def test_an_answer_of_which_the_end_is_missing_is_lost(scene: Scene) -> None:
    scene.show("completed", "w0 ")
    assert scene.found() == {"lost"}


@pytest.mark.parametrize("state", ["lost", "failed"])
def test_a_turn_called_lost_or_failed_whose_chat_is_there_is_lost(scene: Scene, state: str) -> None:
    scene.show(state, "w0 ")
    assert scene.found() == {"lost"}


def test_an_answer_that_is_shown_twice_is_doubled(scene: Scene) -> None:
    scene.page["messages"].append({**scene.page["messages"][0], "id": "m2", "ordinal": 2})
    scene.stored[TURN].texts *= 2
    assert scene.found() == {"doubled"}


def test_a_question_that_was_sent_twice_is_doubled(scene: Scene) -> None:
    scene.messages.insert(1, deepcopy(scene.messages[0]))
    assert "doubled" in scene.found()


def test_a_turn_that_nobody_asked_is_doubled(scene: Scene) -> None:
    scene.asked = []
    assert scene.found() == {"doubled"}


def test_an_answer_to_a_card_that_was_let_in_twice_is_doubled(scene: Scene) -> None:
    scene.chat["accepted"] = 2
    assert scene.found() == {"doubled"}


def test_an_answer_to_a_card_that_never_arrived_is_lost(scene: Scene) -> None:
    scene.chat["accepted"] = 0
    assert scene.found() == {"lost"}


def test_a_card_with_another_answer_is_different(scene: Scene) -> None:
    scene.page["actions"][0]["output"] = "70%"
    assert scene.found() == {"different"}


def test_a_turn_that_never_ends_is_stuck(scene: Scene) -> None:
    scene.show("recovering", "w0 ")
    assert scene.found() == {"stuck"}


def test_a_page_that_shows_something_else_than_is_stored_is_different(scene: Scene) -> None:
    scene.stored[TURN].texts = ["w0 w1 w2 "]
    assert scene.found() == {"different"}


def test_what_was_stopped_may_be_less_and_never_something_else(scene: Scene) -> None:
    scene.show("canceled", "w0 ")
    assert scene.found() == set()
    scene.show("canceled", "w0 w0 ")
    assert scene.found() == {"different"}
