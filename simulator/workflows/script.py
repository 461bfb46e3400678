"""What a workflow does, apart from any channel: a pure function from memory and reply to the next steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.workflows.forms import FormField

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
class Form:
    """An input node waits for typed fields."""

    title: str
    text: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True)
class Pause:
    """A node waits for something outside: a plugin of the client (1, 6), a sign-in (7)."""

    title: str
    type: int
    data: str


@dataclass(frozen=True)
class Break:
    """The run fails."""

    code: int
    msg: str


@dataclass(frozen=True)
class End:
    """The end node's output."""

    output: dict[str, Any] = field(default_factory=dict)


Step = Say | Ask | Form | Pause | Break | End
Script = Callable[[Memory, str | None], tuple[list[Step], Memory]]


@dataclass(frozen=True)
class Workflow:
    """`advance(memory, reply)`: reply None starts the run with the parameters in memory; the last step always
    is an Ask, Form, Pause, Break or End."""

    id: str
    name: str
    description: str
    mode: str  # workflow | chatflow
    advance: Script
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    prologue: str = ""
    suggested_questions: tuple[str, ...] = ()
    scene: str = ""  # of its icon and background, see simulator/pictures.py
