"""Which bots there are, and which of them a caller may talk to."""

from __future__ import annotations

from simulator.access import check_reach
from simulator.bots.bot import Bot
from simulator.bots.echo import ECHO
from simulator.bots.reasoner import REASONER
from simulator.bots.showcase import SHOWCASE
from simulator.bots.travel import TRAVEL
from simulator.bots.trouble import TROUBLE
from simulator.bots.weather import WEATHER
from simulator.envelope import MESSAGES, ApiError
from simulator.records import Token
from simulator.simulator import Simulator

BOTS = {bot.id: bot for bot in (ECHO, SHOWCASE, WEATHER, TRAVEL, REASONER, TROUBLE)}


def find_bot(simulator: Simulator, token: Token, bot_id: str) -> Bot:
    """4006 unknown or deleted, 4101 out of the token's reach, 4015 not published."""
    if bot_id not in BOTS or bot_id in simulator.deleted_bots:
        raise ApiError(4006)
    check_reach(token, bot_id)
    if bot_id in simulator.unpublished_bots:
        raise ApiError(4015, MESSAGES[4015].format(id=bot_id))
    return BOTS[bot_id]
