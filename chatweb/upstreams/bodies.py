"""JSON answers of Coze and Studio that are no stream, read into the same events (wire-chat 1.2, 5, 6, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .events import ASKING, ChatFailed, ChatStarted, Event, Message, MessageDone
from .failures import failure_in, message_in, unusable
from .objects import chat_events, read_ids, read_message, read_status
from .questions import is_question
from .values import ident, mapping, text_of, usage_of

# Calls whose answer is a chat, and those whose answer is a list of messages.
CHAT_CALLS = frozenset({"chat", "submit", "retrieve", "cancel"})
LIST_CALLS = frozenset({"chat_messages", "conversation_messages", "messages"})

# Where the content of an envelope is: Studio has keys of its own, message modify as well.
CONTENT_KEYS = ("data", "Messages", "ChatV3ChatDetail", "ConversationData", "message")


def read_coze_body(call: str, body: Any, http_status: int) -> list[Event]:
    """Events of a parsed body. A failure of the envelope or the status is ChatFailed(is_error=True)."""
    failure = failure_in(body) or refusal(body, http_status)
    if failure:
        return [ChatFailed(*failure, is_error=True)]
    content = content_of(body)
    if call in LIST_CALLS:
        return [MessageDone(message) for message in read_messages(content)]
    if call in CHAT_CALLS:
        return _read_chat(call, content, http_status)
    if call == "token" and not mapping(body).get("access_token"):
        return [ChatFailed(*unusable(http_status, text_of(body)), is_error=True)]
    if isinstance(content, dict):
        started = ChatStarted(ident(content.get("chat_id")), ident(content.get("conversation_id")))
        return [] if started == ChatStarted() else [started]
    return []


def content_of(body: Any) -> Any:
    """What the envelope holds; the body itself when it has none."""
    for key in CONTENT_KEYS:
        if isinstance(body, dict) and isinstance(body.get(key), dict | list):
            return body[key]
    return body


def refusal(body: Any, http_status: int) -> tuple[None, str] | None:
    """A status that says no with a body that does not say why, in the envelope's words."""
    if http_status < 400:
        return None
    return unusable(http_status, message_in(body) if isinstance(body, dict) else text_of(body))


def read_messages(content: Any) -> list[Message]:
    """Messages of a list, in its order. Studio leaves the key out when there are none."""
    if not isinstance(content, list):
        return []
    return [_marked(read_message(one)) for one in content if isinstance(one, dict)]


def _marked(message: Message) -> Message:
    """A question in the machine's form is not an answer that people read."""
    if message.type == "answer" and is_question(message.content):
        return replace(message, type=ASKING)
    return message


def in_order(messages: list[Message]) -> list[Message]:
    """By time, then arrival: the order of lists is not promised (wire-chat 6.2)."""
    return sorted(messages, key=lambda message: message.created_at)


def _read_chat(call: str, content: Any, http_status: int) -> list[Event]:
    if isinstance(content, dict):
        if "status" in content:
            started = read_ids(content)
            return [_with_usage(started, content), *chat_events(content, read_status(content["status"]))]
        if is_message(content):
            # Submitting without a stream may answer with a bare message (seed 000).
            message = read_message(content)
            started = ChatStarted(message.chat_id, ident(content.get("conversation_id")))
            return [started, MessageDone(message)]
        if ident(content.get("id")) and ident(content.get("conversation_id")):
            return [read_ids(content)]
        if call == "cancel" and content.get("code") in (0, "0"):
            return []
    return [ChatFailed(*unusable(http_status, text_of(content)), is_error=True)]


def is_message(content: Mapping[str, Any]) -> bool:
    return "content" in content and ("role" in content or "type" in content)


def _with_usage(started: ChatStarted, chat: Mapping[str, Any]) -> ChatStarted:
    return ChatStarted(
        started.chat_id,
        started.conversation_id,
        started.section_id,
        started.execute_id,
        started.question_id,
        usage_of(chat.get("usage")),
    )


def log_id_in(body: Any) -> str:
    """`detail.logid` of an envelope: for bodies whose header a proxy ate."""
    return text_of(mapping(mapping(body).get("detail")).get("logid"))
