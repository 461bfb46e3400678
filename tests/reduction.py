"""What a tab makes of frames: the reducer of docs/protocol.md once more, and stricter. Pure.

A tab in a browser heals itself quietly; this one also writes down every delta that was lost, doubled or out
of order, so that a test can ask for none.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def units(text: str) -> int:
    """Length as JavaScript counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def from_unit(text: str, start: int) -> str:
    return text.encode("utf-16-le")[2 * start :].decode("utf-16-le")


class Conversation:
    """The turns of one conversation as a tab holds them."""

    def __init__(self) -> None:
        self.turns: dict[str, Json] = {}
        self.version = 0
        self.faults: list[str] = []

    def take_turns(self, turns: list[Json], is_reset: bool = False) -> None:
        if is_reset:
            self.turns = {}
        for turn in turns:
            self.take_turn(turn)

    def take_turn(self, turn: Json) -> None:
        """Rule 1: a turn replaces the copy unless it is older."""
        copy = self.turns.get(turn["id"])
        self.version = max(self.version, turn["version"])
        if copy is not None and _age(turn) < _age(copy):
            return
        if turn["is_withdrawn"]:
            self.turns.pop(turn["id"], None)
        else:
            self.turns[turn["id"]] = turn

    def take_delta(self, frame: Json, is_caught_up: bool = True) -> bool:
        """Rules 2 and 3. False: there is a gap, the tab must follow again.

        Once caught up, each delta must be the very next one; before, it may lie anywhere.
        """
        copy = self.turns.get(frame["turn"])
        known = (copy["epoch"], copy["seq"]) if copy is not None else (-1, -1)
        came = (frame["epoch"], frame["seq"])
        if copy is None or came != (known[0], known[1] + 1):
            if is_caught_up:
                self.faults.append(f"delta {came} after {known} in {frame['turn']}")
            return came <= known
        copy["seq"] = frame["seq"]
        is_whole = True
        for op in frame["ops"]:
            is_whole = self._apply(copy, op) and is_whole
        return is_whole

    def _apply(self, turn: Json, op: Json) -> bool:
        match op["op"]:
            case "open":
                known = [each for each in turn["messages"] if each["id"] != op["message"]["id"]]
                turn["messages"] = [*known, op["message"]]
            case "append":
                return self._extend(turn, op, "text")
            case "think":
                return self._extend(turn, op, "reasoning")
            case "done":
                message = _message(turn, op["id"])
                message.update({key: value for key, value in op.items() if key not in {"op", "id"}})
                message["state"] = "completed"
                if not message["text"] and not message["reasoning"]:
                    turn["messages"].remove(message)
            case "follow_ups":
                turn["follow_ups"] = op["texts"]
            case "sources":
                turn["sources"] = op["sources"]
            case unknown:
                self.faults.append(f"unknown op {unknown}")
        return True

    def _extend(self, turn: Json, op: Json, key: str) -> bool:
        message = _message(turn, op["id"])
        length = units(message[key])
        if op["from"] != length:
            self.faults.append(f"{key} from {op['from']} at {length} in {turn['id']}")
        if op["from"] > length:
            return False
        message[key] += from_unit(op["text"], length - op["from"])
        return True

    def messages(self, turn: str) -> list[Json]:
        """The answers of a turn, in order; none while the turn is unknown."""
        messages = self.turns[turn]["messages"] if turn in self.turns else []
        return sorted(messages, key=lambda each: each["ordinal"])

    def answers(self, turn: str) -> list[str]:
        return [str(each["text"]) for each in self.messages(turn)]

    def state(self, turn: str) -> str:
        return str(self.turns[turn]["state"]) if turn in self.turns else ""


def _age(turn: Json) -> tuple[int, int, int]:
    return turn["version"], turn["epoch"], turn["seq"]


def _message(turn: Json, message_id: str) -> Json:
    return next(each for each in turn["messages"] if each["id"] == message_id)
