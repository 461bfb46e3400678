"""Records as Studio's JSON objects (wire-chat 10, wire-supplement 3.4)."""

from __future__ import annotations

import json
from typing import Any

from simulator import wire
from simulator.records import Chat, Conversation, File, Message
from simulator.routing import Reply
from simulator.workflows.forms import schema_element
from simulator.workflows.script import Ask, Form

INTERRUPT = '{"msg_type":"interrupt","data":"","from_unit":""}'
FINISH = (
    '{"msg_type":"generate_answer_finish","data":"{\\"finish_reason\\":0,\\"fin_data\\":\\"\\"}",'
    '"from_unit":""}'
)
BASE = {"BaseResp": None}
CANCELED = "conversation.chat.cancelled"  # the event's name, which also is what the record's status becomes
# A chat that waits for a person is over as far as Studio tells.
STATUSES = {"requires_action": "completed", "canceled": CANCELED}


def ok(data: Any) -> Reply:
    return Reply.json({"data": data, "code": 0, "msg": "", **BASE})


def chat_object(chat: Chat, status: str = "") -> dict[str, Any]:
    """No `last_error`, and `required_action` is never filled."""
    told = wire.chat_object(chat, STATUSES.get(status or chat.status, status or chat.status))
    del told["last_error"]
    if chat.completed_at:
        told["compleated_at"] = chat.completed_at
    return told


def message_object(message: Message) -> dict[str, Any]:
    """`reasoning_content` and `meta_data` are always there."""
    told = wire.message_object(message, with_meta_data=False)
    return told | {"reasoning_content": message.reasoning, "meta_data": facts(message)}


def facts(message: Message) -> dict[str, str]:
    """The `meta_data` of a message is Studio's own; what a question was sent with is not among it."""
    if message.role == "user":
        return {}
    state = {"bot_id": message.bot_id, "agent_id": message.bot_id, "awaiting": ""}
    return {"bot_state": to_text(state), "time_cost": "0.4"}


def conversation_object(conversation: Conversation) -> dict[str, Any]:
    told = wire.conversation_object(conversation)
    told["creator_d"] = told.pop("creator_id")
    return told | {"meta_data": conversation.meta_data or None}


def file_object(file: File) -> dict[str, Any]:
    uri = f"FileBizType.BIZ_BOT_FILE/{file.id}"
    return {
        "id": file.id,
        "bytes": file.bytes,
        "CreatedAt": file.created_at,
        "file_name": file.file_name,
        "uri": uri,
        "url": f"http://127.0.0.1:8889/opencoze/{uri}",
    }


def verbose(content: str) -> str:
    """Without `from_module`, and `from_unit` is empty."""
    value = json.loads(content)
    return to_text({"msg_type": value["msg_type"], "data": value["data"], "from_unit": ""})


def function_call(call: dict[str, Any]) -> str:
    function = call["function"] or {"name": call["type"], "arguments": "{}"}
    return to_text({"id": f"call_{call['id'][:12]}", "type": "function", "function": function})


def node_message(step: Ask | Form, number: int = 0) -> dict[str, Any]:
    """What a question or input node says, as the node has it (wire-workflows 3.2 b, 3.3 a)."""
    if isinstance(step, Form):
        return {
            "content_type": "form_schema",
            "content": to_text([schema_element(each) for each in step.fields]),
        }
    told: dict[str, Any] = {"type": "question", "content_type": "text", "content": step.text}
    if step.options:
        options = [{"name": option} for option in step.options]
        told |= {"content_type": "option", "content": {"options": options, "question": step.text}}
    return told | {"id": f"118742_{number}"}


def to_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def debug_url(execute_id: str, workflow_id: str) -> str:
    place = f"execute_id={execute_id}&space_id=1&workflow_id={workflow_id}&execute_mode=2"
    return f"http://127.0.0.1:8888/work_flow?{place}"
