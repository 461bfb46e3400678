"""Assistants-style services: streams and JSON bodies (wire-workflows 5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .bodies import LIST_CALLS, refusal
from .events import (
    ActionRequired,
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Delta,
    Event,
    Message,
    MessageDone,
    Ping,
    Received,
    StreamEnd,
    Unknown,
)
from .failures import failure_in, read_failure, unusable
from .objects import as_code, read_calls
from .sse import END_MARK, NAMELESS
from .stream import StreamReader
from .text import Halves, clean
from .values import as_object, ident, mapping, sequence, string_map, text_of, usage_of, whole_number

RUN = "thread.run."
STEP = "thread.run.step."
# Events and statuses of a run say the same words (wire-workflows 5.3).
RUN_STATUSES = frozenset(
    {
        "created",
        "queued",
        "in_progress",
        "requires_action",
        "completed",
        "incomplete",
        "failed",
        "cancelling",
        "cancelled",
        "expired",
    }
)
MESSAGE_ENDS = frozenset({"thread.message.completed", "thread.message.incomplete"})
MESSAGE_BEGINNINGS = frozenset({"thread.message.created", "thread.message.in_progress"})


class AssistantsReader(StreamReader):
    def __init__(self) -> None:
        super().__init__()
        self._halves = Halves()
        self._done: set[str] = set()

    def frame(self, name: str, data: str, out: list[Event]) -> None:
        if name == "thread.message.delta":
            self._delta(as_object(data), out)
        elif name.upper() == "PING":
            out.append(Ping())
        elif name != STEP + "delta":
            out.append(Received(name, clean(data)))
            self._event(name, data, out)

    def end(self, out: list[Event]) -> None:
        out.extend(Delta(id_, "\ufffd") for id_, _ in self._halves.rest())

    def _delta(self, message: dict[str, Any], out: list[Event]) -> None:
        id_ = ident(message.get("id"))
        if id_ in self._done:
            return
        text = raw_text(mapping(message.get("delta")).get("content"))
        if text:
            out.append(Delta(id_, self._halves.join((id_, ""), text)))

    def _event(self, name: str, data: str, out: list[Event]) -> None:
        body = as_object(data)
        if name == "error" or body.get("error"):
            out.append(ChatFailed(*read_failure(data), is_error=True))
        elif name == "done" or (name in NAMELESS and data.strip().strip('"') == END_MARK):
            out.append(StreamEnd())
        elif name.startswith(RUN) and name.removeprefix(RUN) in RUN_STATUSES:
            out.extend(run_events(body, name.removeprefix(RUN)))
        elif name in MESSAGE_ENDS:
            message = read_thread_message(body)
            self._done.add(message.id)
            self._halves.drop((message.id, ""))
            if message.role != "user":
                out.append(MessageDone(message))
        elif name == "thread.created":
            out.append(ChatStarted(conversation_id=ident(body.get("id"))))
        elif not name.startswith(STEP) and name not in MESSAGE_BEGINNINGS:
            out.append(Unknown(name, clean(data)))


def run_events(run: Mapping[str, Any], status: str) -> list[Event]:
    """A run object under a status, its own or that of an event's name."""
    usage = usage_of(run.get("usage"))
    started = ChatStarted(ident(run.get("id")), ident(run.get("thread_id")))
    match status:
        case "completed" | "incomplete":
            return [started, ChatDone(usage, is_cut_off=status == "incomplete")]
        case "requires_action":
            calls = read_calls(run.get("required_action"))[0]
            return [started, ActionRequired(calls, (), usage, whole_number(run.get("expires_at")))]
        case "cancelled":
            return [started, ChatCanceled(usage)]
        case "failed" | "expired":
            error = mapping(run.get("last_error"))
            msg = text_of(error.get("message")) or ("the run has expired" if status == "expired" else "")
            code, is_expired = as_code(error.get("code")), status == "expired"
            return [started, ChatFailed(code, msg, usage=usage, is_expired=is_expired)]
        case _:
            return [started]


def read_thread_message(message: Mapping[str, Any]) -> Message:
    role = text_of(message.get("role")) or "assistant"
    pictures = [] if role == "user" else pictures_in(message.get("content"))
    words = clean(raw_text(message.get("content")))
    return Message(
        id=ident(message.get("id")),
        type="question" if role == "user" else "answer",
        content=with_pictures(words, pictures) if pictures else words,
        content_type="object_string" if pictures else "text",
        role=role,
        chat_id=ident(message.get("run_id")),
        created_at=whole_number(message.get("created_at")),
        meta=string_map(message.get("metadata")),
        is_cut_off=message.get("status") == "incomplete",
    )


def pictures_in(content: object) -> list[dict[str, str]]:
    """Pictures among the parts of a message: with an address, or files that only the service can show."""
    found = []
    for part in map(mapping, sequence(content)):
        kind = text_of(part.get("type"))
        if kind == "image_url":
            found.append({"type": "image", "file_url": text_of(mapping(part.get(kind)).get("url"))})
        elif kind == "image_file":
            file_id = ident(mapping(part.get(kind)).get("file_id"))
            found.append({"type": "image", "file_id": file_id, "name": file_id})
    return found


def with_pictures(words: str, pictures: list[dict[str, str]]) -> str:
    """Words and pictures as Coze's object_string says them (wire-chat 2)."""
    texts = [{"type": "text", "text": words}] if words else []
    return json.dumps([*texts, *pictures], ensure_ascii=False)


def raw_text(content: object) -> str:
    """The text parts of a message in their order; relays send a plain string."""
    if isinstance(content, str):
        return content
    texts = []
    for part in map(mapping, sequence(content)):
        text = part.get("text")
        value = mapping(text).get("value") if isinstance(text, dict) else text
        if isinstance(value, str):
            texts.append(value)
    return "".join(texts)


def read_assistants_body(call: str, body: Any, http_status: int) -> list[Event]:
    """A run, a list of messages, or an error; an answer to `other` says nothing of a state."""
    failure = failure_in(body) or refusal(body, http_status)
    if failure:
        return [ChatFailed(*failure, is_error=True)]
    if call in LIST_CALLS:
        rows = body if isinstance(body, list) else sequence(mapping(body).get("data"))
        return [MessageDone(read_thread_message(row)) for row in rows if isinstance(row, dict)]
    run = mapping(body)
    if text_of(run.get("status")) in RUN_STATUSES:
        return run_events(run, text_of(run.get("status")))
    if call in ("token", "other"):
        return []
    if run.get("object") == "thread.run":
        return run_events(run, "in_progress")
    return [ChatFailed(*unusable(http_status, text_of(body)), is_error=True)]
