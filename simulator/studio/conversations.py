"""Conversations, their messages, and files (wire-chat 10). There is no name, and no message to begin with."""

from __future__ import annotations

from simulator import conversations, files, messages
from simulator.asking import read_items, read_meta_data
from simulator.bots.casting import BOTS
from simulator.envelope import ApiError
from simulator.records import Conversation, Message
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator
from simulator.studio import wire
from simulator.studio.refusals import require_ids

routes = Routes()


def _find(simulator: Simulator, request: Request) -> Conversation:
    conversation_id = request.path_values.get("conversation_id") or request.query("conversation_id")
    require_ids({"conversation_id": conversation_id})
    return simulator.world.find_conversation(request.owner, conversation_id)


@routes.post("/v1/conversation/create")
async def create(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    bot_id = body.get("bot_id") or ""
    require_ids({"bot_id": bot_id, "connector_id": body.get("connector_id")})
    if bot_id and bot_id not in BOTS:
        raise ApiError(4006)
    conversation = simulator.world.new_conversation(
        request.owner,
        bot_id=bot_id,
        meta_data=read_meta_data(body.get("meta_data")),
        connector_id=str(body.get("connector_id") or "1024"),
        user_id=str(body.get("user_id") or ""),
    )
    return wire.ok(wire.conversation_object(conversation))


@routes.post("/v1/workflow/conversation/create")
async def create_of_app(simulator: Simulator, request: Request) -> Answer:
    """An app knows its conversations by name (wire-supplement 3.2)."""
    body = request.json()
    require_ids({name: body.get(name) for name in ("app_id", "workflow_id", "connector_id")})
    if not body.get("app_id") or not body.get("conversation_name"):
        raise ApiError(4000, "app_id and conversation_name are required")
    return wire.ok(wire.conversation_object(conversations.conversation_of_app(simulator, request, body)))


@routes.get("/v1/conversations")
async def list_conversations(simulator: Simulator, request: Request) -> Answer:
    """Everybody's, unless a user is named."""
    user_id = request.query("user_id")
    shown, has_more = conversations.listed(simulator, request)
    shown = [each for each in shown if user_id in {"", each.user_id}]
    return wire.ok(
        {"conversations": [wire.conversation_object(each) for each in shown], "has_more": has_more}
    )


@routes.get("/v1/conversation/retrieve")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    found = wire.conversation_object(_find(simulator, request))
    return Reply.json({"ConversationData": found, "code": 0, "msg": "", **wire.BASE})


@routes.put("/v1/conversations/{conversation_id}")
async def rename(simulator: Simulator, request: Request) -> Answer:
    return wire.ok(wire.conversation_object(conversations.renamed(simulator, request)))


@routes.post("/v1/conversations/{conversation_id}/clear")
async def clear(simulator: Simulator, request: Request) -> Answer:
    _find(simulator, request)
    return await conversations.clear(simulator, request)


@routes.delete("/v1/conversations/{conversation_id}")
async def delete(simulator: Simulator, request: Request) -> Answer:
    _find(simulator, request)
    return await conversations.delete(simulator, request)


@routes.post("/v1/conversation/message/list")
async def list_messages(simulator: Simulator, request: Request) -> Answer:
    page, beside = messages.listed(simulator, request)
    return request.ok([_with_files(simulator, each) for each in page], **beside)


def _with_files(simulator: Simulator, message: Message) -> dict[str, object]:
    """Files come back with a fresh address, name and size."""
    told = wire.message_object(message)
    if message.content_type == "object_string":
        items = read_items(message.content)
        for item in items:
            file = simulator.world.files.get(str(item.get("file_id")))
            if file is not None:
                item |= {
                    "file_url": wire.file_object(file)["url"],
                    "name": file.file_name,
                    "size": file.bytes,
                }
        told["content"] = wire.to_text(items)
    return told


@routes.post(files.UPLOAD_PATH)
async def upload(simulator: Simulator, request: Request) -> Answer:
    return wire.ok(wire.file_object(files.received(simulator, request)))
