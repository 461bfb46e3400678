"""A run of a turn, as it is logged, counted and traced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatweb.telemetry import figures, scrape, tracing
from chatweb.telemetry.subject import RunSubject, subject
from chatweb.turns.states import TurnState

if TYPE_CHECKING:
    from chatweb.turns.runner import Runner


@contextmanager
def watched(runner: Runner) -> Iterator[None]:
    """Around a run. Its task has a context of its own, so nothing has to be put back."""
    about = RunSubject(runner)
    subject.set(about)
    began_at = time.time()
    try:
        yield
    finally:
        _count(runner, began_at)
        if tracing.is_on():
            tracing.record(
                "run of a turn",
                parent=about.parent,
                span_id=about.span.span_id,
                began_at=began_at,
                ended_at=time.time(),
                failure="" if runner.state not in (TurnState.FAILED, TurnState.LOST) else str(runner.state),
                attributes={
                    "chatweb.state": str(runner.state),
                    "chatweb.deltas": runner.feed.deltas.count,
                    "coze.chat_id": runner.read.chat_id or runner.read.execute_id,
                    **tracing.named(about),
                },
            )


def _count(runner: Runner, began_at: float) -> None:
    figures.runs.labels(str(runner.state)).inc()
    deltas = runner.feed.deltas
    scrape.deltas_of_ended_runs += deltas.count
    if deltas.first_at and runner.job.state == TurnState.RUNNING:
        figures.first_token_seconds.observe(max(0.0, deltas.first_at - began_at))
    if runner.read.error_code is not None:
        figures.count_error(runner.read.error_code)
