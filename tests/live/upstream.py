"""What the upstream saw of a turn: its chat or run, found by a mark in the question, and what it let in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.process import Site
from tests.simulator.process import SimulatorProcess

Json = dict[str, Any]


def a_mark() -> str:
    """A word that is in no other question."""
    return f"m{uuid4().hex[:12]}"


def chats_of(simulator: SimulatorProcess, mark: str) -> list[Json]:
    """Every chat of the conversation that a question with the mark began, oldest first."""
    first = next(chat for chat in simulator.chats() if mark in chat["question"])
    return simulator.chats(first["conversation_id"])


def chat_of(simulator: SimulatorProcess, mark: str) -> Json:
    [chat] = [chat for chat in simulator.chats() if mark in chat["question"]]
    return chat


def run_of(simulator: SimulatorProcess, mark: str) -> Json:
    [run] = [run for run in simulator.runs() if mark in run["said"]]
    return run


def let_in(simulator: SimulatorProcess, mark: str) -> list[Json]:
    """The answers that the upstream accepted from the chat with the mark, oldest first."""
    return [tried for tried in chat_of(simulator, mark)["submits"] if not tried["code"]]


def rows(site: Site, code: str) -> str:
    """What a shell in the site's environment prints, with the models at hand."""
    return site.shell(f"from chatweb.models import *\n{code}").strip()
