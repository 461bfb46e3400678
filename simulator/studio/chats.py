"""POST /v3/chat, retrieve (GET only), message/list, cancel; chatflows (wire-chat 10, wire-workflows 2)."""

from __future__ import annotations

import json
from typing import Any

from simulator import chats
from simulator.asking import Asked, Entered, read_messages
from simulator.chats import Manner
from simulator.envelope import ApiError
from simulator.ids import new_id
from simulator.messages import insert_message
from simulator.records import Chat
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator
from simulator.studio import wire
from simulator.studio.performances import FlowPerformance, StudioPerformance
from simulator.studio.refusals import bad, require_ids
from simulator.studio.stages import StudioFlowStage, StudioStage
from simulator.workflows.chatflow import begin_flow

routes = Routes()


def _created(chat: Chat, request: Request) -> Reply:
    """Without a stream it runs on in the background (wire-supplement, C4)."""
    return wire.ok(wire.chat_object(chat, "created"))


BOT = Manner(StudioStage, StudioPerformance, _created, is_exclusive=False)
FLOW = Manner(StudioFlowStage, FlowPerformance, _created, is_exclusive=False)


@routes.post("/v3/chat")
async def create(simulator: Simulator, request: Request) -> Answer:
    """The stream is the default; what the body holds besides is ignored."""
    body = request.json()
    require_ids({name: body.get(name) for name in ("bot_id", "connector_id")})
    require_ids({"conversation_id": request.query("conversation_id")})
    if not body.get("bot_id") or not body.get("user_id"):
        raise bad("bot_id and user_id are required")
    if not isinstance(body.get("parameters", {}), dict | None):
        raise bad("parameters must be an object")
    asked = Asked(
        bot_id=body["bot_id"],
        user_id=str(body["user_id"]),
        is_streamed=body.get("stream") is not False,
        is_saved=True,
        messages=_entered(simulator, request, body),
        meta_data=body.get("meta_data") or {},
        enable_card=True,
        shortcut=body.get("shortcut_command"),
    )
    return await chats.begin(simulator, request, asked, BOT)


def _entered(simulator: Simulator, request: Request, body: dict[str, Any]) -> list[Entered]:
    """The question. Earlier messages are stored, under a chat of their own; an array that does not parse is
    dropped without a word (wire-supplement 3.4)."""
    raw = [each for each in body.get("additional_messages") or [] if _parses(each)]
    entered = read_messages(raw, True, simulator.world.files.__contains__)
    conversation = simulator.world.conversations.get(request.query("conversation_id"))
    if conversation is not None and len(entered) > 1:
        chat_id = new_id()
        for each in entered[:-1]:
            insert_message(simulator, conversation, each).chat_id = chat_id
    return entered[-1:]


def _parses(message: Any) -> bool:
    if not isinstance(message, dict) or message.get("content_type") != "object_string":
        return True
    try:
        ids = [each.get("file_id", "0") for each in json.loads(message["content"])]
        return all(isinstance(each, str) and each.isdecimal() for each in ids)
    except (ValueError, AttributeError, TypeError):
        return False


@routes.get("/v3/chat/retrieve")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    """A failure is HTTP 500 and plain text."""
    try:
        chat = chats.find(simulator, request)
    except ApiError as error:
        return Reply(error.msg.encode(), 500, "text/plain; charset=utf-8")
    told = wire.chat_object(chat)
    if told["status"] == "completed":
        told["status"] = "compleated"  # as the samples of answers without a stream spell it (seed 001)
    return wire.ok(told)


@routes.get("/v3/chat/message/list")
async def list_messages(simulator: Simulator, request: Request) -> Answer:
    """Every message, the question too, oldest first; no key when there is none."""
    chat = chats.find(simulator, request)
    found = [wire.message_object(each) for each in simulator.world.messages_of(chat.conversation_id, chat.id)]
    return Reply.json(({"Messages": found} if found else {}) | wire.BASE)


@routes.post("/v3/chat/cancel")
async def cancel(simulator: Simulator, request: Request) -> Answer:
    """Neither code nor data (wire-chat 10)."""
    body = request.json()
    require_ids({name: body.get(name) for name in ("conversation_id", "chat_id")})
    return Reply.json({"ChatV3ChatDetail": wire.chat_object(chats.canceled(simulator, request)), **wire.BASE})


@routes.post("/v1/workflows/chat")
async def chat_with_flow(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    names = ("workflow_id", "bot_id", "app_id", "conversation_id")
    require_ids({name: body.get(name) for name in names})
    if not body.get("conversation_id") and not (body.get("parameters") or {}).get("CONVERSATION_NAME"):
        raise ApiError(4000, "CONVERSATION_NAME is required when there is no conversation_id")
    try:
        return await begin_flow(simulator, request, body, FLOW)
    except ApiError as error:
        raise ApiError(720702011, "workflow not published") if error.code == 4200 else error from error
