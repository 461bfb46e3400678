"""Stop: what was on the screen stays, nothing grows back, the upstream hears of it (M-002, M-003)."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.reduction import units
from tests.tab import open_tab
from tests.upstream import CAN


def cancels(simulator, chat_id: str) -> int:
    """Of this chat, which the body names or the path."""
    requests = [each for each in simulator.requests(method="POST") if each["path"].endswith("/cancel")]
    return sum(chat_id in each["path"] or each["body"].get("chat_id") == chat_id for each in requests)


async def test_a_stopped_answer_is_what_that_tab_showed(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=60 rate=0 hold={hold} hold_at=delta:40")
    async with open_tab(demo, conversation) as stopping, open_tab(demo, conversation) as other:
        [chat_id] = await simulator.areached(hold)
        await stopping.until(lambda view: len("".join(view.answers(turn))) > 60)
        message = stopping.view.turns[turn]["messages"][0]
        shown = message["text"][:33]
        demo.stop(conversation, turn, {message["id"]: units(shown)})
        for tab in (stopping, other):
            await tab.until(lambda view: view.state(turn) == "canceled")
            assert tab.view.answers(turn) == [shown]
            assert tab.view.turns[turn]["stop"] == ("forgotten" if CAN.forgets_canceled else "remembered")
        assert cancels(simulator, chat_id) == 1
        simulator.release(hold)
        simulator.settled(chat_id)
        assert other.view.answers(turn) == [shown]
    kept = demo.turn(conversation, turn)
    assert [each["text"] for each in kept["messages"]] == [shown]
    assert kept["messages"][0]["state"] == "cut"


async def test_a_stop_before_the_first_byte_cancels_as_soon_as_the_chat_has_an_id(
    demo, echo, simulator
) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=5 hold={hold} hold_at=accepted")
    async with open_tab(demo, conversation) as tab:
        [chat_id] = await simulator.areached(hold)
        demo.stop(conversation, turn, {})
        simulator.release(hold)
        await tab.until(lambda view: view.state(turn) == "canceled")
        assert "".join(tab.view.answers(turn)) == ""
    assert cancels(simulator, chat_id) == 1


async def test_a_stop_that_comes_too_late_offers_the_whole_answer(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    text = f"a whole answer rate=0 follow_ups=0 hold={hold} hold_at=completed"
    conversation, turn = demo.begin(echo, text)
    async with open_tab(demo, conversation) as tab:
        [chat_id] = await simulator.areached(hold)
        await tab.until(lambda view: view.answers(turn) == [text])
        message = tab.view.turns[turn]["messages"][0]
        # The upstream is done, and only then hears of the wish.
        simulator.fault("/v3/chat/cancel", method="POST", count=1, code=4104, msg="already over")
        demo.stop(conversation, turn, {message["id"]: 7})
        await tab.until(lambda view: view.state(turn) == "canceled")
        assert tab.view.turns[turn]["stop"] == "was_done"
        assert tab.view.answers(turn) == [text[:7]]
        simulator.release(hold)
        simulator.settled(chat_id)
        demo.post(f"/c/{conversation}/turns/{turn}/whole/")
        await tab.until(lambda view: view.answers(turn) == [text])
        assert tab.view.turns[turn]["stop"] == ""


async def test_stopping_holds_the_queue_until_somebody_sends_it_on(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=9 hold={hold} hold_at=first")
    waiting = demo.ask(conversation, "later")
    await simulator.areached(hold)
    demo.stop(conversation, turn, {})
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "canceled")
        await tab.until(lambda view: view.turns[waiting]["is_held"])
        demo.post(f"/c/{conversation}/turns/{waiting}/send-now/")
        await tab.until(lambda view: view.state(waiting) == "completed")
    simulator.release(hold)


def test_stopping_what_is_over_changes_nothing(demo, echo) -> None:
    conversation, turn = demo.begin(echo, "quick rate=0")

    async def settle() -> None:
        async with open_tab(demo, conversation) as tab:
            await tab.until(lambda view: view.state(turn) == "completed")

    asyncio.run(settle())
    before = demo.turn(conversation, turn)
    demo.stop(conversation, turn, {before["messages"][0]["id"]: 1})
    assert demo.turn(conversation, turn) == before


@pytest.mark.parametrize("body", [{"shown": "x"}, {"shown": {"a": -1, "b": "c"}}, {"shown": None}, []])
async def test_nonsense_lengths_stop_all_the_same(demo, echo, simulator, body) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=9 hold={hold} hold_at=first")
    await simulator.areached(hold)
    path = f"/c/{conversation}/turns/{turn}/stop/"
    if body == []:
        headers = {"X-CSRFToken": demo.http.cookies["csrftoken"], "Content-Type": "application/json"}
        assert demo.http.post(path, content="[]", headers=headers).status_code == 400
        demo.post(path)
    else:
        demo.post(path, body)
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "canceled")
    simulator.release(hold)


async def test_a_stop_that_names_no_lengths_keeps_what_has_come(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=60 rate=0 hold={hold} hold_at=delta:20")
    async with open_tab(demo, conversation) as tab:
        await simulator.areached(hold)
        await tab.until(lambda view: "w19" in "".join(view.answers(turn)))
        said = tab.view.answers(turn)
        demo.post(f"/c/{conversation}/turns/{turn}/stop/")
        await tab.until(lambda view: view.state(turn) == "canceled")
        assert tab.view.answers(turn) == said
    simulator.release(hold)
