"""The upstream's part of Stop: told once, and what came of it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from chatweb.turns import releasing
from chatweb.turns.machine import Leg, Verdict
from chatweb.upstreams.capabilities import Capabilities
from chatweb.upstreams.errors import AlreadyOver, UpstreamError

if TYPE_CHECKING:
    from chatweb.turns.runner import Runner

logger = logging.getLogger(__name__)

CANCEL_SECONDS = 3.0


def canceled_outcome(can: Capabilities) -> str:
    """What became of a chat that was cancelled: forgotten, or remembered as far as it came."""
    return "forgotten" if can.forgets_canceled else "remembered"


async def cancel_upstream(runner: Runner) -> str:
    """What Stop came to: forgotten or remembered, was_done (the answer was over), local (nothing was sent),
    or dropped (a run goes on that nobody can cancel)."""
    if not runner.talk.is_canceled_upstream:
        return "dropped" if runner.desk.leg_pk is not None else "local"
    chat_id = runner.read.chat_id or (runner.job.leg.chat_id if runner.job.leg else "")
    if not chat_id:
        return "local"
    try:
        async with asyncio.timeout(CANCEL_SECONDS):
            await runner.upstream.cancel(
                user_id=runner.job.asked.user_id,
                conversation_id=runner.upstream_conversation_id,
                chat_id=chat_id,
            )
    except TimeoutError:
        logger.warning("turn %s: cancelling took too long", runner.job.turn_id)
    except AlreadyOver:
        return await _over_or_waiting(runner, chat_id)
    except UpstreamError as error:
        logger.warning("turn %s: cancel refused: %s (%s)", runner.job.turn_id, error.code, error.log_id)
    return canceled_outcome(runner.upstream.capabilities)


async def _over_or_waiting(runner: Runner, chat_id: str) -> str:
    """A chat that waits cannot be canceled either (4104), and would hold its conversation for good."""
    turn_pk = runner.job.hold.turn_pk
    try:
        state = await runner.talk.look(Leg(chat_id=chat_id), runner.place)
    except UpstreamError:
        state = runner.read if runner.read.verdict is Verdict.REQUIRES_ACTION else None
    if state is not None and state.verdict is Verdict.REQUIRES_ACTION:
        await runner.write(releasing.let_go, turn_pk, chat_id, state.calls)
    elif state is None and runner.job.asked.given:
        await runner.write(releasing.release, turn_pk)
    else:
        return "was_done"
    return canceled_outcome(runner.upstream.capabilities)
