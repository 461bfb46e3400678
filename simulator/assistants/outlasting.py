"""Ends runs that no task plays: they waited, were another client's, or their process is gone."""

from __future__ import annotations

from simulator.assistants.performing import end_early
from simulator.assistants.records import ThreadRun
from simulator.assistants.stage import RunStage
from simulator.directives import read_directives
from simulator.outlet import nowhere
from simulator.simulator import Simulator


async def end_soon(simulator: Simulator, run: ThreadRun) -> None:
    """`cancelling` becomes `cancelled`, told to nobody."""
    await end_early(RunStage(simulator, run, nowhere(), read_directives(run.question)))
