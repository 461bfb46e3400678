"""Thousands of tabs whose sockets broke in the same moment, as when a proxy restarts, come back at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from statistics import median

from bench.audiences import ProductAudience
from bench.runs import PRODUCTS, Bench, say
from bench.server import Process
from bench.table import Row
from bench.tokens import Meter

TABS_A_PERSON = 4


def rush(bench: Bench) -> list[Row]:
    """Worse than in life, where tabs wait 0.25 to 0.5 s before they come back."""
    rows = []
    for kind in PRODUCTS:
        runs = [
            bench.with_servers(kind, lambda server, _: come_back(bench, server))
            for _ in range(bench.extent.rounds)
        ]
        seconds, cpu_ms = (median(run[place] for run in runs) for place in (0, 1))
        refused = sum((run[2] for run in runs), Counter())
        name = f"{bench.extent.rush_tabs} tabs come back at once, {kind}"
        note = f"the last one follows again after {seconds:.1f} s, {refused.total()} tries refused"
        say(f"{name}: {cpu_ms:.1f} ms CPU a tab, {note} {dict(refused)}")
        rows.append(Row(f"{name}: CPU a tab", cpu_ms, "ms", note=note))
    return rows


async def come_back(bench: Bench, server: Process) -> tuple[float, float, Counter[str]]:
    """Seconds until all follow again, CPU a tab in ms, and what was refused on the way."""
    audience = ProductAudience([server.port], bench.upstream_port, bench.site.seeded, Meter())
    try:
        people = audience.people[-(bench.extent.rush_tabs // TABS_A_PERSON) :]
        await audience.open_idle(people * TABS_A_PERSON)
        cpu, begun = server.cpu_seconds(), time.monotonic()
        await asyncio.gather(*(tab.blink(0) for tab in audience.tabs))
        seconds, cpu = time.monotonic() - begun, server.cpu_seconds() - cpu
        counts = audience.counts()
        refused = Counter({name: count for name, count in counts.items() if name.startswith("refused ")})
        return seconds, 1000 * cpu / len(audience.tabs), refused
    finally:
        await audience.close()
