"""What a leg's events mean, put together: a pure fold. The runner, recovery and `replay` all use it.

`step` is called for every event but Delta on the live path (the feed takes deltas itself);
`conclude` says what the leg came to once its body is over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from chatweb.upstreams.events import (
    ActionRequired,
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Event,
    Question,
    RunOutput,
    StreamEnd,
    ToolCall,
    Unknown,
    Usage,
)


class Verdict(StrEnum):
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    REQUIRES_ACTION = "requires_action"
    IN_PROGRESS = "in_progress"
    LOST = "lost"
    ERROR = "error"


# A later event never weakens an earlier one: an error outranks a completed that follows it
# (wire-supplement C5), an interrupt outranks completed (wire-workflows 5.6). The first failure stays.
RANK = {
    Verdict.IN_PROGRESS: 0,
    Verdict.COMPLETED: 1,
    Verdict.CANCELED: 2,
    Verdict.REQUIRES_ACTION: 3,
    Verdict.FAILED: 4,
    Verdict.ERROR: 4,
}
FAILURES = (Verdict.FAILED, Verdict.ERROR)


@dataclass(slots=True)
class Leg:
    """One request to the upstream while it is read."""

    chat_id: str = ""
    conversation_id: str = ""
    section_id: str = ""
    execute_id: str = ""
    question_id: str = ""
    debug_url: str = ""
    verdict: Verdict | None = None
    is_cut_off: bool = False
    usage: Usage | None = None
    error_code: int | str | None = None
    error_msg: str = ""
    is_expired: bool = False
    calls: tuple[ToolCall, ...] = ()
    questions: tuple[Question, ...] = ()
    waits_until: int = 0  # Unix time in seconds; 0: the upstream does not say
    output: str | None = None  # of a workflow run
    unknown_events: list[str] = field(default_factory=list)


def step(leg: Leg, event: Event) -> bool:
    """Fold one event into the leg. True when an id of the leg became known or changed."""
    match event:
        case ChatStarted(usage=usage):
            leg.usage = usage or leg.usage
            _reach(leg, Verdict.IN_PROGRESS)
            return _learn_ids(leg, event)
        case ActionRequired(calls, questions, usage, expires_at):
            leg.usage = usage or leg.usage
            if _reach(leg, Verdict.REQUIRES_ACTION):
                leg.calls, leg.questions, leg.waits_until = calls, questions, expires_at
        case ChatDone(usage, is_cut_off):
            leg.usage = usage or leg.usage
            if _reach(leg, Verdict.COMPLETED):
                leg.is_cut_off = is_cut_off
        case ChatCanceled(usage):
            leg.usage = usage or leg.usage
            _reach(leg, Verdict.CANCELED)
        case ChatFailed(code, msg, is_error, usage, is_expired):
            leg.usage = usage or leg.usage
            if _reach(leg, Verdict.ERROR if is_error else Verdict.FAILED):
                leg.error_code, leg.error_msg, leg.is_expired = code, msg, is_expired
        case RunOutput(text):
            leg.output = text
        case StreamEnd(debug_url):
            leg.debug_url = debug_url or leg.debug_url
        case Unknown(name):
            leg.unknown_events.append(name)
        case _:
            pass
    return False


def conclude(leg: Leg) -> Verdict:
    """The verdict once the body is over: without a final event before its end the leg is lost."""
    if leg.verdict is None or leg.verdict is Verdict.IN_PROGRESS:
        return Verdict.LOST
    return leg.verdict


def _reach(leg: Leg, verdict: Verdict) -> bool:
    if leg.verdict in FAILURES or (leg.verdict is not None and RANK[verdict] < RANK[leg.verdict]):
        return False
    leg.verdict = verdict
    return True


def _learn_ids(leg: Leg, started: ChatStarted) -> bool:
    is_news = False
    for name in ("chat_id", "conversation_id", "section_id", "execute_id", "question_id"):
        value = getattr(started, name)
        if value and value != getattr(leg, name):
            setattr(leg, name, value)
            is_news = True
    return is_news
