"""How late the event loop is, sampled twice a second: a delta waits as long before it is handed on."""

from __future__ import annotations

import asyncio

from chatweb.telemetry import figures

EVERY_SECONDS = 0.5


def sample(loop: asyncio.AbstractEventLoop) -> None:
    """Begin, for as long as the loop runs. Belongs to no task, so there is nothing to stop."""
    due = loop.time() + EVERY_SECONDS
    loop.call_at(due, _note, loop, due)


def _note(loop: asyncio.AbstractEventLoop, due: float) -> None:
    figures.added_latency_seconds.observe(max(0.0, loop.time() - due))
    sample(loop)
