"""/metrics: what this process counted, what it holds right now, and what the database says waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import Count
from prometheus_client import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chatweb.models import Turn
from chatweb.telemetry import figures
from chatweb.turns.hub import hub
from chatweb.turns.states import LIVE, TurnState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOP_SECONDS = 2.0

deltas_of_ended_runs = 0  # on the loop only, like everything `Held` tells


@dataclass(frozen=True, slots=True)
class Held:
    """What the process holds at one moment of its loop."""

    deltas: int = 0
    sockets: int = 0
    followed: int = 0
    running: int = 0


async def _look() -> Held:
    return Held(
        deltas=deltas_of_ended_runs + sum(feed.deltas.count for feed in hub.feeds.values()),
        sockets=sum(len(tabs) for tabs in hub.tabs.values()),
        followed=len(hub.followers),
        running=len(hub.feeds),
    )


def held() -> Held | None:
    """From a thread. None when the process serves nobody, or its loop does not answer."""
    loop = hub.loop
    if loop is None or loop.is_closed():
        return None
    try:
        return asyncio.run_coroutine_threadsafe(_look(), loop).result(LOOP_SECONDS)
    except TimeoutError:
        return None


def unfinished() -> dict[str, int] | None:
    """How many turns of the site are in each state that is not the end. None without a database."""
    states = [TurnState.QUEUED, *sorted(LIVE)]
    try:
        # One read of a small partial index.
        found = Turn.objects.filter(state__in=states).order_by().values_list("state").annotate(Count("pk"))
        return {**{str(state): 0 for state in states}, **dict(found)}
    except DatabaseError:
        return None


class Now(Collector):
    def describe(self) -> list[Metric]:
        return []  # asked when it registers, where there may be no database yet

    def collect(self) -> Iterator[Metric]:
        now = held()
        yield GaugeMetricFamily(
            "chatweb_serving", "Whether the process runs turns", value=float(now is not None)
        )
        if now is not None:
            yield CounterMetricFamily("chatweb_deltas", "Pieces of answers taken in", value=now.deltas)
            yield GaugeMetricFamily("chatweb_sockets", "Tabs connected to this process", value=now.sockets)
            yield GaugeMetricFamily(
                "chatweb_followed_conversations", "Conversations open in a tab here", value=now.followed
            )
            yield GaugeMetricFamily("chatweb_running_turns", "Turns run by this process", value=now.running)
        waiting = unfinished()
        yield GaugeMetricFamily(
            "chatweb_database_up", "Whether the database answers", value=float(waiting is not None)
        )
        if waiting is not None:
            yield GaugeMetricFamily(
                "chatweb_queue_length",
                "Questions of the whole site that wait their turn: every process says the same",
                value=waiting[TurnState.QUEUED],
            )
            turns = GaugeMetricFamily(
                "chatweb_turns",
                "Turns of the whole site that are not over, by state: every process says the same",
                labels=["state"],
            )
            for state, count in waiting.items():
                turns.add_metric([state], count)
            yield turns


figures.registry.register(Now())


def exposition() -> bytes:
    return generate_latest(figures.registry)
