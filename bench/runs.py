"""How one measured run comes about: fresh upstream, fresh server, fresh copy of the database, one load."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from bench.audiences import ProductAudience, RelayAudience
from bench.chainlit.audience import ChainlitAudience
from bench.chainlit.environment import ChainlitEnvironment
from bench.load import Audience, Load, Result, run
from bench.server import RELAYS, Process, Site, free_port, start_relay, start_upstream
from bench.tokens import Meter
from bench.wal import CommitCounter

T = TypeVar("T")
PEOPLE = 1600  # most chats a search may reach, and the owners of the idle tabs
PRODUCTS = ("daphne", "uvicorn")


@dataclass(frozen=True, slots=True)
class Extent:
    """How long everything takes: the whole table, or a quick look whose figures mean little."""

    rounds: int = 3
    chats: int = 40
    window_seconds: float = 10
    idle_tabs: int = 1000
    rush_tabs: int = 4000
    most_chats: int = 1500
    search_window_seconds: float = 6


QUICK = Extent(
    rounds=1,
    chats=10,
    window_seconds=3,
    idle_tabs=100,
    rush_tabs=200,
    most_chats=50,
    search_window_seconds=3,
)


class Bench:
    """The seeded site and the upstream's address; every run starts its own processes."""

    def __init__(self, extent: Extent, chainlit: ChainlitEnvironment | None = None) -> None:
        self.extent = extent
        self.chainlit = chainlit
        self.upstream_port = free_port()
        self.site = Site(self.upstream_port, PEOPLE)

    def serve(self, kind: str) -> Process:
        if kind in RELAYS:
            return start_relay(kind, self.upstream_port)
        if kind == "chainlit":
            assert self.chainlit is not None
            return self.chainlit.serve(self.upstream_port)
        return self.site.serve(kind)

    def run(self, kind: str, load: Load, counts_commits: bool = False) -> Result:
        """Raises RuntimeError, OSError or TimeoutError when the server does not start or does not answer."""

        async def measured(server: Process, upstream: Process) -> Result:
            meter = Meter()
            commits = CommitCounter(self.site.database) if counts_commits else None
            return await run(self.audience(kind, server, meter), meter, load, server, upstream, commits)

        result = self.with_servers(kind, measured)
        say(f"{kind}: {summary(result)}")
        return result

    def audience(self, kind: str, server: Process, meter: Meter) -> Audience:
        if kind in RELAYS:
            return RelayAudience(server.port, self.upstream_port, meter)
        if kind == "chainlit":
            return ChainlitAudience(server.port, self.upstream_port, meter)
        return ProductAudience([server.port], self.upstream_port, self.site.seeded, meter)

    def remove(self) -> None:
        self.site.remove()
        if self.chainlit:
            self.chainlit.remove()

    def with_servers(self, kind: str, work: Callable[[Process, Process], Coroutine[Any, Any, T]]) -> T:
        with start_upstream(self.upstream_port) as upstream, self.serve(kind) as server:
            upstream.wait_until_alive("/v1/users/me")
            server.wait_until_alive()
            gc.collect()
            gc.freeze()
            gc.disable()  # a collection of the generator would be read as latency of the server
            try:
                return asyncio.run(work(server, upstream))
            finally:
                gc.enable()


def summary(result: Result) -> str:
    """One line about a run, for whoever waits."""
    odd = {name: count for name, count in result.counts.items() if name not in ("delta", "turn")}
    return (
        f"{result.load.chats} chats × {result.load.rate:g}/s × {result.load.tabs_a_chat}: "
        f"{result.cpu_us:.0f} µs/delta, p50 {result.p50_ms:.1f} p99 {result.p99_ms:.1f} ms, "
        f"{result.delivered}/{result.expected:.0f} in the window, generator {result.busy:.0%} busy, "
        f"started in {result.start_seconds:.1f} s, "
        f"{result.start_cpu_ms:.0f} ms a question, {result.faults}, {odd}"
    )


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
