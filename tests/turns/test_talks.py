"""How a turn speaks with each kind of bot: what it sends first, and what it makes of the answers."""

from __future__ import annotations

import json
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from chatweb.turns.machine import Verdict
from chatweb.turns.talks import Asked, BotTalk, ChatflowTalk, Given, Place, WorkflowTalk, concluded, talk_of
from chatweb.upstreams.client import Capabilities, Flow
from chatweb.upstreams.events import ActionRequired, ChatDone, ChatStarted, ToolCall

PLACE = Place("c1", "chat1", {"turn": "t", "leg": "1"}, "9/")
FORM = '{"days": 2, "start": "2026-12-24", "note": ""}'


class Upstream:
    """Writes down what is sent."""

    def __init__(self, **can: bool) -> None:
        self.capabilities = Capabilities(**can)
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def send(**fields: Any) -> Any:
            self.sent.append((name, fields))
            return nullcontext(SimpleNamespace())

        return send


def asked(*given: Given, kind: str = "bot", **more: Any) -> Asked:
    fields: dict[str, Any] = {
        "kind": kind,
        "user_id": "u",
        "bot_id": "b",
        "flow": Flow("f"),
        "question": "Q?",
        "parameters": {"city": "Rome"},
        "is_polled": False,
        "files": (),
        "given": given,
        **more,
    }
    return Asked(**fields)


def call(id_: str, output: str) -> Given:
    return Given(id_, True, output)


def words(output: str, **more: Any) -> Given:
    return Given("", False, output, **more)


def sent_by(talk_asked: Asked, **can: bool) -> tuple[str, dict[str, Any]]:
    upstream: Any = Upstream(**can)
    talk_of(talk_asked, upstream).answer(PLACE)
    [sent] = upstream.sent
    return sent


def test_every_kind_has_its_talk() -> None:
    kinds = {"bot": BotTalk, "assistant": BotTalk, "chatflow": ChatflowTalk, "workflow": WorkflowTalk}
    for kind, talk in kinds.items():
        upstream: Any = Upstream()
        assert type(talk_of(asked(kind=kind), upstream)) is talk


def test_a_question_carries_its_turn_and_leg() -> None:
    upstream: Any = Upstream()
    talk_of(asked(), upstream).ask(PLACE)
    [(name, fields)] = upstream.sent
    assert (name, fields["question"], fields["meta"]) == ("chat", "Q?", {"turn": "t", "leg": "1"})


def test_a_chatflow_is_told_its_parameters_each_time() -> None:
    upstream: Any = Upstream()
    talk = talk_of(asked(words("Rome"), kind="chatflow"), upstream)
    talk.ask(PLACE)
    talk.answer(PLACE)
    assert [(name, fields["question"]) for name, fields in upstream.sent] == [
        ("chatflow", "Q?"),
        ("chatflow", "Rome"),
    ]
    assert all(fields["parameters"] == {"city": "Rome"} for _, fields in upstream.sent)


def test_outputs_go_into_the_chat_that_asked_in_its_order() -> None:
    name, fields = sent_by(asked(call("b", "wet"), call("a", "dry")))
    assert (name, fields["chat_id"], fields["outputs"]) == ("submit", "chat1", [("b", "wet"), ("a", "dry")])


def test_words_beside_a_call_go_with_the_outputs() -> None:
    name, fields = sent_by(asked(call("a", "dry"), words("short")))
    assert (name, fields["outputs"]) == ("submit", [("a", "dry"), ("", "short")])


def test_words_alone_are_the_next_message() -> None:
    name, fields = sent_by(asked(words("Rome")))
    assert (name, fields["question"], fields["meta"]["leg"]) == ("chat", "Rome", "1")


def test_several_questions_are_answered_line_by_line() -> None:
    assert sent_by(asked(words("Rome"), words("two days")))[1]["question"] == "Rome\ntwo days"


def test_a_form_is_json_where_the_upstream_reads_that() -> None:
    _, fields = sent_by(asked(words(FORM, has_fields=True)), speaks_chatflow_json=True)
    assert json.loads(fields["question"]) == {"days": 2, "start": "2026-12-24"}


def test_a_form_is_lines_elsewhere() -> None:
    _, fields = sent_by(asked(words(FORM, has_fields=True)))
    assert fields["question"] == "days:2\nstart:2026-12-24\nnote:"


@pytest.mark.parametrize("output", ["in own words", "[1]", "5", "null", ""])
def test_a_form_that_was_answered_in_words_stays_words(output: str) -> None:
    assert sent_by(asked(words(output, has_fields=True)))[1]["question"] == output


def test_words_that_look_like_a_form_stay_as_they_are() -> None:
    assert sent_by(asked(words(FORM)))[1]["question"] == FORM


@pytest.mark.parametrize(("is_polled", "expected"), [(False, "resume_workflow"), (True, "resume_started")])
def test_a_run_echoes_what_it_waits_for(is_polled: bool, expected: str) -> None:
    given = Given("70/1", True, "dry", interrupt_type=6)
    name, fields = sent_by(asked(given, kind="workflow", is_polled=is_polled))
    assert name == expected
    assert (fields["event_id"], fields["interrupt_type"], fields["answer"]) == ("70/1", 6, "dry")


@pytest.mark.parametrize(("is_polled", "expected"), [(False, "run_workflow"), (True, "start_workflow")])
def test_a_run_starts_with_its_parameters(is_polled: bool, expected: str) -> None:
    upstream: Any = Upstream()
    talk_of(asked(kind="workflow", is_polled=is_polled), upstream).ask(PLACE)
    [(name, fields)] = upstream.sent
    assert (name, fields["parameters"]) == (expected, {"city": "Rome"})


def test_only_outputs_and_resumes_go_on_with_what_there_is() -> None:
    upstream: Any = Upstream()
    assert talk_of(asked(call("a", "x"), words("y")), upstream).submits
    assert talk_of(asked(words("y"), kind="workflow"), upstream).submits
    assert not talk_of(asked(words("y")), upstream).submits
    assert not talk_of(asked(words("y"), kind="chatflow"), upstream).submits


def test_what_goes_on_still_has_not_come_to_anything() -> None:
    assert concluded([ChatStarted("1")]) is None
    assert concluded([]) is None
    waiting = concluded([ChatStarted("1"), ActionRequired(calls=(ToolCall("a", "function", "x", ""),))])
    assert waiting is not None and waiting.verdict is Verdict.REQUIRES_ACTION
    over = concluded([ChatStarted("1"), ChatDone()])
    assert over is not None and over.verdict is Verdict.COMPLETED
