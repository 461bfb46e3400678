"""One run: so many chats at such a rate before so many tabs, measured over a steady window."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import psutil

from bench.server import Process
from bench.tokens import Faults, Meter, faults
from bench.wal import CommitCounter

START_TOGETHER = 8
END_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Load:
    """`dropping`: share of the sockets that drop and come back all the time; `idle`: tabs that only sit."""

    chats: int = 40
    rate: float = 30
    tabs_a_chat: int = 1
    dropping: float = 0
    idle: int = 0
    settle_seconds: float = 2
    window_seconds: float = 10
    is_checked: bool = True  # False: stop after the window, do not wait for ends nor compare texts

    def question(self, tag: int) -> str:
        return f"tag={tag} rate={self.rate:g} tokens=open"


@dataclass(slots=True)
class Result:
    """CPU of the server, and of stores beside it, in microseconds a delta, `busy` the share of the
    generator's core in use."""

    load: Load
    delivered: int = 0
    cpu_us: float = 0
    stores_us: float = 0
    p50_ms: float = 0
    p99_ms: float = 0
    busy: float = 0
    commits_a_second: float | None = None
    start_seconds: float = 0
    start_cpu_ms: float = 0  # of the server, a question, until its first text
    faults: Faults = field(default_factory=Faults)
    unfinished: int = 0
    asked_twice: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def expected(self) -> float:
        return self.load.chats * self.load.rate * self.load.tabs_a_chat * self.load.window_seconds

    @property
    def keeps_up(self) -> bool:
        return self.p99_ms < 100 and self.delivered > 0.97 * self.expected


class Viewer(Protocol):
    """A tab of whatever is measured."""

    first_text: asyncio.Event
    over: asyncio.Event

    @property
    def text(self) -> str: ...
    def leave(self) -> None: ...


class Measured(Protocol):
    """One process, or several that do something together."""

    def cpu_seconds(self) -> float: ...


class Audience(Protocol):
    """Opens viewers at one server."""

    async def prepare(self, load: Load) -> None: ...
    async def open_chat(self, tag: int, load: Load) -> list[Viewer]: ...
    async def close(self) -> None: ...
    async def control(self, path: str) -> Any: ...
    def counts(self) -> Counter[str]: ...


async def run(
    audience: Audience,
    meter: Meter,
    load: Load,
    server: Measured,
    upstream: Process,
    commits: CommitCounter | None,
    stores: Measured | None = None,
) -> Result:
    """Start the chats, let them settle, measure, end them, compare what the tabs show with what was sent."""
    result = Result(load)
    try:
        await audience.prepare(load)
        began = time.monotonic(), server.cpu_seconds()
        chats = await start_chats(audience, load)
        result.start_seconds = time.monotonic() - began[0]
        result.start_cpu_ms = (server.cpu_seconds() - began[1]) * 1000 / load.chats
        droppers = [asyncio.create_task(keep_dropping(viewer)) for viewer in some(chats, load.dropping)]
        await asyncio.sleep(load.settle_seconds)
        await measure(result, meter, server, upstream, commits, stores)
        if load.is_checked:
            await audience.control("/bench/finish")
            await end(result, chats, droppers)
            compare(result, chats, await audience.control("/bench/record"))
        result.counts = audience.counts()
    finally:
        await audience.close()
    return result


async def start_chats(audience: Audience, load: Load) -> list[list[Viewer]]:
    """A few at a time, as people come; over when every tab has seen its first text."""
    gate = asyncio.Semaphore(START_TOGETHER)

    async def start(tag: int) -> list[Viewer]:
        async with gate:
            viewers = await audience.open_chat(tag, load)
            for viewer in viewers:
                await asyncio.wait_for(viewer.first_text.wait(), END_SECONDS)
            return viewers

    return list(await asyncio.gather(*(start(tag) for tag in range(load.chats))))


def some(chats: list[list[Viewer]], share: float) -> list[Viewer]:
    viewers = [viewer for chat in chats for viewer in chat]
    return random.sample(viewers, round(share * len(viewers)))


async def keep_dropping(viewer: Any) -> None:
    while not viewer.over.is_set():
        await asyncio.sleep(random.uniform(0.3, 2.5))
        await viewer.blink(random.uniform(0.02, 1))


async def measure(
    result: Result,
    meter: Meter,
    server: Measured,
    upstream: Process,
    commits: CommitCounter | None,
    stores: Measured | None,
) -> None:
    generator = psutil.Process()
    own = [generator, upstream.observed]
    seconds = result.load.window_seconds
    before = server.cpu_seconds(), sum(cpu_seconds(process) for process in own)
    stores_before = stores.cpu_seconds() if stores else 0
    meter.open()
    if commits:
        with commits:
            await asyncio.sleep(seconds)
            result.commits_a_second = commits.count() / seconds
    else:
        await asyncio.sleep(seconds)
    meter.close()
    server_seconds = server.cpu_seconds() - before[0]
    stores_seconds = stores.cpu_seconds() - stores_before if stores else 0
    result.busy = (sum(cpu_seconds(process) for process in own) - before[1]) / seconds
    result.delivered = meter.delivered
    result.cpu_us = server_seconds * 1e6 / max(1, meter.delivered)
    result.stores_us = stores_seconds * 1e6 / max(1, meter.delivered)
    result.p50_ms, result.p99_ms = meter.percentile_ms(50), meter.percentile_ms(99)


def cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def end(result: Result, chats: list[list[Viewer]], droppers: Iterable[asyncio.Task[None]]) -> None:
    """Wait for every tab to see the end; who drops goes on dropping until then."""
    waits = [asyncio.create_task(viewer.over.wait()) for chat in chats for viewer in chat]
    _, late = await asyncio.wait(waits, timeout=END_SECONDS)
    result.unfinished = len(late)
    for task in [*late, *droppers]:
        task.cancel()
    outcomes = await asyncio.gather(*late, *droppers, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


def compare(result: Result, chats: list[list[Viewer]], said: dict[str, dict[str, Any]]) -> None:
    """Every tab against the upstream's own record of its chat."""
    for tag, viewers in enumerate(chats):
        chat = said[str(tag)]
        result.asked_twice += chat["questions"] > 1
        for viewer in viewers:
            result.faults += faults(viewer.text, tag, chat["text"].count(" "))
