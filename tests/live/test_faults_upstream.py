"""An upstream that misbehaves: every fault ends in a state a person can read, and loses nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.tab import open_tab

OVER = {"completed", "failed", "canceled", "lost", "waiting"}


async def ask_and_settle(visitor, bot: str, text: str, seconds: float = 25) -> dict:
    conversation, turn = visitor.begin(bot, text)
    async with open_tab(visitor, conversation) as tab:
        await tab.until(lambda view: view.state(turn) in OVER, seconds)
        assert tab.view.faults == []
        seen = tab.view.turns[turn]
    kept = visitor.turn(conversation, turn)
    assert kept["messages"] == seen["messages"] and kept["state"] == seen["state"]
    return kept


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (4000, "bad_request"),
        (4008, "quota_today"),
        (4010, "too_long"),
        (4011, "quota"),
        (4014, "refused"),
        (4015, "bot_unpublished"),
        (4100, "token"),
        (4101, "token"),
        (987654, "failed"),
    ],
)
async def test_a_refused_chat_says_why_with_code_and_log_id(demo, echo, simulator, code, reason) -> None:
    simulator.fault("/v3/chat", method="POST", count=1, code=code, msg=f"no because {code}")
    turn = await ask_and_settle(demo, echo, f"refused {code}")
    assert turn["state"] == "failed"
    assert turn["error"]["reason"] == reason
    assert turn["error"]["code"] == str(code)
    assert turn["error"]["message"] == f"no because {code}"
    assert turn["error"]["log_id"]


async def test_a_chat_that_fails_in_the_middle_keeps_what_came(demo) -> None:
    turn = await ask_and_settle(demo, demo.bot("Trouble"), "fail")
    assert turn["state"] == "failed"
    assert turn["messages"][0]["text"] and turn["messages"][0]["state"] == "cut"


@pytest.mark.parametrize("text", ["drop", "garbage"])
async def test_a_broken_stream_is_completed_from_the_record(demo, simulator, text) -> None:
    turn = await ask_and_settle(demo, demo.bot("Trouble"), text)
    assert turn["state"] == "completed"
    assert turn["messages"][0]["text"] in {simulator.answer(chat["id"]) for chat in simulator.chats()}


@pytest.mark.parametrize("size", [1, 57, 400, 401, 402, 403, 700, 1500])
async def test_a_stream_cut_after_any_byte_ends_equal_to_the_record(demo, echo, simulator, size) -> None:
    mark = uuid4().hex
    turn = await ask_and_settle(demo, echo, f"{mark} 你好 😀 rate=0 tokens=60 drop_after={size}")
    assert turn["state"] == "completed"
    assert turn["messages"][0]["text"] in {simulator.answer(chat["id"]) for chat in simulator.chats()}


async def test_a_request_that_is_cut_before_any_answer_is_found_by_its_mark(demo, echo, simulator) -> None:
    """The question arrived, the answer to the POST did not: it must not be asked twice."""
    text = f"cut before any event {uuid4()} rate=0 drop_after=0"
    turn = await ask_and_settle(demo, echo, text)
    asked = [
        request
        for request in simulator.requests("/v3/chat", "POST")
        if request["body"]["additional_messages"][-1]["content"] == text
    ]
    assert (turn["state"], len(asked)) == ("completed", 1)


async def test_html_from_a_proxy_is_an_unusable_answer(demo, echo, simulator) -> None:
    simulator.fault(
        "/v3/chat",
        method="POST",
        count=1,
        status=502,
        body="<html><script>alert(1)</script></html>",
        content_type="text/html",
    )
    turn = await ask_and_settle(demo, echo, "behind a proxy")
    assert turn["state"] in {"failed", "lost"}
    assert turn["error"]["reason"] in {"unusable", "lost"}


async def test_another_device_holds_the_conversation(demo, echo, simulator) -> None:
    """4016 is a queue, not an error: the code never reaches the person (M-004)."""
    conversation, first = demo.begin(echo, "before rate=0")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(first) == "completed")
        upstream = simulator.chats()[-1]["conversation_id"]
        simulator.occupy(upstream)
        second = demo.ask(conversation, "while busy")
        await tab.until(lambda view: second in view.turns and view.turns[second]["is_busy"])
        assert tab.view.state(second) == "queued"
        assert tab.view.turns[second]["error"]["reason"] == "busy"
        simulator.vacate(upstream)
        await tab.until(lambda view: view.state(second) == "completed")
        assert tab.view.turns[second]["error"] is None
        assert tab.view.answers(second) == ["while busy"]


async def test_failed_can_be_sent_again_as_a_new_turn(demo, echo, simulator) -> None:
    simulator.fault("/v3/chat", method="POST", count=1, code=5000, msg="broken")
    conversation, turn = demo.begin(echo, "try again rate=0")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "failed")
        body = {"client_id": str(uuid4())}
        again = {demo.post(f"/c/{conversation}/turns/{turn}/again/", body)["turn"]["id"] for _ in range(3)}
        [new] = again
        await tab.until(lambda view: view.state(new) == "completed")
        assert tab.view.answers(new) == ["try again rate=0"]


async def test_the_held_queue_behind_a_failure_waits(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"rate=0 error=5000 hold={hold} hold_at=first")
    await simulator.areached(hold)
    behind = demo.ask(conversation, "behind")
    simulator.release(hold)
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "failed")
        await tab.until(lambda view: behind in view.turns and view.turns[behind]["is_held"])
        assert tab.view.state(behind) == "queued"
