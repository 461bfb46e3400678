"""What a killed server leaves behind besides a running answer: stops, queues, open actions, lost turns."""

from __future__ import annotations

import json

import pytest

from tests.process import Site
from tests.reduction import units
from tests.simulator.process import SimulatorProcess
from tests.tab import open_tab
from tests.upstream import ASK, CANCEL
from tests.visitor import Visitor


def restart(site: Site) -> None:
    site.kill()
    site.start()


async def test_a_stop_that_was_asked_before_the_death_still_holds(
    mortal_site: Site, simulator: SimulatorProcess, visitor: Visitor
):
    question = "stopped: tokens=40 rate=0 hold=stopped hold_at=delta:20"
    conversation, turn = visitor.begin(visitor.bot("Echo"), question)
    async with open_tab(visitor, conversation) as tab:
        await tab.until(lambda view: "w19" in "".join(view.answers(turn)))
        message = tab.view.turns[turn]["messages"][0]
        simulator.fault(CANCEL, method="POST", hold="cancel")
        visitor.stop(conversation, turn, {message["id"]: units("w0 w1 w2 ")})
        await simulator.areached("cancel")
        mortal_site.kill()
        simulator.release("stopped")
        simulator.release("cancel")
        mortal_site.start()
        await tab.until(lambda view: view.state(turn) == "canceled")
        assert tab.view.answers(turn) == ["w0 w1 w2 "]
    assert visitor.turn(conversation, turn)["messages"][0]["text"] == "w0 w1 w2 "


async def test_questions_in_the_queue_are_asked_once_and_in_order(
    mortal_site: Site, simulator: SimulatorProcess, visitor: Visitor
):
    first = "queue-1: tokens=30 rate=0 hold=queue hold_at=delta:10"
    conversation, turn = visitor.begin(visitor.bot("Echo"), first)
    questions = [first, "queue-2: tokens=5 rate=0", "queue-3: tokens=5 rate=0"]
    turns = [turn, *(visitor.ask(conversation, question) for question in questions[1:])]
    async with open_tab(visitor, conversation) as tab:
        await simulator.areached("queue")
        mortal_site.kill()
        simulator.release("queue")
        mortal_site.start()
        await tab.until(lambda view: all(view.state(each) == "completed" for each in turns))
    asked = [chat["question"] for chat in simulator.chats() if chat["question"] in questions]
    assert asked == questions


@pytest.mark.needs("submits_outputs")
async def test_a_tool_call_that_waits_is_still_there_and_can_be_answered(mortal_site: Site, visitor: Visitor):
    conversation, turn = visitor.begin(visitor.bot("Weather"), "Will it rain in Beijing?")
    async with open_tab(visitor, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "waiting")
        before = tab.view.turns[turn]["actions"]
        restart(mortal_site)
        await tab.until(lambda view: tab.is_caught_up)
        assert tab.view.turns[turn]["actions"] == before
        outputs = {action["id"]: json.dumps({"rain": "80%"}) for action in before}
        visitor.post(f"/c/{conversation}/turns/{turn}/answer/", {"outputs": outputs})
        await tab.until(lambda view: view.state(turn) == "completed")
        assert "80%" in "".join(tab.view.answers(turn))


async def test_a_question_that_never_arrived_is_lost_and_can_be_sent_again(
    mortal_site: Site, simulator: SimulatorProcess, visitor: Visitor
):
    simulator.fault(ASK, method="POST", hold="never", drop=True)
    conversation, turn = visitor.begin(visitor.bot("Echo"), "never arrived: tokens=5 rate=0")
    async with open_tab(visitor, conversation) as tab:
        await simulator.areached("never")
        mortal_site.kill()
        simulator.release("never")
        mortal_site.start()
        await tab.until(lambda view: view.state(turn) == "lost", seconds=40)
        assert tab.view.turns[turn]["error"]["reason"] == "lost"
        client_id = "0b7a8c4e-5a51-4e4b-9f5f-3f9f6d2f1a11"
        body = visitor.post(f"/c/{conversation}/turns/{turn}/again/", {"client_id": client_id})
        again = body["turn"]["id"]
        await tab.until(lambda view: view.state(again) == "completed")
        assert tab.view.answers(again) == ["w0 w1 w2 w3 w4 "]


async def test_an_orderly_stop_in_mid_answer_loses_nothing(
    mortal_site: Site, simulator: SimulatorProcess, visitor: Visitor
):
    """SIGTERM, as an upgrade does."""
    question = "orderly: tokens=50 rate=0 hold=orderly hold_at=delta:25"
    conversation, turn = visitor.begin(visitor.bot("Echo"), question)
    async with open_tab(visitor, conversation) as tab:
        await tab.until(lambda view: "w24" in "".join(view.answers(turn)))
        mortal_site.stop()
        simulator.release("orderly")
        mortal_site.start()
        await tab.until(lambda view: view.state(turn) == "completed")
        chat = next(chat for chat in simulator.chats() if chat["question"] == question)
        assert tab.view.answers(turn) == [simulator.answer(chat["id"])]
        assert tab.view.faults == []
