"""Coze's chat and message objects, from streams and from JSON bodies alike (wire-chat 3.1 to 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .events import (
    ActionRequired,
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Event,
    Message,
    Question,
    ToolCall,
)
from .values import ident, mapping, parse, sequence, string_map, text_of, usage_of, whole_number

# Spellings to fold; what is in no list is not over (wire-chat 3.2).
STATUSES = {
    "completed": "completed",
    "compleated": "completed",
    "failed": "failed",
    "expired": "failed",
    "deleted": "failed",
    "canceled": "canceled",
    "cancelled": "canceled",
    "requires_action": "requires_action",
    "required_action": "requires_action",
}
Code = int | str | None


def read_status(value: object) -> str:
    """completed, failed, canceled, requires_action, or in_progress for everything else."""
    # After a cancel Studio stores the event's name as the status.
    name = text_of(value).strip().lower().removeprefix("conversation.chat.")
    return STATUSES.get(name, "in_progress")


def read_ids(chat: Mapping[str, Any]) -> ChatStarted:
    """What the upstream calls this chat; the last inserted message is the person's own question."""
    inserted = sequence(chat.get("inserted_additional_messages"))
    return ChatStarted(
        chat_id=ident(chat.get("id")),
        conversation_id=ident(chat.get("conversation_id")),
        section_id=ident(chat.get("section_id")),
        execute_id=ident(chat.get("execute_id")),
        question_id=ident(mapping(inserted[-1]).get("id")) if inserted else "",
    )


def read_message(message: Mapping[str, Any], chat_id: str = "") -> Message:
    """A message object; lists leave `type` empty, chatflows the ids (quirks 26, 28)."""
    role = text_of(message.get("role")) or "assistant"
    meta = string_map(message.get("meta_data"))
    return Message(
        id=ident(message.get("id")),
        type=text_of(message.get("type")) or ("question" if role == "user" else "answer"),
        content=text_of(message.get("content")),
        content_type=text_of(message.get("content_type")) or "text",
        role=role,
        reasoning=text_of(message.get("reasoning_content")),
        chat_id=ident(message.get("chat_id")) or chat_id,
        created_at=whole_number(message.get("created_at")),
        meta=meta,
        title=meta.get("message_title", ""),
    )


def read_last_error(chat: Mapping[str, Any]) -> tuple[Code, str]:
    """`last_error`, or a code beside the chat's own fields (seed 003); (None, "") when neither tells."""
    for place in (mapping(chat.get("last_error")), chat):
        code, msg = place.get("code"), text_of(place.get("msg"))
        if code not in (None, "", 0, "0"):
            return as_code(code), msg
        if place is not chat and msg:
            return None, msg
    return None, ""


def as_code(code: object) -> Code:
    """A code as received."""
    if isinstance(code, str):
        return text_of(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def read_calls(required_action: object) -> tuple[tuple[ToolCall, ...], tuple[str, ...]]:
    """(calls that want an output, ids of `reply_message` calls that want words). Both may be empty."""
    submit = mapping(mapping(required_action).get("submit_tool_outputs"))
    calls: list[ToolCall] = []
    replies: list[str] = []
    for call in map(mapping, sequence(submit.get("tool_calls"))):
        function, facts = mapping(call.get("function")), mapping(call.get("require_info"))
        kind, require = text_of(call.get("type")), _required_facts(facts)
        if kind == "reply_message" or (not kind and not function and not require):
            replies.append(text_of(call.get("id")))
            continue
        calls.append(
            ToolCall(
                id=text_of(call.get("id")),
                type=kind or "function",
                name=text_of(function.get("name") or facts.get("name")),
                arguments=text_of(function.get("arguments")),
                require=require,
            )
        )
    return tuple(calls), tuple(replies)


def _required_facts(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Facts to collect, under either of their names (wire-workflows 3.6)."""
    names = sequence(facts.get("require_fields")) or sequence(facts.get("infos"))
    return tuple(text_of(name) for name in names)


def is_interrupt(message: Message) -> bool:
    """Whether a verbose message says that the chat waits for somebody."""
    return "interrupt" in message.content and mapping(parse(message.content)).get("msg_type") == "interrupt"


def chat_events(chat: Mapping[str, Any], status: str, questions: tuple[Question, ...] = ()) -> list[Event]:
    """What a chat object says, with the status an event's name or its own field gives it.

    `questions` are those known from messages; without any a question stands for itself.
    """
    usage = usage_of(chat.get("usage"))
    match status:
        case "completed":
            return [ChatDone(usage)]
        case "failed":
            code, msg = read_last_error(chat)
            return [ChatFailed(code, msg, usage=usage)]
        case "canceled":
            return [ChatCanceled(usage)]
        case "requires_action":
            calls, replies = read_calls(chat.get("required_action"))
            asked = ask(replies, questions) if replies or not calls else ()
            return [ActionRequired(calls, asked, usage)]
        case _:
            return []


def ask(reply_ids: tuple[str, ...], known: tuple[Question, ...]) -> tuple[Question, ...]:
    """Questions under the ids they must be answered with: the newest known ones belong to the last calls."""
    ids = reply_ids or ("",)
    blank = (Question("", ""),) * max(0, len(ids) - len(known))
    asked = blank + known[-len(ids) :]
    return tuple(replace(one, id=id_) for id_, one in zip(ids, asked, strict=True))
