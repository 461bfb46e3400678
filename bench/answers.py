"""The bytes the fake upstream sends: SSE events and JSON objects of a Coze chat (wire-chat, section 3)."""

from __future__ import annotations

import itertools
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

BOT_ID = "7300000000000000001"
WORKSPACE_ID = "7300000000000000002"
LOG_ID = "20260101000000bench"
DIRECTIVE = re.compile(r"(\w+)=([\w.]+)")
_ids = itertools.count(time.time_ns() // 10 * 10 % 10**19)


def new_id() -> str:
    """19 digits, growing, as a string, like the cloud's."""
    return str(next(_ids))


@dataclass(slots=True)
class Chat:
    """One chat upstream. `tokens` None goes on until the control endpoint says finish."""

    conversation_id: str
    tag: int
    rate: float
    tokens: int | None
    question: dict[str, Any]
    id: str = field(default_factory=new_id)
    message_id: str = field(default_factory=new_id)
    question_id: str = field(default_factory=new_id)
    status: str = "in_progress"
    pieces: list[str] = field(default_factory=list)
    created_at: int = field(default_factory=lambda: int(time.time()))

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def chat_from(body: dict[str, Any], conversation_id: str) -> Chat:
    """Read `tag= rate= tokens=` from the question; tokens=open never ends by itself."""
    messages = body.get("additional_messages") or [{}]
    directives = dict(DIRECTIVE.findall(str(messages[-1].get("content", ""))))
    tokens = directives.get("tokens", "20")
    return Chat(
        conversation_id=conversation_id,
        tag=int(directives.get("tag", "0")),
        rate=float(directives.get("rate", "30")),
        tokens=None if tokens == "open" else int(tokens),
        question=messages[-1],
    )


def chat_object(chat: Chat) -> dict[str, Any]:
    """wire-chat 3.1"""
    count = len(chat.pieces)
    return {
        "id": chat.id,
        "conversation_id": chat.conversation_id,
        "bot_id": BOT_ID,
        "status": chat.status,
        "created_at": chat.created_at,
        "completed_at": int(time.time()) if chat.status == "completed" else 0,
        "meta_data": chat.question.get("meta_data") or {},
        "last_error": {"code": 0, "msg": ""},
        "usage": {"token_count": count + 10, "output_count": count, "input_count": 10},
        "section_id": chat.conversation_id,
        "inserted_additional_messages": [{"id": chat.question_id}],
    }


def message_object(chat: Chat, type_: str, content: str, **changes: Any) -> dict[str, Any]:
    """wire-chat 3.3"""
    return {
        "id": chat.message_id,
        "conversation_id": chat.conversation_id,
        "bot_id": BOT_ID,
        "role": "assistant",
        "type": type_,
        "content": content,
        "content_type": "text",
        "chat_id": chat.id,
        "section_id": chat.conversation_id,
    } | changes


def question_object(chat: Chat) -> dict[str, Any]:
    content = str(chat.question.get("content", ""))
    meta = chat.question.get("meta_data") or {}
    return message_object(
        chat,
        "question",
        content,
        id=chat.question_id,
        role="user",
        meta_data=meta,
        created_at=chat.created_at,
    )


def answer_object(chat: Chat) -> dict[str, Any]:
    return message_object(chat, "answer", chat.text, meta_data={}, created_at=chat.created_at)


def chunk(data: bytes) -> bytes:
    """One piece of HTTP chunked encoding."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(name: str, data: Any) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event:{name}\ndata:{text}\n\n".encode()


def delta_halves(chat: Chat) -> tuple[bytes, bytes]:
    """What stands before and after a delta's token: prepared once, so that a delta costs next to nothing."""
    before, after = event("conversation.message.delta", message_object(chat, "answer", "@")).split(b"@")
    return before, after


def opening(chat: Chat) -> list[bytes]:
    created = chat_object(chat) | {"status": "created"}
    return [
        event("conversation.chat.created", created),
        event("conversation.chat.in_progress", chat_object(chat)),
    ]


def closing(chat: Chat) -> list[bytes]:
    finish = {"msg_type": "generate_answer_finish", "data": '{"finish_reason":0}', "from_unit": None}
    verbose = message_object(chat, "verbose", json.dumps(finish), id=new_id())
    return [
        event("conversation.message.completed", answer_object(chat)),
        event("conversation.message.completed", verbose),
        event("conversation.chat.completed", chat_object(chat)),
        event("done", "[DONE]"),
    ]
