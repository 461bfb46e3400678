"""A process on each core, one PostgreSQL and one Redis: what a delta costs at the process that has the turn,
and where a tab sits at another one, so that each delta comes to it through Redis.

The generator and both stores share the cores, so CPU can be compared here, and latency cannot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import psutil

from bench.audiences import ProductAudience
from bench.load import Load, Result, cpu_seconds, run
from bench.runs import PRODUCTS, Bench, say, summary
from bench.server import COMMANDS, CORES, Process, free_port, start_upstream
from bench.table import Row
from bench.tokens import Meter
from tests.postgres import Postgres, running_postgres
from tests.redis_server import Redis, running_redis

PLACES = {"its tab beside it": 0, "its tab at another process": 1}


def processes(bench: Bench) -> list[Row]:
    rows = []
    with stores_for(bench) as stores:
        for kind in PRODUCTS:
            for place, step in PLACES.items():
                runs = [one_run(bench, stores, kind, step) for _ in range(bench.extent.rounds)]
                wrong = sum(run.faults.total + run.unfinished + run.asked_twice for run in runs)
                stores_us = median(run.stores_us for run in runs)
                note = f"PostgreSQL and Redis {stores_us:.0f} µs besides, {wrong} deltas wrong"
                name = f"CPU per delta, {len(CORES)} processes under {kind}, {place}"
                rows.append(Row(name, median(run.cpu_us for run in runs), "µs", note=note))
    return rows


@dataclass(frozen=True, slots=True)
class Stores:
    """Filled, and what they ask of a process that uses them."""

    postgres: Postgres
    redis: Redis
    environment: dict[str, str]
    seeded: dict[str, Any]

    def cpu_seconds(self) -> float:
        """Of both, and of the connections' processes that have ended."""
        postmaster = psutil.Process(self.postgres.pid)
        over = postmaster.cpu_times()
        alive = [psutil.Process(self.redis.pid), postmaster, *postmaster.children()]
        return float(over.children_user + over.children_system) + sum(map(cpu_seconds, alive))


@contextmanager
def stores_for(bench: Bench) -> Iterator[Stores]:
    with running_postgres() as postgres, running_redis(bench.site.folder) as redis:
        places = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        environment = bench.site.environment(bench.site.database) | places
        yield Stores(postgres, redis, environment, bench.site.seed(environment))


class Together:
    """Several processes, measured as one server."""

    def __init__(self, each: list[Process]) -> None:
        self.each = each

    def cpu_seconds(self) -> float:
        return sum(process.cpu_seconds() for process in self.each)


def one_run(bench: Bench, stores: Stores, kind: str, step: int) -> Result:
    load = Load(chats=bench.extent.chats, window_seconds=bench.extent.window_seconds)
    ports = [free_port() for _ in CORES]
    with ExitStack() as stack:
        upstream = stack.enter_context(start_upstream(bench.upstream_port))
        each = [
            stack.enter_context(Process(COMMANDS[kind](port), core, port, stores.environment))
            for core, port in zip(CORES, ports, strict=True)
        ]
        upstream.wait_until_alive("/v1/users/me")
        for process in each:
            process.wait_until_alive()
        meter = Meter()
        audience = ProductAudience(ports, bench.upstream_port, stores.seeded, meter, step)
        result = asyncio.run(run(audience, meter, load, Together(each), upstream, None, stores))
    say(f"{len(ports)} × {kind}, tabs {step} on: {summary(result)}, stores {result.stores_us:.0f} µs")
    return result
