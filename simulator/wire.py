"""Records as Coze's JSON objects (wire-chat 3.1, 3.3, 6.1)."""

from __future__ import annotations

from typing import Any

from simulator.ids import new_call_id
from simulator.records import Chat, Conversation, File, Message

INTERRUPT = '{"msg_type":"interrupt","data":"","from_module":null,"from_unit":null}'
_FINISH = (
    '{{"msg_type":"generate_answer_finish","data":"{{\\"finish_reason\\":{reason},\\"FinData\\":\\"\\"}}",'
    '"from_module":null,"from_unit":null}}'
)


def answer_finish(reason: int) -> str:
    """Content of the verbose message that ends the answers: 0 all said, 1 interrupted."""
    return _FINISH.format(reason=reason)


def chat_object(chat: Chat, status: str = "") -> dict[str, Any]:
    """`status` for an event that tells of an earlier state than the record's."""
    status = status or chat.status
    result: dict[str, Any] = {"id": chat.id, "conversation_id": chat.conversation_id}
    if not chat.workflow_id:
        result["bot_id"] = chat.bot_id  # streams of chatflows leave it out
    result["created_at"] = chat.created_at
    if chat.completed_at:
        result["completed_at"] = chat.completed_at
    if chat.failed_at:
        result["failed_at"] = chat.failed_at
    result["last_error"] = {"code": chat.error_code, "msg": chat.error_msg}
    if chat.meta_data:
        result["meta_data"] = chat.meta_data
    result["status"] = status
    result["usage"] = _usage(chat)
    if status == "requires_action":
        result["required_action"] = {
            "type": "submit_tool_outputs",
            "submit_tool_outputs": {"tool_calls": chat.calls},
        }
    result["section_id"] = chat.section_id
    if chat.inserted:
        result["inserted_additional_messages"] = [{"id": message_id} for message_id in chat.inserted]
    if chat.execute_id:
        result["execute_id"] = chat.execute_id
    return result


def _usage(chat: Chat) -> dict[str, int]:
    """Zeros until the last leg is over."""
    is_over = chat.status in {"completed", "failed", "canceled"}
    incoming, outgoing = (chat.input_count, chat.output_count) if is_over else (0, 0)
    return {"token_count": incoming + outgoing, "output_count": outgoing, "input_count": incoming}


def message_object(message: Message, with_meta_data: bool = True) -> dict[str, Any]:
    result: dict[str, Any] = {"id": message.id, "conversation_id": message.conversation_id}
    if message.bot_id:
        result["bot_id"] = message.bot_id
    result |= {
        "role": message.role,
        "type": message.type,
        "content": message.content,
        "content_type": message.content_type,
    }
    if message.reasoning:
        result["reasoning_content"] = message.reasoning
    if message.chat_id:
        result["chat_id"] = message.chat_id
    if with_meta_data:
        result["meta_data"] = message.meta_data
    result |= {
        "section_id": message.section_id,
        "created_at": message.created_at,
        "updated_at": message.updated_at,
    }
    return result


def conversation_object(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "name": conversation.name,
        "meta_data": conversation.meta_data,
        "creator_id": creator_id(conversation.owner),
        "connector_id": conversation.connector_id,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "last_section_id": conversation.section_id,
    }


def creator_id(owner: str) -> str:
    """The account behind an owner (`account` or `account/session_name`)."""
    return owner.partition("/")[0]


def file_object(file: File) -> dict[str, Any]:
    return {"id": file.id, "bytes": file.bytes, "created_at": file.created_at, "file_name": file.file_name}


def function_call(name: str, arguments: str) -> dict[str, Any]:
    """A tool call that waits for an output from the client (wire-chat 3.1)."""
    return {
        "id": new_call_id(),
        "type": "function",
        "function": {"name": name, "arguments": arguments},
        "require_info": None,
    }


def reply_call() -> dict[str, Any]:
    """A question that waits for words: nothing to submit, so there is no id."""
    return {"id": "", "type": "reply_message", "function": None, "require_info": None}
