"""What a bot is: the facts of its profile and the part that it plays."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.directives import Directives
from simulator.stage import Stage

_CJK = re.compile(r"[\u3400-\u9fff]")


def unchanged(directives: Directives, question: str) -> Directives:
    return directives


async def nothing_to_submit(stage: Stage, outputs: list[tuple[dict[str, Any], str]]) -> None:
    raise AssertionError("this bot asks for no tool outputs")


@dataclass(frozen=True)
class Bot:
    """`play` answers a question; `resume` goes on with the outputs of its tool calls, in their order."""

    id: str
    name: str
    description: str
    prologue: str
    suggested_questions: list[str]
    play: Callable[[Stage], Awaitable[None]]
    resume: Callable[[Stage, list[tuple[dict[str, Any], str]]], Awaitable[None]] = nothing_to_submit
    adapt: Callable[[Directives, str], Directives] = unchanged
    obeys_busy: bool = False
    shortcuts: list[dict[str, Any]] = field(default_factory=list)
    plugins: list[dict[str, Any]] = field(default_factory=list)
    variables: list[dict[str, Any]] = field(default_factory=list)
    workflow_id: str = ""
    scene: str = ""  # of its icon and background, see simulator/pictures.py
    input_mode: str = "text"


def is_chinese(text: str) -> bool:
    return bool(_CJK.search(text))
