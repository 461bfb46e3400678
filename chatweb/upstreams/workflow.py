"""Reader of workflow streams: stream_run and stream_resume, of the cloud and of Studio (wire-workflows 1.4).

A bubble is one run of one node. The dialect covers chatflows too: `conversation.*` frames go to their reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .coze import ChatReader
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
    RunOutput,
    StreamEnd,
    Unknown,
    Usage,
)
from .failures import failure_in, read_failure
from .interrupts import read_interrupt
from .questions import is_question
from .runs import CANCELED_CODE, shown_output, usage_of_run
from .stream import StreamReader
from .text import Halves, clean
from .values import as_object, execute_id_of, ident, parse, text_of

END_TITLES = frozenset({"End", "结束", ""})
ASKING_NODES = frozenset({"Question", "Input"})


@dataclass(slots=True)
class Bubble:
    id: str
    title: str
    parts: list[str] = field(default_factory=list)
    last_seq: int = -1


class WorkflowReader(StreamReader):
    def __init__(self) -> None:
        super().__init__()
        self._chatflow: ChatReader | None = None
        self._is_begun = False
        self._execute_id = ""
        self._halves = Halves()
        self._open: dict[str, Bubble] = {}  # by node, until its bubble is finished
        self._runs: dict[str, int] = {}  # by node: how often it has begun to speak
        self._withheld: tuple[Message, str] | None = None  # a question's JSON or words, and its raw content
        self._last: Message | None = None  # the last finished bubble
        self._usage: Usage | None = None

    def frame(self, name: str, data: str, out: list[Event]) -> None:
        if self._chatflow is None and name.startswith("conversation."):
            self._chatflow = ChatReader()
        if self._chatflow is not None:
            self._chatflow.frame(name, data, out)
        elif name == "PING":
            out.append(Ping())
        elif name == "Message":
            self._message(as_object(data), data, out)
        else:
            if name != "Interrupt":
                self._let_go(out)
            out.append(Received(name, clean(data)))
            self._event(name, data, out)

    def end(self, out: list[Event]) -> None:
        if self._chatflow is not None:
            self._chatflow.end(out)
        if self._withheld is not None and not is_question(self._withheld[1]):
            self._let_go(out)
        for id_, _ in self._halves.rest():
            out.append(Delta(id_, "\ufffd"))

    # --- text --------------------------------------------------------------------------------------

    def _message(self, message: dict[str, Any], data: str, out: list[Event]) -> None:
        """`content` is a delta within one bubble; in one piece it is the whole."""
        self._let_go(out)
        self._begin(out)
        self._usage = usage_of_run(message) or self._usage
        bubble, is_first = self._bubble(message)
        content = text_of(message.get("content")) if message.get("node_is_finish") is True else ""
        if message.get("node_is_finish") is True:
            out.append(Received("Message", clean(data)))
        raw = message.get("content")
        if is_first and message.get("node_is_finish") is True:
            self._whole(message, bubble, content, out)
            return
        text = self._halves.join((bubble.id, ""), raw if isinstance(raw, str) else text_of(raw))
        bubble.parts.append(text)
        out.append(Delta(bubble.id, text, title=bubble.title))
        if message.get("node_is_finish") is True:
            self._finish(Message(bubble.id, "answer", "".join(bubble.parts), title=bubble.title), out)
