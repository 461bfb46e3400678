"""What waits for a person does not wait for ever: `expires=SECONDS`, or at once by the control endpoint."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from simulator.assistants.records import ThreadRun
from simulator.ids import now
from simulator.records import Chat, Run

if TYPE_CHECKING:
    from simulator.simulator import Simulator

TOO_LATE = "Nobody answered in time."


def expire_chat(simulator: Simulator, chat: Chat, status: str = "failed") -> None:
    """A waiting chat is over: its conversation is free, what it asked takes no answer any more."""
    if chat.status != "requires_action":
        return
    if isinstance(chat, ThreadRun):
        status = "expired"
        chat.end_steps("expired")
    chat.status, chat.failed_at, chat.calls = status, now(), []
    chat.error_code, chat.error_msg = 5000, TOO_LATE
    conversation = simulator.world.conversations.get(chat.conversation_id)
    if conversation is not None and (conversation.script or {}).get("chat_id") == chat.id:
        conversation.script = None
        simulator.world.save(conversation)
    if chat.is_saved:
        simulator.world.save(chat)
    else:
        simulator.world.occupy(chat)
    run = simulator.world.runs.get(chat.execute_id)
    if run is not None:
        expire_run(simulator, run)


def expire_run(simulator: Simulator, run: Run) -> None:
    if run.interrupt is None:
        return
    run.interrupt, run.status, run.updated_at = None, "Fail", now()
    run.error_code, run.error_msg = "5000", TOO_LATE
    simulator.world.save(run)


async def expire_chat_later(simulator: Simulator, chat: Chat, seconds: float, status: str) -> None:
    """Unless it goes on before that: another round has its own time."""
    calls = chat.calls
    await asyncio.sleep(seconds)
    if chat.calls is calls:
        expire_chat(simulator, chat, status)


async def expire_run_later(simulator: Simulator, run: Run, seconds: float) -> None:
    interrupt: dict[str, Any] | None = run.interrupt
    await asyncio.sleep(seconds)
    if run.interrupt is interrupt:
        expire_run(simulator, run)
