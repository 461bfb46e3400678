"""Tabs that come and go while answers stream: nothing lost, doubled or out of order, under either server."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.stack import running_stack
from tests.tab import Tab, open_tab
from tests.visitor import Visitor

TOKENS = 400
DROPS = 6


@pytest.fixture(params=["daphne", "uvicorn"])
def served(request: pytest.FixtureRequest, simulator: SimulatorProcess, tmp_path: Path) -> Iterator[Site]:
    with running_stack(tmp_path, simulator, server=request.param) as site:
        yield site


async def come_and_go(tab: Tab, turn: str, seed: int) -> None:
    """Lose the connection a few times, each time a little further in the answer."""
    draw = random.Random(seed)
    for part in range(1, DROPS + 1):
        words = part * TOKENS // (DROPS + 1) + draw.randint(-20, 20)
        await tab.until(lambda view, words=words: len("".join(view.answers(turn)).split()) >= words)
        await tab.drop()
        # On a slow machine the answer gets further while the tab is away: one drop a connection all the same.
        await tab.until(lambda _view, part=part: tab.sockets > part)


async def test_tabs_that_lose_their_connection_see_every_word_once(served: Site, simulator: SimulatorProcess):
    visitor = Visitor(served.url, "demo")
    question = f"tabs under {served.server}: tokens={TOKENS} rate=200"
    conversation, turn = visitor.begin(visitor.bot("Echo"), question)
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(open_tab(visitor, conversation)) for _ in range(3)]
        await asyncio.gather(*(come_and_go(tab, turn, seed) for seed, tab in enumerate(tabs[1:])))
        for tab in tabs:
            await tab.until(lambda view: view.state(turn) == "completed")
        chat = next(chat for chat in simulator.chats() if chat["question"] == question)
        record = [simulator.answer(chat["id"])]
        assert [tab.view.answers(turn) for tab in tabs] == [record] * 3
        assert [tab.view.faults for tab in tabs] == [[]] * 3
        assert [tab.sockets for tab in tabs] == [1, 1 + DROPS, 1 + DROPS]
    visitor.close()
