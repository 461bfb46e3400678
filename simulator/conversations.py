"""Conversations: create, list, retrieve, rename, clear, delete (wire-chat 6.1)."""

from __future__ import annotations

from typing import Any

from simulator.access import check_reach
from simulator.asking import read_messages, read_meta_data
from simulator.bots.casting import BOTS
from simulator.envelope import ApiError, bad_request
from simulator.ids import new_id, now
from simulator.messages import insert_message
from simulator.records import Conversation
from simulator.routing import Answer, Request, Routes
from simulator.simulator import APP_ID, Simulator
from simulator.wire import conversation_object
from simulator.workflows.catalog import WORKFLOWS

routes = Routes()
LONGEST_NAME = 100
MOST_MESSAGES = 16


@routes.post("/v1/conversation/create")
async def create(simulator: Simulator, request: Request) -> Answer:
    """With `app_id`, the conversation of an app's chatflow (wire-supplement 3.2)."""
    body = request.json()
    bot_id, name = body.get("bot_id") or "", body.get("name") or body.get("conversation_name") or ""
    if not isinstance(bot_id, str) or not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise bad_request("bot_id and name must be strings, name of at most 100 characters.")
    if bot_id and (bot_id not in BOTS or bot_id in simulator.deleted_bots):
        raise ApiError(5000)  # what the cloud says to an unknown bot here (wire-chat 1.3)
    if bot_id:
        check_reach(request.token, bot_id)
    if body.get("app_id") or body.get("workflow_id"):
        return request.ok(conversation_object(conversation_of_app(simulator, request, body)))
    entered = read_messages(body.get("messages"), True, simulator.world.files.__contains__, MOST_MESSAGES)
    conversation = simulator.world.new_conversation(
        request.owner,
        bot_id=bot_id,
        name=name,
        meta_data=read_meta_data(body.get("meta_data")),
        connector_id=str(body.get("connector_id") or "1024"),
    )
    for each in entered:
        insert_message(simulator, conversation, each)
    return request.ok(conversation_object(conversation))


def conversation_of_app(simulator: Simulator, request: Request, body: dict[str, Any]) -> Conversation:
    """The one of that name with `get_or_create`, or a new one. ApiError 4200."""
    name = str(body.get("name") or body.get("conversation_name") or "")
    app_id, workflow_id = str(body.get("app_id") or ""), str(body.get("workflow_id") or "")
    _check_app(app_id, workflow_id)
    if body.get("get_or_create") is True and app_id:
        wanted = (request.owner, app_id, workflow_id, name)
        for kept in simulator.world.conversations.values():
            if (kept.owner, kept.app_id, kept.workflow_id, kept.name) == wanted:
                return kept
    return simulator.world.new_conversation(
        request.owner,
        name=name,
        meta_data=read_meta_data(body.get("meta_data")),
        connector_id=str(body.get("connector_id") or "1024"),
        app_id=app_id,
        workflow_id=workflow_id,
    )


def _check_app(app_id: str, workflow_id: str) -> None:
    """4200 for an app or a chatflow that is not there."""
    if app_id not in {"", APP_ID}:
        raise ApiError(4200)
    if workflow_id and (workflow_id not in WORKFLOWS or WORKFLOWS[workflow_id].mode != "chatflow"):
        raise ApiError(4200)


@routes.get("/v1/conversations")
async def list_conversations(simulator: Simulator, request: Request) -> Answer:
    shown, has_more = listed(simulator, request)
    return request.ok({"conversations": [conversation_object(each) for each in shown], "has_more": has_more})


def listed(simulator: Simulator, request: Request) -> tuple[list[Conversation], bool]:
    """A page of the bot's conversations, and whether there are more. ApiError 4000."""
    bot_id = request.query("bot_id")
    if not bot_id:
        raise bad_request("bot_id is required.")
    page, size = request.number("page_num", 1), request.number("page_size", 50, 50)
    own = [
        each
        for each in simulator.world.conversations.values()
        if each.owner == request.owner
        and each.bot_id == bot_id
        and each.connector_id == request.query("connector_id", each.connector_id)
    ]
    own.sort(key=lambda each: int(each.id), reverse=request.query("sort_order", "DESC").upper() != "ASC")
    return own[(page - 1) * size : page * size], len(own) > page * size


@routes.get("/v1/conversation/retrieve")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    conversation = simulator.world.find_conversation(request.owner, request.query("conversation_id"))
    return request.ok(conversation_object(conversation))


@routes.put("/v1/conversations/{conversation_id}")
async def rename(simulator: Simulator, request: Request) -> Answer:
    return request.ok(conversation_object(renamed(simulator, request)))


def renamed(simulator: Simulator, request: Request) -> Conversation:
    """ApiError 4000 or 4002."""
    conversation = simulator.world.find_conversation(request.owner, request.path_values["conversation_id"])
    name = request.json().get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise bad_request("name must have 1 to 100 characters.")
    conversation.name, conversation.updated_at = name, now()
    simulator.world.save(conversation)
    return conversation


@routes.post("/v1/conversations/{conversation_id}/clear")
async def clear(simulator: Simulator, request: Request) -> Answer:
    """A new section: messages stay, but the model no longer sees them; an open question is gone."""
    conversation = simulator.world.find_conversation(request.owner, request.path_values["conversation_id"])
    conversation.section_id, conversation.script = new_id(), None
    simulator.world.save(conversation)
    return request.ok({"id": conversation.section_id, "conversation_id": conversation.id})


@routes.delete("/v1/conversations/{conversation_id}")
async def delete(simulator: Simulator, request: Request) -> Answer:
    conversation = simulator.world.find_conversation(request.owner, request.path_values["conversation_id"])
    for message in simulator.world.messages_of(conversation.id):
        simulator.world.forget(message)
    simulator.world.forget(conversation)
    return request.ok()
