"""Messages of a conversation: create, list with paging, retrieve, modify, delete (wire-chat 6.2, 6.3)."""

from __future__ import annotations

from typing import Any

from simulator.asking import Entered, check_object_string, read_message, read_meta_data
from simulator.envelope import ApiError, bad_request
from simulator.ids import new_id, now
from simulator.records import Conversation, Message
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator
from simulator.wire import message_object

routes = Routes()
LISTED = {
    "question",
    "answer",
    "",
}  # the conversation's list leaves out calls, results, follow-ups and verbose
MOST_LISTED = 50


def insert_message(simulator: Simulator, conversation: Conversation, entered: Entered) -> Message:
    at = now()
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        section_id=conversation.section_id,
        role=entered.role,
        type=entered.type,
        content=entered.content,
        content_type=entered.content_type,
        created_at=at,
        updated_at=at,
        bot_id=conversation.bot_id,
        meta_data=entered.meta_data,
    )
    simulator.world.save(message)
    return message


def _find(simulator: Simulator, request: Request) -> Message:
    return simulator.world.find_message(
        request.owner, request.query("conversation_id"), request.query("message_id")
    )


@routes.post("/v1/conversation/message/create")
async def create(simulator: Simulator, request: Request) -> Answer:
    conversation = simulator.world.find_conversation(request.owner, request.query("conversation_id"))
    body = request.json()
    if not body.get("content") or not body.get("content_type"):
        raise bad_request("role, content and content_type are required.")
    entered = read_message(body, {"question", "answer"}, simulator.world.files.__contains__)
    return request.ok(message_object(insert_message(simulator, conversation, entered)))


@routes.post("/v1/conversation/message/list")
async def list_messages(simulator: Simulator, request: Request) -> Answer:
    page, beside = listed(simulator, request)
    return request.ok([message_object(message) for message in page], **beside)


def listed(simulator: Simulator, request: Request) -> tuple[list[Message], dict[str, Any]]:
    """A page of questions and answers, and the cursors that stand beside it. ApiError 4000, 4002 or 4005."""
    conversation = simulator.world.find_conversation(request.owner, request.query("conversation_id"))
    body = request.json()
    limit = body.get("limit") or MOST_LISTED
    order = (body.get("order") or "desc").lower()
    if not isinstance(limit, int) or not 1 <= limit <= MOST_LISTED or order not in {"asc", "desc"}:
        raise bad_request("limit must be between 1 and 50, order asc or desc.")
    found = simulator.world.messages_of(conversation.id, str(body.get("chat_id") or ""))
    found = [message for message in found if message.type in LISTED]
    if order == "desc":
        found.reverse()
    page, has_more = _page(found, _cursor(body, "before_id"), _cursor(body, "after_id"), limit)
    first_id, last_id = (page[0].id, page[-1].id) if page else ("0", "0")
    return page, {"first_id": first_id, "last_id": last_id, "has_more": has_more}


def _cursor(body: dict[str, Any], name: str) -> str:
    cursor = str(body.get(name) or "")
    return "" if cursor == "0" else cursor


def _page(listed: list[Message], before_id: str, after_id: str, limit: int) -> tuple[list[Message], bool]:
    """Cursors count in the order of the list: after_id is the next page, before_id the previous one."""
    if after_id:
        rest = listed[_position(listed, after_id) + 1 :]
        return rest[:limit], len(rest) > limit
    if before_id:
        rest = listed[: _position(listed, before_id)]
        return rest[-limit:], len(rest) > limit
    return listed[:limit], len(listed) > limit


def _position(listed: list[Message], message_id: str) -> int:
    for at, message in enumerate(listed):
        if message.id == message_id:
            return at
    raise ApiError(4005)


@routes.get("/v1/conversation/message/retrieve")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    return request.ok(message_object(_find(simulator, request)))


@routes.post("/v1/conversation/message/modify")
async def modify(simulator: Simulator, request: Request) -> Answer:
    """Answers under `message`, not `data`."""
    message, body = _find(simulator, request), request.json()
    content, meta_data = body.get("content"), body.get("meta_data")
    if not content and meta_data is None:
        raise bad_request("content and meta_data must not both be empty.")
    if content:
        content_type = body.get("content_type") or message.content_type
        if not isinstance(content, str) or content_type not in {"text", "object_string"}:
            raise ApiError(4005)
        if content_type == "object_string":
            check_object_string(content, simulator.world.files.__contains__)
        message.content, message.content_type = content, content_type
    if meta_data is not None:
        message.meta_data = read_meta_data(meta_data)
    message.updated_at = now()
    simulator.world.save(message)
    body_out = {"code": 0, "msg": "", "message": message_object(message), "detail": {"logid": request.log_id}}
    return Reply.json(body_out)


@routes.post("/v1/conversation/message/delete")
async def delete(simulator: Simulator, request: Request) -> Answer:
    """A question or an answer; with an answer goes what belongs to it."""
    message = _find(simulator, request)
    if message.type not in LISTED:
        raise bad_request("Only questions and answers can be deleted.")
    simulator.world.forget(message)
    if message.type == "answer" and message.chat_id:
        for other in simulator.world.messages_of(message.conversation_id, message.chat_id):
            if other.type not in LISTED:
                simulator.world.forget(other)
    return request.ok(message_object(message))
