"""The live text of a turn that another process runs, kept up to date by that process's own frames. Pure.

To a tab it is what a feed is: a position and a snapshot. Numbers of frames are the owner's, so that a tab
takes its position along from process to process.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from chatweb.frames import Json
from chatweb.turns.feed import Text

GROWING = ("text", "reasoning")


class Took(Enum):
    NEW = "new"
    OLD = "old"  # known already
    GAP = "gap"  # something before it is missing


class Mirror:
    """`turn`: the whole turn as the owner's feed has it."""

    def __init__(self, turn: Json) -> None:
        self.head = turn
        self.turn_id: str = turn["id"]
        self.epoch: int = turn["epoch"]
        self.seq: int = turn["seq"]
        self._messages: dict[str, Json] = {}
        for message in turn["messages"]:
            self._open(message)

    def take(self, delta: Json) -> Took:
        """A delta of the owner's."""
        if delta["turn"] != self.turn_id or delta["epoch"] != self.epoch:
            return Took.OLD
        if delta["seq"] != self.seq + 1:
            return Took.OLD if delta["seq"] <= self.seq else Took.GAP
        self.seq += 1
        for op in delta["ops"]:
            self._apply(op)
        return Took.NEW

    def is_older_than(self, turn: Json) -> bool:
        return (self.epoch, self.seq) < (turn["epoch"], turn["seq"]) or turn["id"] != self.turn_id

    def snapshot(self) -> Json:
        """The turn as a fresh page load would show it now."""
        messages = [
            {**message, **{key: str(message[key]) for key in GROWING}} for message in self._messages.values()
        ]
        return {**self.head, "seq": self.seq, "messages": messages}

    def _open(self, message: Json) -> None:
        growing: dict[str, Any] = {key: Text() for key in GROWING}
        for key, text in growing.items():
            text.replace(message[key])
        self._messages[message["id"]] = {**message, **growing}

    def _apply(self, op: Json) -> None:
        kind = op["op"]
        if kind == "append":
            self._messages[op["id"]]["text"].append(op["text"])
        elif kind == "think":
            self._messages[op["id"]]["reasoning"].append(op["text"])
        elif kind == "open":
            self._open(op["message"])
        elif kind == "done":
            self._finish(op)
        elif kind == "follow_ups":
            self.head["follow_ups"] = op["texts"]
        elif kind == "sources":
            self.head["sources"] = op["sources"]

    def _finish(self, op: Json) -> None:
        message = self._messages[op["id"]]
        for key in GROWING:
            if key in op:
                message[key].replace(op[key])
        rest = {key: value for key, value in op.items() if key not in ("op", "id", *GROWING)}
        message.update(rest, state="completed")
        if not any(message[key].units for key in GROWING):
            del self._messages[op["id"]]
