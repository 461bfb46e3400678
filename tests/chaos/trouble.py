"""What goes wrong in a run, and when: drawn from the seed, a few at a time."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tests.cluster import Cluster
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.tab import Tab

Deed = Callable[[], Awaitable[None]]
PATHS = (
    "/v3/chat",
    "/v3/chat/retrieve",
    "/v3/chat/message/list",
    "/v3/chat/submit_tool_outputs",
    "/v1/conversation/create",
    "/v1/workflow*",
)


class Trouble:
    """Four hands at once, each one thing after the other: processes, services, the upstream, tabs.

    `counts`: how often what was done.
    """

    def __init__(
        self, cluster: Cluster, simulator: SimulatorProcess, tabs: Callable[[], list[Tab]], seed: int
    ) -> None:
        self.cluster, self.simulator, self.tabs = cluster, simulator, tabs
        self.counts: Counter[str] = Counter()
        self._seed = seed
        self._over = asyncio.Event()

    async def make(self) -> None:
        """Until `end`; whatever was stopped or killed is back when this returns."""
        hands: dict[str, tuple[dict[str, tuple[int, Callable[[random.Random], Awaitable[None]]]], float]] = {
            "processes": (
                {
                    "process killed": (5, self._kill),
                    "process frozen": (3, self._freeze),
                    "all processes killed": (1, self._kill_all),
                },
                6.0,
            ),
            "services": (
                {
                    "Redis killed and restarted": (2, self._restart_redis),
                    "Redis paused": (2, self._pause_redis),
                    "PostgreSQL restarted": (1, self._restart_postgres),
                    "PostgreSQL crashed": (1, self._crash_postgres),
                },
                15.0,
            ),
            "upstream": (
                {
                    "upstream answered 500": (2, self._answer_500),
                    "upstream answered 429": (2, self._answer_429),
                    "upstream cut requests": (2, self._cut_requests),
                    "upstream slow": (1, self._slow),
                },
                6.0,
            ),
            "tabs": (
                {"tabs dropped": (4, self._drop_tabs), "all connections cut": (1, self._cut_all)},
                2.0,
            ),
        }
        await asyncio.gather(*(self._work(name, deeds, pause) for name, (deeds, pause) in hands.items()))
        await asyncio.to_thread(self.simulator.control, "POST", "faults/clear")

    def end(self) -> None:
        self._over.set()

    async def _work(
        self,
        hand: str,
        deeds: dict[str, tuple[int, Callable[[random.Random], Awaitable[None]]]],
        pause: float,
    ) -> None:
        """`pause`: seconds between two deeds, on the average."""
        draw = random.Random(f"{self._seed}-{hand}")
        weights = [weight for weight, _ in deeds.values()]
        while not await self._is_over_within(draw.uniform(0.2, 1.8) * pause):
            name = draw.choices(list(deeds), weights)[0]
            self.counts[name] += 1
            await deeds[name][1](draw)

    async def _is_over_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()
        return self._over.is_set()

    # --- processes -------------------------------------------------------------------------------------

    async def _kill(self, draw: random.Random) -> None:
        await self._down([draw.choice(self.cluster.sites)], draw.uniform(0, 3))

    async def _kill_all(self, draw: random.Random) -> None:
        await self._down(self.cluster.sites, draw.uniform(0, 1))

    async def _down(self, sites: list[Site], seconds: float) -> None:
        for site in sites:
            site.kill()
        await self._is_over_within(seconds)
        await asyncio.gather(*(asyncio.to_thread(site.start) for site in sites))

    async def _freeze(self, draw: random.Random) -> None:
        """Shorter and longer than a lease."""
        site = draw.choice(self.cluster.sites)
        site.freeze()
        await self._is_over_within(draw.uniform(0.5, 9))
        site.thaw()

    # --- services --------------------------------------------------------------------------------------

    async def _restart_redis(self, draw: random.Random) -> None:
        self.cluster.redis.kill()
        await self._is_over_within(draw.uniform(0, 3))
        await asyncio.to_thread(self.cluster.redis.start)

    async def _pause_redis(self, draw: random.Random) -> None:
        self.cluster.redis.freeze()
        await self._is_over_within(draw.uniform(0.5, 6))
        self.cluster.redis.thaw()

    async def _restart_postgres(self, draw: random.Random) -> None:
        await self._postgres_down("fast", draw.uniform(0, 2))

    async def _crash_postgres(self, draw: random.Random) -> None:
        await self._postgres_down("immediate", draw.uniform(0, 2))

    async def _postgres_down(self, mode: str, seconds: float) -> None:
        await asyncio.to_thread(self.cluster.postgres.stop, mode)
        await self._is_over_within(seconds)
        await asyncio.to_thread(self.cluster.postgres.start)

    # --- the upstream ----------------------------------------------------------------------------------

    async def _fault(self, draw: random.Random, **fields: object) -> None:
        fault = {"path": draw.choice(PATHS), "count": draw.randint(1, 3), **fields}
        await asyncio.to_thread(self.simulator.control, "POST", "faults", fault)

    async def _answer_500(self, draw: random.Random) -> None:
        await self._fault(draw, status=500, body="upstream connect error")

    async def _answer_429(self, draw: random.Random) -> None:
        await self._fault(draw, status=429, headers={"Retry-After": str(draw.randint(1, 3))})

    async def _cut_requests(self, draw: random.Random) -> None:
        await self._fault(draw, drop=True, delay=draw.choice((0, 0.5)))

    async def _slow(self, draw: random.Random) -> None:
        await self._fault(draw, delay=draw.uniform(1, 6))

    # --- tabs ------------------------------------------------------------------------------------------

    async def _drop_tabs(self, draw: random.Random) -> None:
        for tab in self.tabs():
            if draw.random() < 0.3:
                await tab.drop()

    async def _cut_all(self, draw: random.Random) -> None:
        self.cluster.proxy.cut_all()
