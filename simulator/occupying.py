"""One running chat a conversation (4016), and the other client that tests and Trouble's "busy" bring in."""

from __future__ import annotations

import asyncio
import re
import time

from simulator.assistants.records import LIVES_SECONDS, ThreadRun
from simulator.bots.bot import Bot
from simulator.envelope import ApiError
from simulator.ids import new_id, now
from simulator.records import Chat, Conversation
from simulator.simulator import Simulator

FREE_AGAIN_SECONDS = 60.0  # so long after a "busy" the same question is answered, or it would never be
_BUSY = re.compile(r"\bbusy\b", re.IGNORECASE)


def check_free(
    simulator: Simulator, conversation: Conversation, bot: Bot, question: str, busy_seconds: float
) -> None:
    """ApiError 4016 while another chat holds the conversation."""
    let_another_in(simulator, conversation, bot, question, busy_seconds)
    if simulator.world.occupant(conversation.id) is not None:
        raise ApiError(4016)


def let_another_in(
    simulator: Simulator, conversation: Conversation, bot: Bot, question: str, busy_seconds: float
) -> None:
    """Where "busy" is asked for, another client takes the conversation."""
    if bot.obeys_busy and _BUSY.search(question):
        clock = asyncio.get_running_loop().time()
        if clock - simulator.busy_since.get(conversation.id, -FREE_AGAIN_SECONDS) >= FREE_AGAIN_SECONDS:
            simulator.busy_since[conversation.id] = clock
            occupy(simulator, conversation, busy_seconds)


def occupy(simulator: Simulator, conversation: Conversation, seconds: float | None) -> Chat:
    """A chat that another client began; over after `seconds`, or when cancelled or vacated."""
    is_run = simulator.dialect.startswith("assistants")
    chat = (ThreadRun if is_run else Chat)(
        id=f"run_{new_id()}" if is_run else new_id(),
        conversation_id=conversation.id,
        section_id=conversation.section_id,
        bot_id=conversation.bot_id,
        owner=conversation.owner,
        user_id="another client",
        created_at=now(),
        is_other_client=True,
    )
    if isinstance(chat, ThreadRun):
        chat.expires_at = time.time() + LIVES_SECONDS
    simulator.world.save(chat)
    if seconds is not None:
        simulator.spawn(_vacate_later(simulator, chat, seconds))
    return chat


async def _vacate_later(simulator: Simulator, chat: Chat, seconds: float) -> None:
    await asyncio.sleep(seconds)
    vacate(simulator, chat)


def vacate(simulator: Simulator, chat: Chat) -> None:
    if chat.status == "in_progress":
        chat.status, chat.completed_at = "completed", now()
        simulator.world.save(chat)
