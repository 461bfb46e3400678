"""JSON answers of run and resume (wire-workflows 1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bodies import refusal
from .events import (
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Event,
    RunOutput,
    StreamEnd,
    Usage,
)
from .failures import failure_in, unusable
from .interrupts import execute_id_of_event, read_interrupt
from .questions import unwrap
from .values import execute_id_of, ident, mapping, parse, text_of, usage_of, whole_number

CANCELED_CODE = "777777777"  # Studio's "error" of a run that somebody stopped


def read_run_body(body: Any, http_status: int) -> list[Event]:
    """Run and resume: finished, started in the background, waiting, or refused."""
    failure = failure_in(body) or refusal(body, http_status)
    if failure:
        canceled = str(failure[0]) == CANCELED_CODE
        events: list[Event] = [ChatCanceled() if canceled else ChatFailed(*failure, is_error=True)]
        return events + debug_page(mapping(body))
    if not isinstance(body, dict) or not {"data", "execute_id", "interrupt_data"} & body.keys():
        return [ChatFailed(*unusable(http_status, text_of(body)), is_error=True)]
    data = text_of(body.get("data"))
    interrupt = mapping(unwrap(body.get("interrupt_data")))
    events = [ChatStarted(execute_id=execute_id_in(body, interrupt))]
    if interrupt:
        title = text_of(interrupt.get("node_title") or body.get("node_title"))
        events.append(read_interrupt(interrupt, title))
    elif data or not ident(body.get("execute_id")):
        events += [RunOutput(shown_output(data)), ChatDone(usage_of_run(body))]
    return events + debug_page(body)


def execute_id_in(body: Mapping[str, Any], interrupt: Mapping[str, Any]) -> str:
    return (
        ident(body.get("execute_id"))
        or execute_id_of_event(ident(interrupt.get("event_id")))
        or execute_id_of(text_of(body.get("debug_url")))
    )


def debug_page(body: Mapping[str, Any]) -> list[Event]:
    debug_url = text_of(body.get("debug_url"))
    return [StreamEnd(debug_url)] if debug_url else []


def usage_of_run(body: Mapping[str, Any]) -> Usage | None:
    """`usage`, or the older `token`: a sum and nothing else."""
    tokens = whole_number(body.get("token"))
    return usage_of(body.get("usage")) or (Usage(token_count=tokens) if tokens > 0 else None)


def shown_output(data: str) -> str:
    """A run's output as people should see it: the one text in it, else the JSON as it is."""
    value = mapping(parse(data))
    if "content_type" in value and "data" in value:
        # "Answer content" end nodes.
        return text_of(value["data"])
    if len(value) == 1 and isinstance(only := next(iter(value.values())), str):
        return text_of(only)
    return data
