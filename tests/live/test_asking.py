"""Asking: one turn at a time, each question once, whatever is sent how often."""

from __future__ import annotations

import asyncio
import itertools
from uuid import uuid4

import httpx
import pytest

from tests.simulator.process import SimulatorProcess
from tests.tab import open_tab
from tests.visitor import Visitor


def asked(simulator: SimulatorProcess, text: str) -> int:
    """How often the upstream was asked exactly this: in a chat, or as a message of its own."""
    bodies = [request["body"] for request in simulator.requests(method="POST")]
    return sum(
        message.get("content") == text
        for body in bodies
        if isinstance(body, dict)
        for message in (body, *body.get("additional_messages", []))
    )


async def test_an_answer_arrives_in_order_and_equals_the_record(demo, echo, simulator) -> None:
    conversation, turn = demo.begin(echo, "tokens=120 rate=0 in order")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed")
    [chat] = [chat for chat in simulator.chats() if simulator.answer(chat["id"]) == tab.view.answers(turn)[0]]
    assert chat["status"] == "completed"
    assert tab.view.faults == []
    assert demo.turn(conversation, turn)["messages"][0]["text"] == tab.view.answers(turn)[0]


async def test_questions_queue_and_run_one_after_another(demo, echo) -> None:
    conversation, first = demo.begin(echo, "tokens=40 rate=200 one")
    second, third = demo.ask(conversation, "two"), demo.ask(conversation, "three")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(third) == "completed")
        turns = [tab.view.turns[each] for each in (first, second, third)]
        assert [turn["state"] for turn in turns] == ["completed"] * 3
        for before, after in itertools.pairwise(turns):
            assert before["ended_at"] <= after["started_at"]
        assert tab.view.answers(second) == ["two"]


def test_the_same_post_three_times_is_one_question(demo, echo, simulator) -> None:
    text = f"once {uuid4()}"
    body = {"bot": echo, "client_id": str(uuid4()), "turn_client_id": str(uuid4()), "text": text}
    answers = [demo.post("/conversations/", body) for _ in range(3)]
    assert len({answer["conversation"]["id"] for answer in answers}) == 1
    assert len({answer["turn"]["id"] for answer in answers}) == 1
    again = {"client_id": str(uuid4()), "text": text + " again"}
    conversation = answers[0]["conversation"]["id"]
    turns = {demo.post(f"/c/{conversation}/ask/", again)["turn"]["id"] for _ in range(3)}
    assert len(turns) == 1
    _settle(demo, conversation, turns.pop())
    assert (asked(simulator, text), asked(simulator, text + " again")) == (1, 1)


async def test_two_tabs_sending_at_once_get_both_answers(demo, echo) -> None:
    conversation, first = demo.begin(echo, "hello")
    texts = ["from the left", "from the right"]
    turns = await asyncio.gather(*(asyncio.to_thread(demo.ask, conversation, text) for text in texts))
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: all(view.state(turn) == "completed" for turn in [first, *turns]))
        assert [tab.view.answers(turn) for turn in turns] == [[text] for text in texts]


async def test_a_queued_question_can_be_edited_deleted_and_sent_now(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, running = demo.begin(echo, f"tokens=5 hold={hold} hold_at=first")
    edited, deleted, urgent = (demo.ask(conversation, text) for text in ("edit me", "delete me", "urgent"))
    demo.post(f"/c/{conversation}/turns/{edited}/edit/", {"text": "edited"})
    demo.post(f"/c/{conversation}/turns/{deleted}/withdraw/")
    await simulator.areached(hold)
    demo.post(f"/c/{conversation}/turns/{urgent}/send-now/")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(urgent) == "completed")
        assert tab.view.state(running) == "canceled"
        assert tab.view.turns[edited]["is_held"] is True
        assert deleted not in tab.view.turns
        demo.post(f"/c/{conversation}/turns/{edited}/send-now/")
        await tab.until(lambda view: view.state(edited) == "completed")
        assert tab.view.answers(edited) == ["edited"]
    simulator.release(hold)
    assert asked(simulator, "delete me") == 0
    with pytest.raises(httpx.HTTPStatusError) as late:
        demo.post(f"/c/{conversation}/turns/{edited}/edit/", {"text": "too late"})
    assert late.value.response.status_code == 409


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا بالعالم",
        "𝕏 😀 👩‍👩‍👧‍👦 漢字",
        "a\u2028b\u2029c\u0085d",
        "x" * 99_993,
        "<script>alert(1)</script> & \"quotes\" 'n' `ticks`",
    ],
    ids=["right to left", "four bytes", "odd line ends", "100 000 characters", "markup"],
)
async def test_any_text_comes_back_as_it_was_sent(demo, echo, text) -> None:
    conversation, turn = demo.begin(echo, text + " rate=0")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed", 40)
        assert tab.view.answers(turn) == [text + " rate=0"]
        assert tab.view.turns[turn]["question"] == text + " rate=0"


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [("", 400, "empty"), (" \n\t", 400, "empty"), ("\0\0", 400, "empty"), ("x" * 100_001, 413, "too_large")],
)
def test_what_is_no_question_is_refused_with_a_sentence(demo, echo, text, status, reason) -> None:
    body = {"bot": echo, "client_id": str(uuid4()), "turn_client_id": str(uuid4()), "text": text}
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.post("/conversations/", body)
    error = refused.value.response.json()["error"]
    assert (refused.value.response.status_code, error["reason"]) == (status, reason)
    assert error["sentence"]


async def test_control_characters_vanish_and_nothing_else(demo, echo) -> None:
    conversation, turn = demo.begin(echo, "a\0b\x07c\r\nd\te")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed")
        assert tab.view.turns[turn]["question"] == "abc\nd\te"


def test_a_page_without_javascript_can_ask(demo, echo) -> None:
    fields = {"bot": echo, "text": "plain form", "csrfmiddlewaretoken": demo.http.cookies["csrftoken"]}
    answer = demo.http.post("/conversations/", data=fields, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    page = demo.http.get(answer.headers["location"], headers={"Accept": "text/html"})
    assert page.status_code == 200 and "plain form" in page.text


def test_a_refusal_without_javascript_is_a_page_with_the_sentence(demo, echo) -> None:
    fields = {"bot": echo, "text": " ", "csrfmiddlewaretoken": demo.http.cookies["csrftoken"]}
    answer = demo.http.post("/conversations/", data=fields, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "<html" in answer.text and "Write a question first." in answer.text


def test_a_body_no_parser_takes_is_malformed_or_too_large_and_nothing_else(demo, echo) -> None:
    headers = {"X-CSRFToken": demo.http.cookies["csrftoken"], "Content-Type": "application/json"}
    for content, status in [("[" * 100_000, 400), ("{", 400), ('"text"', 400), (" " * 3_000_000, 413)]:
        answer = demo.http.post("/conversations/", content=content, headers=headers)
        assert (answer.status_code, "error" in answer.json()) == (status, True)


def _settle(visitor: Visitor, conversation: str, turn: str) -> None:
    async def wait() -> None:
        async with open_tab(visitor, conversation) as tab:
            await tab.until(lambda view: view.state(turn) == "completed")

    asyncio.run(wait())
