"""The figures of design section 7 that a load can measure, each as a function from a bench to rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median

from bench.audiences import ProductAudience
from bench.console import console
from bench.load import Load, Result
from bench.page import page
from bench.processes import processes
from bench.requests import requests
from bench.runs import PRODUCTS, Bench, say
from bench.rush import rush
from bench.server import RELAYS, Process
from bench.table import Row
from bench.tokens import Meter

FULL_GENERATOR = 0.9  # busier than this, the generator may be what is slow
WARM_UP_TABS = 100


def cost(bench: Bench) -> list[Row]:
    """CPU per delta against the relay's, and the added latency, in interleaved rounds."""
    load = Load(chats=bench.extent.chats, window_seconds=bench.extent.window_seconds)
    relays = [kind for kind in RELAYS if kind == "relay" or find_spec("uvloop")]
    rounds = [
        {kind: bench.run(kind, load) for kind in (*relays, *PRODUCTS)} for _ in range(bench.extent.rounds)
    ]
    rows = [
        Row(f"CPU per delta, Starlette {kind}", median(r[kind].cpu_us for r in rounds), "µs")
        for kind in relays
    ]
    for kind, must, aim in (("daphne", 1.6, 1.2), ("uvicorn", 0.9, 0.65)):
        ratio = median(r[kind].cpu_us / r["relay"].cpu_us for r in rounds)
        note = f"{median(r[kind].cpu_us for r in rounds):.0f} µs"
        rows.append(Row(f"CPU per delta, {kind} / Starlette relay", ratio, "", must, aim, note=note))
    name = f"p99 added latency, {load.chats} chats × {load.rate:g}/s"
    for kind in PRODUCTS:
        note = f"p50 {median(r[kind].p50_ms for r in rounds):.2g} ms"
        rows.append(Row(f"{name}, {kind}", median(r[kind].p99_ms for r in rounds), "ms", 10, 5, note=note))
    for kind in PRODUCTS:
        per_question_ms = median(r[kind].start_cpu_ms for r in rounds)
        rows.append(Row(f"CPU per question until its first text, {kind}", per_question_ms, "ms"))
    relay_note = f"p50 {median(r['relay'].p50_ms for r in rounds):.2g} ms"
    rows.append(Row(f"{name}, relay", median(r["relay"].p99_ms for r in rounds), "ms", note=relay_note))
    return rows


def capacity(bench: Bench) -> list[Row]:
    """Most chats at 30/s whose p99 stays below 100 ms."""
    rows, most = [], {}
    rivals = ["relay", "chainlit"] if bench.chainlit else ["relay"]
    for kind in (*rivals, *PRODUCTS):
        most[kind], is_bound_by_generator = most_chats(bench, kind)
        note = "bound by the generator's core" if is_bound_by_generator else ""
        rows.append(Row(f"most chats with p99 < 100 ms, {kind}", most[kind], note=note))
    if bench.chainlit:
        for kind, must, aim in (("daphne", 3, 5), ("uvicorn", 6, 10)):
            ratio = most[kind] / max(1, most["chainlit"])
            rows.append(Row(f"most chats, {kind} / Chainlit", ratio, "", must, aim, is_more_better=True))
    return rows


def most_chats(bench: Bench, kind: str, first: int = 50) -> tuple[int, bool]:
    """Double until a level fails twice, then halve the gap until it is an eighth of the level."""
    good, bad, busy = 0, 0, 0.0
    level = min(first, bench.extent.most_chats)
    while level != good:
        result = best_of_two(bench, kind, level)
        if result is not None:
            good, busy = level, result.busy
        else:
            bad = level
        if bad and bad - good <= max(5, good // 8):
            break
        level = (good + bad) // 2 if bad else min(2 * level, bench.extent.most_chats)
    return good, busy > FULL_GENERATOR


def best_of_two(bench: Bench, kind: str, chats: int) -> Result | None:
    """A run that kept up, or None. A machine has its moments: failing takes two."""
    load = Load(chats=chats, window_seconds=bench.extent.search_window_seconds, is_checked=False)
    for _ in range(2):
        try:
            result = bench.run(kind, load)
        except (RuntimeError, OSError, TimeoutError) as error:
            say(f"{kind}: {chats} chats: {type(error).__name__} {error}")
            continue
        if result.keeps_up:
            return result
    return None


def idle(bench: Bench) -> list[Row]:
    """What a tab costs that only sits there: memory, and CPU taken from those that stream."""
    tabs = bench.extent.idle_tabs
    rows = []
    for kind, must, aim in (("daphne", 50, 40), ("uvicorn", 45, 36)):
        kib = bench.with_servers(kind, lambda server, _: idle_kib(bench, server))
        say(f"{kind}: {kib:.1f} KiB an idle tab")
        rows.append(
            Row(f"idle signed-in tab, {kind}", kib, "KiB", must, aim, note=f"{tabs} tabs, each follows")
        )
    base = Load(chats=bench.extent.chats, window_seconds=bench.extent.window_seconds)
    crowded = Load(chats=base.chats, window_seconds=base.window_seconds, idle=tabs)
    for kind in PRODUCTS:
        pairs = [(bench.run(kind, base), bench.run(kind, crowded)) for _ in range(bench.extent.rounds)]
        ratio = median(with_idle.cpu_us / without.cpu_us for without, with_idle in pairs)
        rows.append(Row(f"{tabs} idle tabs: CPU per delta / without, {kind}", ratio, "", 1.2, 1.1))
    return rows


async def idle_kib(bench: Bench, server: Process) -> float:
    """Growth of the resident set per tab; what the first tabs load for all is not counted."""
    audience = ProductAudience([server.port], bench.upstream_port, bench.site.seeded, Meter())
    try:
        await audience.open_idle(audience.people[:WARM_UP_TABS])
        await asyncio.sleep(2)
        before = server.resident_bytes()
        await audience.open_idle(audience.people[-bench.extent.idle_tabs :])
        await asyncio.sleep(3)
        return (server.resident_bytes() - before) / bench.extent.idle_tabs / 1024
    finally:
        await audience.close()


def checkpoints(bench: Bench) -> list[Row]:
    """Transactions a second in a window in which no turn starts or ends."""
    load = Load(chats=bench.extent.chats, window_seconds=bench.extent.window_seconds)
    rows = []
    for kind in PRODUCTS:
        rate = bench.run(kind, load, counts_commits=True).commits_a_second
        assert rate is not None
        rows.append(Row(f"checkpoint transactions while streaming, {kind}", rate, "/s", 2, 1))
    return rows


def loss(bench: Bench) -> list[Row]:
    """Three tabs a chat, 30 % of the sockets dropping and coming back all the time."""
    window = bench.extent.window_seconds
    load = Load(chats=bench.extent.chats, tabs_a_chat=3, dropping=0.3, window_seconds=window)
    rows = []
    for kind in PRODUCTS:
        result = bench.run(kind, load)
        wrong = result.faults.total + result.unfinished + result.asked_twice + result.counts["stranger"]
        note = (
            f"{result.counts['drop']} drops" if not wrong else f"{result.faults}, {result.unfinished} endless"
        )
        name = f"lost, doubled, reordered, leaked deltas, {kind}"
        rows.append(Row(name, wrong, "", 0, 0, note=note))
    return rows


FIGURES: dict[str, Callable[[Bench], list[Row]]] = {
    "loss": loss,
    "cost": cost,
    "checkpoints": checkpoints,
    "idle": idle,
    "rush": rush,
    "requests": requests,
    "processes": processes,
    "capacity": capacity,
    "page": page,
    "console": console,
}
