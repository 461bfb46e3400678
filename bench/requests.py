"""What the server does for one page, one tab that comes, one question: its CPU, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bench.audiences import ProductAudience
from bench.load import Load
from bench.runs import PRODUCTS, Bench, say
from bench.server import Process
from bench.table import Row
from bench.tokens import Meter

WARM_UP = 5
TIMES = 40
AFTERWARDS_SECONDS = 1.5  # until what a request leaves to be done is done

Costs = dict[str, float]


def requests(bench: Bench) -> list[Row]:
    rows = []
    for kind in PRODUCTS:
        costs = bench.with_servers(kind, lambda server, _: costs_of(bench, server))
        rows += [Row(f"CPU of {what}, {kind}", cpu_ms, "ms") for what, cpu_ms in costs.items()]
        say(f"{kind}: {costs}")
    return rows


async def costs_of(bench: Bench, server: Process) -> Costs:
    """Milliseconds of each."""
    audience = ProductAudience([server.port], bench.upstream_port, bench.site.seeded, Meter())
    people = audience.people

    async def get(path: str, n: int) -> None:
        headers = {"Cookie": audience.cookie(people[n])}
        async with audience.session.get(audience.site() + path, headers=headers) as answer:
            await answer.read()
            answer.raise_for_status()

    async def ask(first: int, words: str, n: int) -> None:
        await audience.ask(people[first + n], f"tag={first + n} {words}", 0)

    async def come(n: int) -> None:
        await audience.open_tab(people[n], people[n]["conversation"])

    wanted: dict[str, Callable[[int], Awaitable[None]]] = {
        "a page": lambda n: get("/", n),
        "a tab that comes and follows": come,
        "a question until its first text": lambda n: ask(0, "rate=0.01 tokens=open", n),
        "a question and its short answer": lambda n: ask(TIMES + WARM_UP, "rate=100 tokens=3", n),
    }
    try:
        await audience.prepare(Load())
        return {what: await cpu_ms(server, one) for what, one in wanted.items()}
    finally:
        await audience.close()


async def cpu_ms(server: Process, one: Callable[[int], Awaitable[None]]) -> float:
    for n in range(WARM_UP):
        await one(n)
    await asyncio.sleep(AFTERWARDS_SECONDS)
    before = server.cpu_seconds()
    for n in range(WARM_UP, WARM_UP + TIMES):
        await one(n)
    await asyncio.sleep(AFTERWARDS_SECONDS)
    return 1000 * (server.cpu_seconds() - before) / TIMES
