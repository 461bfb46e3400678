"""What this process counts for Prometheus. Nothing here is touched for a delta: feeds count those themselves,
and `scrape.py` adds them up when it is asked."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

MOST_CODES = 200  # upstreams make them up; each is a series of its own

registry = CollectorRegistry()
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)
GCCollector(registry=registry)

runs = Counter(
    "chatweb_runs",
    "Runs of turns that ended, by the state they left the turn in",
    ["state"],
    registry=registry,
)
recoveries = Counter(
    "chatweb_recoveries", "Turns whose outcome was fetched from the upstream's record", registry=registry
)
first_token_seconds = Histogram(
    "chatweb_first_token_seconds",
    "From taking up a turn to the first piece of its answer",
    buckets=(0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120),
    registry=registry,
)
added_latency_seconds = Histogram(
    "chatweb_added_latency_seconds",
    "How late the event loop gets to what is due, sampled twice a second: what a delta waits for",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=registry,
)
upstream_calls = Counter(
    "chatweb_upstream_calls",
    "Requests to upstreams, by HTTP status (none: no answer)",
    ["status"],
    registry=registry,
)
upstream_seconds = Histogram(
    "chatweb_upstream_seconds",
    "From sending a request to an upstream to the head of its answer",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60),
    registry=registry,
)
upstream_errors = Counter(
    "chatweb_upstream_errors", "What upstreams refused or broke, by their code", ["code"], registry=registry
)
http_requests = Counter(
    "chatweb_http_requests",
    "Requests of browsers, by method and HTTP status",
    ["method", "status"],
    registry=registry,
)
http_seconds = Histogram(
    "chatweb_http_seconds",
    "Answering a request of a browser",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=registry,
)

_codes: set[str] = set()


def count_error(code: object, http_status: int = 0, kind: str = "") -> None:
    """`kind`: what stands for the code where there is neither code nor status."""
    name = str(code) if code is not None and len(str(code)) <= 24 else ""
    name = name or (f"http_{http_status}" if http_status >= 400 else kind.lower() or "unknown")
    if name not in _codes and len(_codes) >= MOST_CODES:
        name = "other"
    _codes.add(name)
    upstream_errors.labels(name).inc()
