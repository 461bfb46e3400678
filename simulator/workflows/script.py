"""What a workflow does, apart from any channel: a pure function from memory and reply to the next steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Memory = dict[str, Any]  # kept as JSON between legs


@dataclass(frozen=True)
class Say:
    """An output node speaks."""

    title: str
    text: str


@dataclass(frozen=True)
class Ask:
    """A question node waits for words, or for one of its options."""

    title: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormField:
    name: str
    type: str
    required: bool = False
    description: str = ""
    default: str = ""


@dataclass(frozen=True)
class Form:
    """An input node waits for typed fields."""

    title: str
    text: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True)
class Break:
    """The run fails."""

    code: int
    msg: str


@dataclass(frozen=True)
class End:
    """The end node's output."""

    output: dict[str, Any] = field(default_factory=dict)


Step = Say | Ask | Form | Break | End
Script = Callable[[Memory, str | None], tuple[list[Step], Memory]]


@dataclass(frozen=True)
class Workflow:
    """`advance(memory, reply)`: reply None starts the run with the parameters in memory; the last step always
    is an Ask, Form, Break or End."""

    id: str
    name: str
    description: str
    mode: str  # workflow | chatflow
    advance: Script
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    prologue: str = ""
    suggested_questions: tuple[str, ...] = ()


def read_form(reply: str, fields: tuple[FormField, ...]) -> dict[str, Any] | None:
    """A JSON object or lines `name:value` as typed values; None when one is missing or of the wrong type."""
    raw = _pairs(reply)
    values: dict[str, Any] = {}
    for each in fields:
        given = raw.get(each.name)
        if given is None or given == "":
            if each.required and not each.default:
                return None
            given = each.default
        if given == "":
            continue
        value = _convert(given, each.type)
        if value is None:
            return None
        values[each.name] = value
    return values


def _pairs(reply: str) -> dict[str, Any]:
    try:
        value = json.loads(reply)
        if isinstance(value, dict):
            return value
    except ValueError:
        pass
    lines = (line.partition(":") for line in reply.strip().strip("{}").splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


def _convert(given: Any, kind: str) -> Any:
    """None when the value is not of the type."""
    text = given if isinstance(given, str) else json.dumps(given)
    if kind == "integer":
        return int(text) if text.lstrip("-").isdecimal() else None
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower())
    if kind == "number":
        try:
            return float(text)
        except ValueError:
            return None
    return given if isinstance(given, str) else text
