"""What a workflow waits for: `interrupt_data` of a stream, of a run, of a history (wire-workflows 1.6, 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .events import ActionRequired, Question, ToolCall
from .questions import first_link, read_parameters, read_question, unwrap
from .values import ident, mapping, text_of, whole_number

LOCAL_PLUGINS = frozenset({1, 6})  # two numbers for one thing; the received one must be echoed


def read_interrupt(data: Mapping[str, Any], title: str = "", words: str = "") -> ActionRequired:
    """`title` of the node that asks; `words` are what it said before, in case `data` holds none."""
    event_id = ident(data.get("event_id"))
    kind = whole_number(data.get("type")) or None
    if kind in LOCAL_PLUGINS:
        return ActionRequired(calls=(_call(data.get("data"), event_id, kind, title),))
    return ActionRequired(questions=(_question(data, event_id, kind, title, words),))


def execute_id_of_event(event_id: str) -> str:
    """The first half of an event id is the run it belongs to (wire-workflows 1.3)."""
    return event_id.partition("/")[0]


def _question(data: Mapping[str, Any], event_id: str, kind: int | None, title: str, words: str) -> Question:
    raw = text_of(data.get("data"))
    found = read_question(raw)
    text = (found.text if found else raw) or words
    return Question(
        id=event_id,
        text=text,
        options=found.options if found else (),
        # The typed form is the better one where both are there.
        fields=read_parameters(data.get("required_parameters")) or (found.fields if found else {}),
        interrupt_type=kind,
        link=first_link(text) or first_link(raw),
        title=title,
    )


def _call(raw: object, event_id: str, kind: int | None, title: str) -> ToolCall:
    """Its payload is written down nowhere: a name and arguments if they are there, else all of it."""
    value = mapping(unwrap(raw))
    function = mapping(value.get("function")) or value
    name = text_of(function.get("name")) or title
    arguments = function.get("arguments", function.get("content", raw))
    return ToolCall(event_id, "function", name, text_of(arguments), interrupt_type=kind, title=title)
