"""How Studio's input nodes read a reply (wire-workflows 1.7, 2.3)."""

from __future__ import annotations

from typing import Any

from simulator.stage import Failed
from simulator.workflows.forms import FILE_TYPES, FormField, OwnReply, convert, parse_object

EMPTY: dict[str, Any] = {"integer": 0, "number": 0.0, "boolean": False, "array": [], "object": {}}


class Lenient(OwnReply):
    """Unknown fields go, what is missing or of the wrong type is empty, and the flow goes on."""

    __slots__ = ()

    def read(self, fields: tuple[FormField, ...]) -> dict[str, Any]:
        pairs, values = self.pairs(), {}
        for each in fields:
            given = pairs.get(each.name) or each.default
            value = convert(given, each) if given != "" else None
            if value is None and (each.required or each.type == "number"):
                value = EMPTY.get(each.type, "" if each.type in FILE_TYPES else "<nil>")
            if value is not None:
                values[each.name] = value
        return values

    def pairs(self) -> dict[str, Any]:
        """A run is resumed with JSON."""
        return parse_object(str(self))


class Lines(Lenient):
    """A chat is answered with lines, split at the first colon: of JSON that makes one wrong name."""

    __slots__ = ()

    def pairs(self) -> dict[str, Any]:
        lines = [line.partition(":") for line in self.split("\n") if line]
        if not all(colon for _, colon, _ in lines):
            raise Failed(720701013, "panic: runtime error: index out of range [1] with length 1")
        return {name.strip(): value.strip() for name, _, value in lines}
