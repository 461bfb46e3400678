"""Which reader a body wants: by the dialect a connection speaks and the call it answers."""

from __future__ import annotations

from functools import partial
from typing import Any

from .assistants import AssistantsReader, read_assistants_body
from .bodies import read_coze_body
from .body import BodyReader
from .coze import ChatReader
from .events import Event
from .histories import read_history_body
from .runs import read_run_body
from .stream import StreamReader
from .workflow import WorkflowReader

DIALECTS = ("coze", "studio", "workflow", "assistants")
STREAMED_CALLS = frozenset({"chat", "submit", "run", "resume"})
RUN_CALLS = frozenset({"run", "resume", "run_history"})
CALLS = (
    "chat",
    "submit",
    "retrieve",
    "cancel",
    "chat_messages",
    "conversation_messages",
    "token",
    "other",
    "run",
    "resume",
    "run_history",
    "messages",
)


def open_body(dialect: str, call: str, http_status: int, content_type: str) -> BodyReader:
    """A reader for one response body. Raises ValueError for a dialect or a call nobody knows."""
    if dialect not in DIALECTS or call not in CALLS:
        raise ValueError(f"no such dialect or call: {dialect} {call}")
    return BodyReader(
        stream_reader(dialect, call),
        partial(read_json, dialect, call),
        http_status=http_status,
        content_type=content_type,
        is_stream_due=call in STREAMED_CALLS,
    )


def stream_reader(dialect: str, call: str) -> StreamReader:
    if dialect == "assistants":
        return AssistantsReader()
    return WorkflowReader() if is_workflow(dialect, call) else ChatReader()


def read_json(dialect: str, call: str, body: Any, http_status: int) -> list[Event]:
    if dialect == "assistants":
        return read_assistants_body(call, body, http_status)
    if call == "run_history":
        return read_history_body(body, http_status)
    if call in RUN_CALLS or (dialect == "workflow" and call in STREAMED_CALLS and not _is_chat(body)):
        return read_run_body(body, http_status)
    return read_coze_body(call, body, http_status)


def is_workflow(dialect: str, call: str) -> bool:
    return dialect == "workflow" or call in RUN_CALLS


def _is_chat(body: Any) -> bool:
    """A chat object where a run's answer, whose `data` is text, would be."""
    return isinstance(body, dict) and isinstance(body.get("data"), dict)
