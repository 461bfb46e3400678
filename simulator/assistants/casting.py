"""Which bots are assistants: those that need no workflow."""

from __future__ import annotations

from simulator.assistants.refusals import not_found
from simulator.bots.bot import Bot
from simulator.bots.casting import BOTS
from simulator.simulator import Simulator


def assistant_id_of(bot: Bot) -> str:
    return f"asst_{bot.id}"


ASSISTANTS = {assistant_id_of(bot): bot for bot in BOTS.values() if not bot.workflow_id}


def present_assistants(simulator: Simulator) -> dict[str, Bot]:
    """Without those that a test deleted."""
    return {key: bot for key, bot in ASSISTANTS.items() if key not in simulator.deleted_bots}


def find_assistant(simulator: Simulator, assistant_id: object) -> Bot:
    """Refusal 404."""
    bot = present_assistants(simulator).get(str(assistant_id))
    if bot is None:
        raise not_found("assistant", str(assistant_id))
    return bot
