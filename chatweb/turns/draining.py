"""How a process ends among others: it takes nothing more, lets what runs end, and hands over the rest.

Its tabs come back elsewhere at once and follow from there what still runs here.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from django.conf import settings

from chatweb.turns import lease
from chatweb.turns.line import EVERYONE

if TYPE_CHECKING:
    from chatweb.turns.supervisor import Supervisor

logger = logging.getLogger(__name__)

# Why sockets close. uvicorn says 1012 by itself; autobahn, under daphne, lets applications say no such code.
SERVICE_RESTART = 4012


async def leave(supervisor: Supervisor) -> None:
    """Answers may go on for DRAIN_SECONDS. Idempotent."""
    if supervisor.is_leaving or supervisor.hub.loop is None:
        return
    supervisor.is_leaving = True
    supervisor.hub.close_all(SERVICE_RESTART)
    logger.info("leaving: %d turns are run here", len(supervisor.runners))
    try:
        async with asyncio.timeout(settings.DRAIN_SECONDS):
            while supervisor.is_busy:
                supervisor.went_idle.clear()
                await supervisor.went_idle.wait()
    except TimeoutError:
        logger.info("handing over %d turns", len(supervisor.runners))
    try:
        await hand_over(supervisor)
    except Exception:
        # The database is away: the others find out by the lease, and this process must end all the same.
        logger.exception("what runs could not be handed over; others take it over in a few seconds")
    await supervisor.stop()


async def hand_over(supervisor: Supervisor) -> None:
    """Nothing is written after the process's row is gone: from there on others run its turns."""
    if supervisor.writer.desks:
        await supervisor.writer.checkpoint(supervisor.owner)
    over = [*supervisor.running.values(), *([supervisor.beating] if supervisor.beating else [])]
    for task in over:
        task.cancel()
    await asyncio.gather(*over, return_exceptions=True)
    await supervisor.writer.run(lease.leave, supervisor.owner)
    if (crossing := supervisor.hub.crossing) is not None:
        crossing.say(EVERYONE, {"kind": "wake"})
        await crossing.said()
