"""Reader of workflow streams: stream_run and stream_resume, of the cloud and of Studio (wire-workflows 1.4).

A bubble is one run of one node. The dialect covers chatflows too: `conversation.*` frames go to their reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .coze import ChatReader
from .events import (
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
from .interrupts import execute_id_of_event, read_interrupt
from .questions import is_question, unwrap
from .runs import CANCELED_CODE, shown_output, usage_of_run
from .stream import StreamReader
from .text import Halves, clean
from .values import as_object, execute_id_of, ident, mapping, parse, text_of

END_TITLES = frozenset({"End", "结束", ""})
ASKING_NODES = frozenset({"Question", "Input"})


@dataclass(slots=True)
class Bubble:
    id: str
    title: str
    parts: list[str] = field(default_factory=list)


class WorkflowReader(StreamReader):
    """`prefix` tells this leg's bubbles from those of others: nodes keep their ids over a resume."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self._prefix = prefix
        self._chatflow: ChatReader | None = None
        self._execute_id = ""
        self._halves = Halves()
        self._open: dict[str, Bubble] = {}  # by node, until the bubble is finished
        self._begun: dict[str, int] = {}  # by node: how many bubbles it has begun
        self._withheld: Message | None = None  # may turn out to be a question's machine form
        self._asking_title = ""  # of the node whose machine form was dropped
        self._last: Message | None = None
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
            self._settle_withheld(name, data, out)
            out.append(Received(name, clean(data)))
            self._event(name, data, out)

    def end(self, out: list[Event]) -> None:
        if self._chatflow is not None:
            self._chatflow.end(out)
        if self._withheld is not None and not is_question(self._withheld.content):
            self._show(self._withheld, out)
        out.extend(Delta(id_, "\ufffd") for id_, _ in self._halves.rest())

    # --- text --------------------------------------------------------------------------------------

    def _message(self, message: dict[str, Any], data: str, out: list[Event]) -> None:
        """`content` is a piece of its bubble; a bubble in one piece comes whole, without a delta."""
        self._settle_withheld("Message", "", out)
        if not self._begun:
            out.append(ChatStarted())
        self._learn(ident(message.get("execute_id")), out)
        self._usage = usage_of_run(message) or self._usage
        is_finished = message.get("node_is_finish") is True
        node, bubble = self._bubble(message)
        if is_finished:
            out.append(Received("Message", clean(data)))
            del self._open[node]
        content = message.get("content")
        if is_finished and not bubble.parts:
            self._take_whole(message, bubble, text_of(content), out)
            return
        text = self._halves.join((bubble.id, ""), content if isinstance(content, str) else text_of(content))
        bubble.parts.append(text)
        out.append(Delta(bubble.id, text, title=bubble.title))
        if is_finished:
            self._show(Message(bubble.id, "answer", "".join(bubble.parts), title=bubble.title), out)

    def _bubble(self, message: Mapping[str, Any]) -> tuple[str, Bubble]:
        """The bubble a piece belongs to; a node that begins to count anew begins another."""
        title = text_of(message.get("node_title"))
        node = ident(message.get("node_execute_uuid"))
        if not node:
            place = (text_of(message.get(key)) for key in ("loop_index", "batch_index"))
            node = "|".join((ident(message.get("node_id")) or title, *place))
        bubble = self._open.get(node)
        if bubble is None or (bubble.parts and text_of(message.get("node_seq_id")) == "0"):
            self._begun[node] = self._begun.get(node, 0) + 1
            bubble = self._open[node] = Bubble(f"{self._prefix}{node}#{self._begun[node]}", title)
        return node, bubble

    def _take_whole(self, message: Mapping[str, Any], bubble: Bubble, content: str, out: list[Event]) -> None:
        node_type = text_of(message.get("node_type"))
        if node_type in ASKING_NODES or is_question(content):
            self._withheld = Message(bubble.id, "answer", content, title=bubble.title)
            return
        if bubble.title in END_TITLES:
            content = shown_output(content)
        self._show(Message(bubble.id, "answer", content, title=bubble.title), out)

    def _show(self, message: Message, out: list[Event]) -> None:
        self._last = message
        out.append(MessageDone(message))

    def _settle_withheld(self, name: str, data: str, out: list[Event]) -> None:
        """The event after tells: before an Interrupt it was only the question's machine form (Studio)."""
        message, self._withheld = self._withheld, None
        if message is None:
            return
        if name == "Interrupt":
            asked = text_of(mapping(unwrap(as_object(data).get("interrupt_data"))).get("data"))
            if is_question(message.content) or message.content == asked:
                self._asking_title = message.title
                return
        self._show(message, out)

    # --- everything else ---------------------------------------------------------------------------

    def _event(self, name: str, data: str, out: list[Event]) -> None:
        body = as_object(data)
        self._learn(ident(body.get("execute_id")), out)
        match name:
            case "Interrupt":
                self._interrupt(body, out)
            case "Done":
                self._usage = usage_of_run(body) or self._usage
                self._learn(execute_id_of(text_of(body.get("debug_url"))), out)
                if self._last is not None:
                    out.append(RunOutput(self._last.content))
                out += [ChatDone(self._usage), StreamEnd(text_of(body.get("debug_url")))]
            case "Error" | "error":
                self._error(data, body, out)
            case "done":
                out.append(StreamEnd(text_of(body.get("debug_url"))))
            case "" | "message" if failure := failure_in(parse(data)):
                out.append(ChatFailed(*failure, is_error=True))
            case _:
                out.append(Unknown(name, clean(data)))

    def _interrupt(self, body: dict[str, Any], out: list[Event]) -> None:
        data = mapping(unwrap(body.get("interrupt_data")))
        title = text_of(body.get("node_title")) or self._asking_title
        debug_url = text_of(body.get("debug_url"))
        event_id = ident(data.get("event_id"))
        self._learn(execute_id_of_event(event_id) or execute_id_of(debug_url), out)
        last = self._last
        words = last.content if last is not None and title in ("", last.title) else ""
        out += [read_interrupt(data, title, words), StreamEnd(debug_url)]

    def _error(self, data: str, body: dict[str, Any], out: list[Event]) -> None:
        code, msg = read_failure(data)
        debug_url = text_of(body.get("debug_url"))
        self._learn(execute_id_of(debug_url), out)
        if str(code) == CANCELED_CODE:
            out.append(ChatCanceled())
        else:
            out.append(ChatFailed(code, msg, is_error=True))
        out.append(StreamEnd(debug_url))

    def _learn(self, execute_id: str, out: list[Event]) -> None:
        if execute_id and execute_id != self._execute_id:
            self._execute_id = execute_id
            out.append(ChatStarted(execute_id=execute_id))
