"""SIGKILL while the old turn is deleted upstream: asked again once, and the bot sees no older version."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.tab import open_tab
from tests.visitor import Visitor

LIST, DELETE = "/v1/conversation/message/list", "/v1/conversation/message/delete"
# Where the process dies: the path, and how many calls of it came through before.
POINTS = [(LIST, 0), (DELETE, 0), (DELETE, 1), (LIST, 1), ("/v3/chat", 0)]


@pytest.mark.parametrize(("path", "passed"), POINTS)
async def test_a_killed_process_deletes_what_is_left_and_asks_once(
    mortal_site: Site, simulator: SimulatorProcess, visitor: Visitor, path: str, passed: int
) -> None:
    hold = f"forget-{uuid4().hex}"
    question = f"again {hold} rate=0"
    conversation, first = visitor.begin(visitor.bot("Echo"), "before rate=0")
    old = visitor.ask(conversation, question)
    visitor.wait_for(conversation, old, "completed")
    if passed:
        simulator.fault(path, count=passed)
    simulator.fault(path, hold=hold)
    async with open_tab(visitor, conversation) as tab:
        body = {"client_id": str(uuid4())}
        new = visitor.post(f"/c/{conversation}/turns/{old}/regenerate/", body)["turn"]["id"]
        await simulator.areached(hold)
        mortal_site.kill()
        simulator.release(hold)
        mortal_site.start()
        await tab.until(lambda view: view.state(new) == "completed", seconds=30)
        assert tab.view.turns[new]["sees_replaced"] is False
        assert tab.view.faults == []
    asked = [chat for chat in simulator.chats() if chat["question"] == question]
    assert len(asked) == 2, "the question was asked once more, once"
    kept = simulator.messages(conversation_id=asked[0]["conversation_id"])
    said = [each["content"] for each in kept if each["type"] in {"question", "answer"}]
    answers = [visitor.turn(conversation, turn)["messages"][0]["text"] for turn in (first, new)]
    assert said == ["before rate=0", answers[0], question, answers[1]]
    assert len(asked[1]["context"]) == 2
    assert len(visitor.turn(conversation, old)["messages"]) == 1
