"""A run that nobody goes on with is over ten minutes after it began (wire-workflows 5.3)."""

from __future__ import annotations

import asyncio
import time

from simulator.assistants.records import ACTIVE, ThreadRun
from simulator.expiring import expire_chat
from simulator.simulator import Simulator


def expire_if_late(simulator: Simulator, run: ThreadRun) -> None:
    """Looked at whenever somebody asks for it, so that it holds through a restart."""
    if run.status not in ACTIVE or time.time() < run.expires_at:
        return
    if run.status == "requires_action":
        expire_chat(simulator, run)
        return
    run.status = "expired"
    simulator.world.save(run)
    stage = simulator.stages.get(run.id)
    task = getattr(stage, "task", None)
    if task is not None:
        task.cancel()


async def expire_in_time(simulator: Simulator, run: ThreadRun) -> None:
    """For a run that waits, so that nobody has to ask."""
    calls = run.calls
    await asyncio.sleep(run.expires_at - time.time())
    if run.calls is calls and run.status == "requires_action":
        expire_chat(simulator, run)
