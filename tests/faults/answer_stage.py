"""A site that is killed again and again while answers are on their way, and what people then see."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from tests.faults.answer_points import Channel, Point, point
from tests.faults.asked import (
    Asked,
    Json,
    Rows,
    accepted,
    add_background_bot,
    begin,
    bring_to_card,
    has_begun,
    is_over,
    post_answer,
    record,
    shown,
    watch_cards,
)
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.stack import running_stack
from tests.tab import Tab, open_tab
from tests.visitor import Visitor


class Stage:
    """A site that is killed again and again, with some turns at once in its hands each time."""

    def __init__(self, site: Site, simulator: SimulatorProcess) -> None:
        self.site, self.simulator = site, simulator
        self.visitor = Visitor(site.url, "demo")
        self.database = Rows(site.env["DATABASE_URL"])
        self.bots = self.database.bots()
        self.undisturbed: dict[str, Json] = {}  # by channel: what a turn comes to when nobody dies

    def close(self) -> None:
        self.database.close()
        self.visitor.close()

    async def open(self, stack: AsyncExitStack, each: Point) -> tuple[Tab, Asked]:
        asked = begin(self.visitor, self.bots[each.channel.bot], each)
        tab = await stack.enter_async_context(open_tab(self.visitor, asked.conversation))
        watch_cards(tab)
        await bring_to_card(self.simulator, self.visitor, tab, asked)
        return tab, asked

    async def learn(self, channels: Collection[str | Channel]) -> None:
        """Ask and answer once without a death."""
        async with AsyncExitStack() as stack:
            for each in map(point, channels):
                name = each.channel.name
                if name in self.undisturbed:
                    continue
                tab, asked = await self.open(stack, each)
                post_answer(self.visitor, asked)
                await self.until_over(tab, asked)
                self.undisturbed[name] = shown(self.visitor.turn(asked.conversation, asked.turn))
                texts = [text for text, _ in self.undisturbed[name]["texts"]]
                assert len(set(texts)) == len(texts), f"{name}: said twice"
                assert asked.channel.ends == "waiting" or texts[-1] == record(self.simulator, asked)[-1]

    async def until_over(self, tab: Tab, asked: Asked) -> None:
        await tab.until(lambda view: is_over(view.turns[asked.turn], asked), seconds=30)

    async def check_all(self, opened: list[tuple[Tab, Asked]]) -> None:
        """Everything opened ends, once, as if nothing had happened."""
        for tab, asked in opened:
            await self.until_over(tab, asked)
        for tab, asked in opened:
            await self.look_at(tab, asked)

    async def kill_at(self, points: list[Point]) -> None:
        await self.learn({each.channel for each in points})
        async with AsyncExitStack() as stack:
            opened = [await self.open(stack, each) for each in points]
            await self.bring_to_points(opened)
            under_way = await self.hold_writers(opened)
            self.site.kill()
            self.database.unlock()
            for each in points:
                self.simulator.release(each.hold)
            await asyncio.gather(*under_way, return_exceptions=True)
            self.site.start()
            for _, asked in opened:
                self.say_again(asked)
            await self.check_all(opened)

    async def bring_to_points(self, opened: list[tuple[Tab, Asked]]) -> None:
        for tab, asked in opened:
            if asked.point.needs_hold:
                post_answer(self.visitor, asked)
                await self.simulator.areached(asked.point.hold)
                if asked.point.moment == "middle" and asked.channel.name != "background":
                    await tab.until(lambda view, a=asked: has_begun(view.turns[a.turn]))

    async def hold_writers(self, opened: list[tuple[Tab, Asked]]) -> list[asyncio.Task[Json]]:
        """Store one answer and let nothing be written after it; the others are under way then."""
        stored = [asked for _, asked in opened if asked.point.moment == "stored"]
        assert len(stored) <= 1, "the first would lock the others out"
        tasks = [self.say(asked) for asked in stored]
        for asked in stored:
            await asyncio.to_thread(self.database.until_stored, asked.turn)
        return tasks

    def say(self, asked: Asked) -> asyncio.Task[Json]:
        return asyncio.create_task(asyncio.to_thread(post_answer, self.visitor, asked))

    def say_again(self, asked: Asked) -> None:
        """What a tab does whose POST was not answered; for those that were, a repeat that changes nothing."""
        post_answer(self.visitor, asked)

    async def look_at(self, tab: Tab, asked: Asked) -> None:
        assert accepted(self.simulator, asked) == len(asked.channel.rounds), f"{asked.point}: upstream"
        assert tab.view.faults == [], asked.point
        self.compare(tab.view.turns[asked.turn], asked, "tab")
        self.compare(self.visitor.turn(asked.conversation, asked.turn), asked, "page")
        async with open_tab(self.visitor, asked.conversation) as fresh:
            self.compare(fresh.view.turns[asked.turn], asked, "fresh tab")

    def compare(self, turn: Json, asked: Asked, where: str) -> None:
        expected, seen = self.undisturbed[asked.channel.name], shown(turn)
        assert seen == expected, f"{asked.point}: {where}: {seen} is not {expected}"


@contextmanager
def open_stage(folder: Path, simulator: SimulatorProcess, server: str = "daphne") -> Iterator[Stage]:
    env = {"WAITING_POLL_SECONDS": "1"}
    with running_stack(folder, simulator, server, env) as site:
        add_background_bot(site)
        stage = Stage(site, simulator)
        yield stage
        stage.close()
