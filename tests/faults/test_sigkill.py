"""SIGKILL at fifty points of a turn: every answer ends up as the upstream has it, once, in every tab."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from tests.faults.points import COUNT, KINDS, Point, points
from tests.process import Site, running_site
from tests.simulator.process import SimulatorProcess
from tests.tab import Tab, open_tab
from tests.visitor import Visitor

SHOWN_WITHIN_SECONDS = 5.0


class Stage:
    """One site that is killed again and again, with one conversation a bot and a tab on each."""

    def __init__(self, site: Site, simulator: SimulatorProcess, visitor: Visitor) -> None:
        self.site = site
        self.simulator = simulator
        self.visitor = visitor
        self.tabs: dict[str, Tab] = {}
        self.open = AsyncExitStack()
        self.asked: list[tuple[str, str, Point]] = []  # conversation, turn, point
        self.seconds: list[float] = []

    async def ask(self, point: Point) -> tuple[Tab, str]:
        tab = self.tabs.get(point.bot)
        if tab is None or point.needs_new_conversation:
            conversation, turn = self.visitor.begin(self.visitor.bot(point.bot), point.question)
            tab = self.tabs[point.bot] = await self.open.enter_async_context(
                open_tab(self.visitor, conversation)
            )
        else:
            turn = self.visitor.ask(tab.conversation, point.question)
        self.asked.append((tab.conversation, turn, point))
        return tab, turn

    async def reach(self, point: Point) -> tuple[Tab, str]:
        """Ask, and return when the turn is at the point."""
        paths = {"conversation": "/v1/conversation/create", "chat": "/v3/chat"}
        if path := paths.get(point.kind):
            self.simulator.fault(path, hold=point.hold)
        tab, turn = await self.ask(point)
        if point.kind != "asked":
            await self.simulator.areached(point.hold)
        if point.kind == "middle":
            await tab.until(
                lambda view: any(each["text"] or each["reasoning"] for each in view.messages(turn))
            )
        return tab, turn

    def record(self, point: Point) -> list[tuple[str, str]]:
        """Text and reasoning of each answer of the one chat this question began, by the upstream's API."""
        chats = [chat for chat in self.simulator.chats() if chat["question"] == point.question]
        assert len(chats) == 1, f"{point}: asked {len(chats)} times upstream"
        answer = httpx.get(
            f"{self.simulator.url}/v3/chat/message/list",
            params={"conversation_id": chats[0]["conversation_id"], "chat_id": chats[0]["id"]},
            headers={"Authorization": f"Bearer {self.simulator.token}"},
            trust_env=False,
        )
        said = [message for message in answer.json()["data"] if message["type"] == "answer"]
        assert said, f"{point}: no answer upstream"
        return [(message["content"], message.get("reasoning_content", "")) for message in said]

    async def kill_at(self, point: Point) -> None:
        """Kill the server when the turn is at the point, start it again, and see the answer come."""
        tab, turn = await self.reach(point)
        self.site.kill()
        self.simulator.release(point.hold)
        self.site.start()
        started = time.monotonic()
        await tab.until(lambda view: view.state(turn) == "completed", seconds=30)
        self.seconds.append(time.monotonic() - started)
        assert tab.view.answers(turn) == [text for text, _ in self.record(point)], point

    async def look_at_everything(self) -> None:
        """Every page as it loads now, every tab that lived through it, and a fresh tab: all the same."""
        for conversation, turn, point in self.asked:
            on_page = self.visitor.turn(conversation, turn)
            shown = [(message["text"], message["reasoning"]) for message in on_page["messages"]]
            assert shown == self.record(point), f"{point}: page"
        for tab in self.tabs.values():
            assert tab.view.faults == []
            async with open_tab(self.visitor, tab.conversation) as fresh:
                for turn in fresh.view.turns:
                    assert fresh.view.answers(turn) == tab.view.answers(turn)


@pytest.fixture
async def stage(simulator: SimulatorProcess, mortal_site: Site, visitor: Visitor) -> AsyncIterator[Stage]:
    stage = Stage(mortal_site, simulator, visitor)
    async with stage.open:
        yield stage


async def test_a_server_killed_at_any_point_of_a_turn_loses_and_doubles_nothing(stage: Stage):
    for point in points():
        await stage.kill_at(point)
    await stage.look_at_everything()
    print("shown after a start, seconds:", sorted(round(each, 2) for each in stage.seconds))
    late = [each for each in stage.seconds if each > SHOWN_WITHIN_SECONDS]
    assert len(late) <= len(stage.seconds) // 10, f"shown late: {late}"


@pytest.fixture
async def uvicorn_stage(simulator: SimulatorProcess, tmp_path: Path) -> AsyncIterator[Stage]:
    with running_site(tmp_path, simulator.url, simulator.token, server="uvicorn") as site:
        stage = Stage(site, simulator, Visitor(site.url, "demo"))
        async with stage.open:
            yield stage
        stage.visitor.close()


async def test_under_uvicorn_it_is_the_same(uvicorn_stage: Stage):
    for point in points(seed=7, count=len(KINDS), first=COUNT):
        await uvicorn_stage.kill_at(point)
    await uvicorn_stage.look_at_everything()
