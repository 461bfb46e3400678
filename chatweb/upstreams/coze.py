"""Reader of chat-shaped streams: chat v3, submitted outputs and chatflows, of the cloud and of Studio.

Mapping: wire-workflows 5.6. What differs in Studio is told apart by what arrives, not by configuration.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .events import (
    ASKING,
    ActionRequired,
    ChatFailed,
    ChatStarted,
    Delta,
    Event,
    Message,
    MessageDone,
    Ping,
    Question,
    Received,
    StreamEnd,
    Unknown,
)
from .failures import failure_in, read_failure
from .objects import chat_events, is_interrupt, read_ids, read_message
from .questions import first_link, is_question, read_question
from .sse import END_MARK, END_NAMES, NAMELESS
from .stream import StreamReader
from .text import Halves, clean
from .values import as_object, execute_id_of, ident, parse, text_of, usage_of

DELTA = "conversation.message.delta"
DELTA_LINE = b"event:conversation.message.delta\n"
AUDIO = "conversation.audio.delta"
CHAT = "conversation.chat."
CHAT_EVENTS = {
    "conversation.chat.created": "in_progress",
    "conversation.chat.in_progress": "in_progress",
    "conversation.chat.completed": "completed",
    "conversation.chat.failed": "failed",
    "conversation.chat.requires_action": "requires_action",
    "conversation.chat.canceled": "canceled",
    "conversation.chat.cancelled": "canceled",
}


class ChatReader(StreamReader):
    """One body. Deltas of cards and audio are left out: their messages come whole."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = ChatStarted()
        self._halves = Halves()
        self._done: set[str] = set()  # messages that are completed: later deltas are void (quirk 18)
        self._withheld: set[str] = set()  # messages that are a question's JSON in one piece
        self._asking: list[Message] = []  # … and the questions they hold, until we know they are asked
        self._is_interrupted = False
        self._answer_id, self._answer_parts = "", [""]
        self._nameless = 0  # messages without an id of their own

    # --- deltas: the hot path ----------------------------------------------------------------------

    def frame(self, name: str, data: str, out: list[Event]) -> None:
        if name == DELTA:
            self._delta(data, out)
        elif name == "PING":
            out.append(Ping())
        elif name != AUDIO:
            out.append(Received(name, clean(data)))
            self._event(name, data, out)

    def is_one_delta(self, chunk: bytes) -> bool:
        # Before the chat's id is known a delta may tell it.
        return bool(self.ids.chat_id) and self._sse.is_one_frame(DELTA_LINE, chunk)

    def _delta(self, data: str, out: list[Event]) -> None:
        message = parse(data)
        if type(message) is not dict:
            return
        get = message.get
        id_ = get("id")
        if type(id_) is not str or not id_ or id_ == "0":
            id_ = ident(id_) or self._local_id()
        if id_ in self._done or id_ in self._withheld or get("content_type") not in ("text", None, ""):
            return
        if not self.ids.chat_id:
            self._learn_from_message(message, out)
        text, reasoning = get("content"), get("reasoning_content")
        kind = get("type") or "answer"
        if type(text) is not str:
            text = text_of(text)
        if text[:1] == "{" and id_ != self._answer_id and is_question(text):
            self._withhold(replace(read_message(message, self.ids.chat_id), id=id_))
            return
        text = self._halves.join((id_, ""), text)
        reasoning = self._halves.join((id_, "reasoning"), text_of(reasoning)) if reasoning else ""
        if kind == "answer":
            if id_ == self._answer_id:
                self._answer_parts.append(text)
            else:
                self._answer_id, self._answer_parts = id_, [text]
        meta = get("meta_data")
        title = text_of(meta.get("message_title")) if meta and type(meta) is dict else ""
        out.append(Delta(id_, text, reasoning, kind, title))

    # --- everything else ---------------------------------------------------------------------------

    def _event(self, name: str, data: str, out: list[Event]) -> None:
        if name in CHAT_EVENTS:
            self._chat(CHAT_EVENTS[name], as_object(data), out)
        elif name == "conversation.message.completed":
            self._message(as_object(data), out)
        elif name == "error":
            self._error(data, out)
        elif name in END_NAMES or (name in NAMELESS and data.strip().strip('"') == END_MARK):
            self._end(as_object(data), out)
        elif name in NAMELESS and (failure := failure_in(parse(data))):
            out.append(ChatFailed(*failure, is_error=True))
        else:
            out.append(Unknown(name, clean(data)))

    def _chat(self, status: str, chat: dict[str, Any], out: list[Event]) -> None:
        self._learn(read_ids(chat), out, is_start=status == "in_progress")
        if status == "completed" and self._is_interrupted:
            # Studio's chat waits, and says "completed" (wire-workflows 2.2): the interrupt outranks it.
            out.append(ActionRequired((), self._questions(), usage_of(chat.get("usage"))))
            return
        if status == "completed":
            self._release(out)
        out.extend(chat_events(chat, status, self._questions() if status == "requires_action" else ()))

    def _message(self, raw: dict[str, Any], out: list[Event]) -> None:
        if not raw:
            return
        if not self.ids.chat_id:
            self._learn_from_message(raw, out)
        message = read_message(raw, self.ids.chat_id)
        if not message.id:
            message = replace(message, id=self._local_id())
            self._nameless += 1
        self._done.add(message.id)
        self._halves.drop((message.id, ""))
        self._halves.drop((message.id, "reasoning"))
        if message.type == "answer" and is_question(message.content):
            self._withhold(message)
            out.append(MessageDone(replace(message, type=ASKING)))
            return
        if message.type == "verbose" and is_interrupt(message):
            self._is_interrupted = True
        if message.type == "answer" and message.content_type == "text":
            joined = "".join(self._answer_parts) if message.id == self._answer_id else ""
            self._answer_id, self._answer_parts = message.id, [message.content or joined]
        out.append(MessageDone(message))

    def _error(self, data: str, out: list[Event]) -> None:
        code, msg = read_failure(data)
        out.append(ChatFailed(code, msg, is_error=True))
        if debug_url := text_of(as_object(data).get("debug_url")):
            self._end({"debug_url": debug_url}, out)

    def _end(self, data: dict[str, Any], out: list[Event]) -> None:
        debug_url = text_of(data.get("debug_url"))
        execute_id = execute_id_of(debug_url)
        if execute_id and not self.ids.execute_id:
            self._learn(ChatStarted(execute_id=execute_id), out)
        out.append(StreamEnd(debug_url))

    def end(self, out: list[Event]) -> None:
        for id_, kind in self._halves.rest():
            out.append(Delta(id_, "\ufffd", "") if not kind else Delta(id_, "", "\ufffd"))

    # --- ids ---------------------------------------------------------------------------------------

    def _learn(self, news: ChatStarted, out: list[Event], *, is_start: bool = False) -> None:
        """The first id of a kind stays: a stream is one chat, whatever samples print (wire-workflows 2)."""
        known = self.ids
        self.ids = ChatStarted(
            known.chat_id or news.chat_id,
            known.conversation_id or news.conversation_id,
            known.section_id or news.section_id,
            known.execute_id or news.execute_id,
            known.question_id or news.question_id,
        )
        if is_start or self.ids != known:
            out.append(self.ids)

    def _learn_from_message(self, message: dict[str, Any], out: list[Event]) -> None:
        """A body that does not begin at the beginning, as one resumed by a proxy."""
        news = ChatStarted(ident(message.get("chat_id")), ident(message.get("conversation_id")))
        if news.chat_id:
            self._learn(news, out)

    def _local_id(self) -> str:
        return f"{self.ids.chat_id}#{self._nameless}"

    # --- questions ---------------------------------------------------------------------------------

    def _withhold(self, message: Message) -> None:
        self._withheld.add(message.id)
        self._asking = [*(one for one in self._asking if one.id != message.id), message]

    def _release(self, out: list[Event]) -> None:
        """Nobody asked: what looked like a question was an answer in JSON."""
        out.extend(MessageDone(one) for one in self._asking if one.content_type == "text")
        self._asking = []

    def _questions(self) -> tuple[Question, ...]:
        """What is asked, as the messages before say it: the machine's form, else the last answer's words."""
        read = (read_question(message.content) for message in self._asking)
        known = tuple(question for question in read if question)
        if not known:
            text = "".join(self._answer_parts)
            known = (Question("", text, link=first_link(text)),)
        return known
