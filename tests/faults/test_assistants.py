"""SIGKILL around questions and answers at an Assistants-style service: nothing lost, nothing said twice."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.faults.answer_points import all_points, batches
from tests.faults.answer_stage import Stage
from tests.faults.assistant_points import CHANNELS, KINDS, MESSAGES, MOMENTS, RUNS, Moment
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.tab import Tab, open_tab
from tests.visitor import Visitor


@dataclass
class Asked:
    """One turn of one conversation, and where it was when its server died."""

    moment: Moment
    mark: str
    conversation: str
    turn: str
    tab: Tab

    @property
    def hold(self) -> str:
        return f"hold-{self.mark}"


async def ask(
    stack: AsyncExitStack, service: SimulatorProcess, visitor: Visitor, bot: str, moment: Moment
) -> Asked:
    """Ask, and return when the turn is at the moment."""
    mark = f"m{uuid4().hex[:8]}"
    hold = f"hold-{mark}"
    if moment.path:
        service.fault(moment.path, method="POST", hold=hold, drop=moment.drops)
    question = f"{mark} tokens=40 rate=0" + moment.words.format(hold=hold)
    conversation, turn = visitor.begin(visitor.bot(bot), question)
    tab = await stack.enter_async_context(open_tab(visitor, conversation))
    await service.areached(hold)
    return Asked(moment, mark, conversation, turn, tab)


def look_at(service: SimulatorProcess, visitor: Visitor, asked: Asked) -> None:
    """One message, one run, and everybody shows what the service has on record."""
    (run,) = [run for run in service.chats() if asked.mark in run["question"]]
    said = [each for each in service.messages() if asked.mark in each["content"]]
    assert [each["role"] for each in said] == ["user"], f"{asked.moment}: {said}"
    record = service.answer(run["id"])
    assert record.startswith("w0 w1 "), asked.moment
    assert asked.tab.view.answers(asked.turn) == [record], asked.moment
    shown = visitor.turn(asked.conversation, asked.turn)
    assert [each["text"] for each in shown["messages"]] == [record], asked.moment
    assert asked.tab.view.faults == [], asked.moment


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_is_said_and_answered_once_wherever_the_server_dies(
    connected: Site, service: SimulatorProcess, visitor: Visitor, kind: str
):
    async with AsyncExitStack() as stack:
        opened = [await ask(stack, service, visitor, f"Echo {kind}", moment) for moment in MOMENTS]
        connected.kill()
        for asked in opened:
            service.release(asked.hold)
        connected.start()
        for asked in opened:
            await asked.tab.until(lambda view, a=asked: view.state(a.turn) == "completed", seconds=40)
            look_at(service, visitor, asked)
        for asked in opened:
            following = visitor.ask(asked.conversation, "And then? tokens=3 rate=0")
            done = visitor.wait_for(asked.conversation, following, "completed", "failed", "lost")
            assert done["state"] == "completed", asked.moment


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stopped_question_stays_stopped_and_frees_its_thread_wherever_the_server_dies(
    connected: Site, service: SimulatorProcess, visitor: Visitor, kind: str
):
    async with AsyncExitStack() as stack:
        opened = [await ask(stack, service, visitor, f"Echo {kind}", moment) for moment in MOMENTS]
        for asked in opened:
            visitor.stop(asked.conversation, asked.turn, {})
        connected.kill()
        for asked in opened:
            service.release(asked.hold)
        connected.start()
        for asked in opened:
            # A polled run that is over may be taken before the stop comes.
            ends = {"canceled", "completed"} if asked.moment.name == "completed" else {"canceled"}
            await asked.tab.until(lambda view, a=asked, e=ends: view.state(a.turn) in e, seconds=40)
            following = visitor.ask(asked.conversation, "And then? tokens=3 rate=0")
            done = visitor.wait_for(asked.conversation, following, "completed", "failed", "lost")
            assert done["state"] == "completed", asked.moment
            runs = [run for run in service.chats() if asked.mark in run["question"]]
            assert len(runs) <= 1 and all(run["status"] in {"canceled", "completed"} for run in runs)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lost", [MESSAGES, RUNS])
async def test_a_reply_that_gets_lost_doubles_nothing(
    connected: Site, service: SimulatorProcess, visitor: Visitor, kind: str, lost: str
):
    mark = f"m{uuid4().hex[:8]}"
    conversation, turn = visitor.begin(visitor.bot(f"Echo {kind}"), "First tokens=3 rate=0")
    visitor.wait_for(conversation, turn, "completed")
    service.fault(lost, method="POST", lose=True)
    async with open_tab(visitor, conversation) as tab:
        asked = Asked(
            Moment(lost), mark, conversation, visitor.ask(conversation, f"{mark} tokens=40 rate=0"), tab
        )
        await tab.until(lambda view: view.state(asked.turn) == "completed", seconds=40)
        look_at(service, visitor, asked)


@pytest.mark.parametrize("number", range(len(CHANNELS)))
async def test_outputs_arrive_once_wherever_the_server_dies(answers: Stage, number: int):
    await answers.kill_at(batches(all_points(channels=CHANNELS))[number])
