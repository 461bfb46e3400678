"""Travel as a bot: its chatflow told as a chat; the next message of the conversation answers its question."""

from __future__ import annotations

from simulator.bots.bot import Bot
from simulator.stage import Stage
from simulator.workflows.telling import tell_in_chat
from simulator.workflows.travel import TRAVEL_FLOW


async def play(stage: Stage) -> None:
    await tell_in_chat(stage, TRAVEL_FLOW, key=stage.chat.bot_id)
    await stage.suggest(["Plan another trip", "What should I pack?"])


TRAVEL = Bot(
    id="7430000000000000104",
    name="Travel",
    description="Asks where and how long, then plans a trip.",
    prologue="Let us plan a trip, {{user_name}}. I have two questions.",
    suggested_questions=["Plan a trip", "I want to get away"],
    play=play,
    workflow_id=TRAVEL_FLOW.id,
    scene="sunset",
    input_mode="voice",
)
