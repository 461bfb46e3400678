"""What the code that runs right now is about: a request, or a run of a turn. Logs and traces ask for it."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from chatweb.turns.runner import Runner


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a trace: 128 and 64 bits, as W3C trace context has them."""

    trace_id: int
    span_id: int


class Subject(Protocol):
    @property
    def span(self) -> Span: ...

    def fields(self) -> dict[str, str | int]:
        """Ids only: never what somebody wrote, never a secret."""


def new_span_id() -> int:
    return secrets.randbits(64) or 1


def span_of_question(turn_id: UUID) -> Span:
    """The request that asked. Every process works it out from the turn's id, so that the run, an answer and a
    recovery join it wherever they happen, and no row has to carry it."""
    return Span(turn_id.int, int.from_bytes(sha256(turn_id.bytes).digest()[:8], "big") or 1)


class RequestSubject:
    """A request while it is answered. `remote`: the span that a proxy says it belongs to."""

    def __init__(self, request_id: str, remote: Span | None = None) -> None:
        self.request_id = request_id
        self.remote = remote
        self.parent = remote
        self.span = Span(remote.trace_id if remote else secrets.randbits(128) or 1, new_span_id())
        self.turn_id = ""

    def fields(self) -> dict[str, str | int]:
        known: dict[str, str | int] = {"request": self.request_id}
        return {**known, "turn": self.turn_id} if self.turn_id else known

    def asked(self, turn_id: UUID) -> None:
        self.turn_id, self.span, self.parent = str(turn_id), span_of_question(turn_id), None

    def answered(self, turn_id: UUID) -> None:
        question = span_of_question(turn_id)
        self.turn_id, self.parent = str(turn_id), question
        self.span = Span(question.trace_id, self.span.span_id)


class RunSubject:
    """A run: from the claim of a turn until it is over, waits, or is queued again."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.parent = span_of_question(UUID(runner.job.turn_id))
        self.span = Span(self.parent.trace_id, new_span_id())

    def fields(self) -> dict[str, str | int]:
        job = self._runner.job
        return {
            "turn": job.turn_id,
            "conversation": job.conversation_id,
            "log_id": self._runner.log_id,
            "owner": job.hold.owner,
            "epoch": job.hold.epoch,
        }


subject: ContextVar[Subject | None] = ContextVar("subject", default=None)


def asked(turn_id: UUID) -> None:
    """The request that is being answered made this turn."""
    if isinstance(about := subject.get(), RequestSubject):
        about.asked(turn_id)


def answered(turn_id: UUID) -> None:
    """The request that is being answered belongs to this turn."""
    if isinstance(about := subject.get(), RequestSubject):
        about.answered(turn_id)
