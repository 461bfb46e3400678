"""POST /v3/chat/submit_tool_outputs (wire-chat 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.answering import (
    hold_before,
    hold_submitted,
    note_accepted,
    note_refused,
    refuse_as_told,
)
from simulator.bots.bot import Bot
from simulator.bots.casting import BOTS
from simulator.chats import start_leg
from simulator.directives import Directives, carry_over, read_directives
from simulator.envelope import ApiError, bad_request
from simulator.records import Chat
from simulator.routing import Answer, Request, Routes
from simulator.simulator import Simulator
from simulator.stage import Stage
from simulator.workflows.chatflow import resume_chatflow

routes = Routes()
Outputs = list[tuple[dict[str, Any], str]]


@routes.post("/v3/chat/submit_tool_outputs")
async def submit_tool_outputs(simulator: Simulator, request: Request) -> Answer:
    """Refused as JSON before the stream; a chat that waits goes on waiting then."""
    body = request.json()
    chat = _find(simulator, request)
    bot = None if chat.workflow_id else BOTS[chat.bot_id]
    first = read_directives(chat.question)
    await hold_before(simulator, request, carry_over(first, Directives()), chat.id)
    chat = _find(simulator, request)
    try:
        outputs = _outputs(chat, body.get("tool_outputs"))
        refuse_as_told(chat.submits, first)
    except ApiError as error:
        note_refused(chat.submits, error, request, outputs=body.get("tool_outputs"))
        _keep(simulator, chat)
        raise
    note_accepted(chat.submits, request, outputs=body["tool_outputs"])
    directives = _second_leg(chat, bot, " ".join(output for _, output in outputs))
    chat.status, chat.calls = "in_progress", []
    simulator.world.save(chat)
    await hold_submitted(simulator, directives, chat.id)

    async def part(stage: Stage) -> None:
        for _, output in outputs:
            stage.say("tool_response", output)
        await (resume_chatflow if bot is None else bot.resume)(stage, outputs)

    return await start_leg(
        simulator, request, chat, directives, part, body.get("stream") is True, is_first_leg=False
    )


def _find(simulator: Simulator, request: Request) -> Chat:
    """5000 when the chat was made without `auto_save_history`, and is not kept."""
    conversation_id, chat_id = request.query("conversation_id"), request.query("chat_id")
    stage = simulator.stages.get(chat_id)
    if stage is not None and not stage.chat.is_saved:
        error = ApiError(5000)
        note_refused(stage.chat.submits, error, request, outputs=request.json().get("tool_outputs"))
        raise error
    return simulator.world.find_chat(request.owner, conversation_id, chat_id)


def _keep(simulator: Simulator, chat: Chat) -> None:
    if chat.id in simulator.world.chats:
        simulator.world.save(chat)


def _outputs(chat: Chat, raw: Any) -> Outputs:
    """(call, output) in the order of the calls; all of the round, each once (wire-chat 12.1).
    A question beside the calls has no id: its words may come along under "", or later as a message."""
    if chat.status != "requires_action" or not chat.waits_for_outputs:
        raise bad_request("The chat does not wait for tool outputs.")
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        raise bad_request("The field tool_outputs must be an array of objects.")
    given = {each.get("tool_call_id"): each.get("output") for each in raw}
    if not all(isinstance(output, str) for output in given.values()):
        raise bad_request("The field output must be a string.")
    known = {call["id"] for call in chat.calls}
    if len(given) != len(raw) or not known - {""} <= set(given) <= known:
        raise bad_request("tool_outputs must answer every tool call of this round once, and no other.")
    return [(call, str(given[call["id"]])) for call in chat.calls if call["id"] in given]


def _second_leg(chat: Chat, bot: Bot | None, outputs: str) -> Directives:
    """A tool output may carry directives of its own; pace and spelling stay as the question said."""
    first, own = read_directives(chat.question), read_directives(outputs)
    if bot is not None:
        first = bot.adapt(first, chat.question)
    rate = first.rate if own.rate is None else own.rate
    follow_ups = first.follow_ups if own.follow_ups is None else own.follow_ups
    own = replace(own, rate=rate, follow_ups=follow_ups, quirks=own.quirks or first.quirks)
    return carry_over(first, own)
