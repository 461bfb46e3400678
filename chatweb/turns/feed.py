"""The live text of one turn: what every tab follows and what the writer saves.

Belongs to the event loop alone. Nothing here waits, logs, or touches the database (design, section 4).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from chatweb import frames
from chatweb.delta_ops import op_append, op_done, op_follow_ups, op_open, op_sources, op_think
from chatweb.turns.sources import sources_in
from chatweb.turns.states import MessageState
from chatweb.upstreams.events import Delta, Event, Message, MessageDone

SHOWN = "answer"
REPEATED = "repeated"
END_TITLES = ("End", "结束")


@dataclass(slots=True, eq=False)
class Text:
    """Pieces that grow cheaply; joined only when somebody needs the whole."""

    pieces: list[str] = field(default_factory=list)
    units: int = 0

    def append(self, piece: str) -> int:
        """Add a piece; the offset it starts at, in UTF-16 units."""
        start = self.units
        self.pieces.append(piece)
        self.units += frames.utf16_units(piece)
        return start

    def replace(self, text: str) -> None:
        self.pieces = [text] if text else []
        self.units = frames.utf16_units(text)

    def __str__(self) -> str:
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""


@dataclass(slots=True, eq=False)
class Part:
    """One message while its turn is alive. `pk` is None until the writer has made the row."""

    ordinal: int
    upstream_id: str = ""
    type: str = SHOWN
    content_type: str = "text"
    title: str = ""
    uuid: UUID = field(default_factory=uuid4)
    id: str = ""  # the uuid as the wire spells it, made once
    pk: int | None = None
    text: Text = field(default_factory=Text)
    reasoning: Text = field(default_factory=Text)
    thinking_since: float | None = None
    reasoning_ms: int | None = None
    state: str = MessageState.STREAMING
    feedback: frames.Json | None = None  # given while the turn waited; nobody rates a turn that moves
    is_dirty: bool = True

    def __post_init__(self) -> None:
        self.id = str(self.uuid)

    @property
    def is_shown(self) -> bool:
        return self.type == SHOWN

    @property
    def is_empty(self) -> bool:
        """Over without a word: cut before anything was seen, or not in the upstream's record."""
        return self.state != MessageState.STREAMING and not self.text.units and not self.reasoning.units

    def stop_thinking(self) -> None:
        if self.thinking_since is not None and self.reasoning_ms is None:
            self.reasoning_ms = int((time.monotonic() - self.thinking_since) * 1000)

    def as_object(self) -> frames.Json:
        return {
            "id": self.id,
            "ordinal": self.ordinal,
            "type": self.type,
            "content_type": self.content_type,
            "title": self.title,
            "text": str(self.text),
            "reasoning": str(self.reasoning),
            "reasoning_ms": self.reasoning_ms,
            "state": self.state,
            "feedback": self.feedback,
        }


@dataclass(slots=True)
class Deltas:
    """How many came, and when the first and the last (Unix time, 0 before the first)."""

    count: int = 0
    first_at: float = 0.0
    last_at: float = 0.0

    def note(self) -> None:
        self.count += 1
        self.last_at = time.time()
        self.first_at = self.first_at or self.last_at


class Feed:
    """`head` is the turn's wire object without texts; the runner keeps its state and version current."""

    def __init__(self, head: frames.Json, parts: Iterable[Part] = ()) -> None:
        self.head = head
        self.turn_id: str = head["id"]
        self.conversation_id: str = head["conversation"]
        self.epoch: int = head["epoch"]
        self.seq = 0
        self.parts: list[Part] = list(parts)
        self._by_upstream_id = {part.upstream_id: part for part in self.parts if part.upstream_id}
        self.is_frozen = False
        self.is_dirty = False
        self.deltas = Deltas()

    # --- what the upstream said --------------------------------------------------------------------

    def take(self, events: Iterable[Event]) -> list[str]:
        """Fold deltas and finished messages in; the ops that tell the tabs. A frozen feed grows no more."""
        if self.is_frozen:
            return []
        ops: list[str] = []
        for event in events:
            if type(event) is Delta:
                self._grow(event, ops)
            elif type(event) is MessageDone:
                self._finish(event.message, ops)
        if ops:
            self.is_dirty = True
        return ops

    def frame(self, ops: list[str]) -> str:
        """The next frame of this turn."""
        self.seq += 1
        return frames.delta(self.turn_id, self.epoch, self.seq, ops)

    def _grow(self, delta: Delta, ops: list[str]) -> None:
        part = self._by_upstream_id.get(delta.message_id)
        if part is None:
            part = self._open(delta.message_id, delta.type, delta.title, ops)
        elif part.state != MessageState.STREAMING:
            return  # a delta after its message was completed: the completed text wins
        self.deltas.note()
        part.is_dirty = True
        if delta.reasoning:
            if part.thinking_since is None:
                part.thinking_since = time.monotonic()
            start = part.reasoning.append(delta.reasoning)
            if part.is_shown:
                ops.append(op_think(part.id, start, delta.reasoning))
        if delta.text:
            part.stop_thinking()
            start = part.text.append(delta.text)
            if part.is_shown:
                ops.append(op_append(part.id, start, delta.text))

    def _open(self, upstream_id: str, type_: str, title: str, ops: list[str]) -> Part:
        part = Part(
            ordinal=1 + self.last_ordinal,
            upstream_id=upstream_id,
            type=type_,
            title=title,
        )
        self.parts.append(part)
        self._by_upstream_id[upstream_id] = part
        if part.is_shown:
            ops.append(op_open(part.as_object()))
        return part

    def _repeats(self, message: Message) -> bool:
        """A run's end node often says again what an output node has just said (wire-workflows 1.4)."""
        return message.title in END_TITLES and any(
            part.is_shown and part.upstream_id != message.id and str(part.text) == message.content
            for part in self.parts
        )

    def _of_its_node(self, message: Message) -> Part | None:
        """A run's history tells what its nodes said in all legs, under ids of its own: what was said already
        is known by title and text, what was cut off by how it begins. Only records tell a time: in a stream a
        node that says the same says it again."""
        if not message.created_at:
            return None
        said = [part for part in self.parts if part.title and part.title == message.title]
        for part in reversed(said):
            if part.state == MessageState.STREAMING and message.content.startswith(str(part.text)):
                return part
        return next((part for part in said if str(part.text) == message.content), None)

    def _finish(self, message: Message, ops: list[str]) -> None:
        if message.type == SHOWN and self._repeats(message):
            message = replace(message, type=REPEATED)
        part = self._by_upstream_id.get(message.id) if message.id else None
        part = part or self._of_its_node(message)
        if part is None:
            part = self._open(message.id, message.type, message.title, ops)
        was_shown = part.is_shown and not part.is_empty
        if message.type == SHOWN and not was_shown:
            part.type = SHOWN  # what looked like a question, or had no words, is an answer after all
            ops.append(op_open(part.as_object()))
        changes = complete(part, message)
        if part.is_shown:
            ops.append(op_done(part.id, part.reasoning_ms, **changes))
        elif was_shown:
            # The tabs drop what is over and empty. An answer never turns into a follow-up.
            ops.append(op_done(part.id, None, text="", reasoning=""))
        elif part.type == "follow_up":
            ops.append(op_follow_ups(self.follow_ups))
        elif sources_in([(part.type, str(part.text))]):
            ops.append(op_sources(self.sources))
        else:
            self.is_dirty = True

    # --- the whole ---------------------------------------------------------------------------------

    @property
    def follow_ups(self) -> list[str]:
        return [str(part.text) for part in self.parts if part.type == "follow_up" and part.text.units]

    @property
    def sources(self) -> list[frames.Json]:
        return sources_in((part.type, str(part.text)) for part in self.parts if not part.is_shown)

    @property
    def last_ordinal(self) -> int:
        return max((part.ordinal for part in self.parts), default=0)

    def snapshot(self) -> frames.Json:
        """The turn as a fresh page load would show it now."""
        return {
            **self.head,
            "seq": self.seq,
            "messages": [part.as_object() for part in self.parts if part.is_shown and not part.is_empty],
            "follow_ups": self.follow_ups,
            "sources": self.sources,
        }

    def cut(self, shown: Mapping[str, Any] | None, thought: Mapping[str, Any] | None) -> None:
        """Stop: no text longer than it was on the screen of the tab that stopped; then nothing more.

        None: no tab said what it showed, so what has come is kept.
        """
        for part in self.parts:
            if part.type == "follow_up":
                part.text.replace("")
            elif part.is_shown:
                text_units = _units(shown, part, part.text.units)
                cut_part(part, text_units, _units(thought, part, part.reasoning.units))
        self.parts = [part for part in self.parts if part.pk or not part.is_shown or part.text.units]
        self._by_upstream_id = {part.upstream_id: part for part in self.parts if part.upstream_id}
        self.is_frozen = self.is_dirty = True

    def end(self, is_complete: bool, is_cut_off: bool = False) -> None:
        """No more will come: what is still open is complete with its turn, or was cut off with it.

        `is_cut_off`: the upstream came to a limit. Where no message says that it broke off, it was the last.
        """
        for part in self.parts:
            if part.state == MessageState.STREAMING:
                part.stop_thinking()
                part.state = MessageState.COMPLETED if is_complete else MessageState.CUT
                part.is_dirty = self.is_dirty = True
        shown = [part for part in self.parts if part.is_shown]
        if is_cut_off and shown and not any(part.state == MessageState.CUT for part in shown):
            shown[-1].state, shown[-1].is_dirty = MessageState.CUT, True

    def agree_with(self, messages: Iterable[Message]) -> None:
        """Recovery: the upstream's list of this chat wins over what was streamed (wire-workflows 4)."""
        listed = list(messages)
        ids = {message.id for message in listed}
        ops: list[str] = []
        for message in listed:
            if message.type != "question":
                self._finish(message, ops)
        for part in self.parts:
            if part.is_shown and part.upstream_id not in ids and part.state == MessageState.STREAMING:
                part.text.replace("")
                part.state, part.is_dirty = MessageState.COMPLETED, True
        self.is_dirty = True


def complete(part: Part, message: Message) -> dict[str, str]:
    """Take a finished message into a part; what changed against the joined deltas."""
    changes: dict[str, str] = {}
    if message.content and message.content != str(part.text):
        part.text.replace(message.content)
        changes["text"] = message.content
    if message.reasoning and message.reasoning != str(part.reasoning):
        part.reasoning.replace(message.reasoning)
        changes["reasoning"] = message.reasoning
    if message.content_type and message.content_type != part.content_type:
        part.content_type = changes["content_type"] = message.content_type
    if message.title and message.title != part.title:
        part.title = changes["title"] = message.title
    part.stop_thinking()
    part.type = message.type or part.type  # a question's own JSON turns out to be no answer
    part.state = MessageState.CUT if message.is_cut_off else MessageState.COMPLETED
    part.is_dirty = True
    return changes


def cut_part(part: Part, text_units: int, reasoning_units: int) -> None:
    """Shorten a part to what was shown. Never lengthens it."""
    if part.text.units > text_units or part.state == MessageState.STREAMING:
        part.state = MessageState.CUT
    part.text.replace(frames.utf16_cut(str(part.text), text_units))
    part.reasoning.replace(frames.utf16_cut(str(part.reasoning), reasoning_units))
    part.stop_thinking()
    part.is_dirty = True


def _units(lengths: Mapping[str, Any] | None, part: Part, whole: int) -> int:
    if lengths is None:
        return whole
    value = lengths.get(part.id, 0)
    return max(0, value) if isinstance(value, int) else 0
