"""JSON answers of workflow calls: run, resume, run histories (wire-workflows 1.2, 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bodies import refusal
from .events import (
    ActionRequired,
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Event,
    RunOutput,
    StreamEnd,
    Usage,
)
from .failures import NOTHING, failure_in, message_in, unusable
from .interrupts import execute_id_of_event, read_interrupt
from .objects import as_code
from .questions import unwrap
from .values import execute_id_of, ident, mapping, parse, sequence, text_of, usage_of, whole_number

CANCELED_CODE = "777777777"  # Studio's "error" of a run that somebody stopped
FINISHED = frozenset({"success"})
FAILED = frozenset({"fail", "failed"})
CANCELED = frozenset({"cancel", "canceled", "cancelled"})


def read_run_body(body: Any, http_status: int) -> list[Event]:
    """Run and resume: finished, started in the background, waiting, or refused."""
    failure = failure_in(body) or refusal(body, http_status)
    if failure:
        canceled = str(failure[0]) == CANCELED_CODE
        events: list[Event] = [ChatCanceled() if canceled else ChatFailed(*failure, is_error=True)]
        return events + _debug_page(mapping(body))
    if not isinstance(body, dict) or not {"data", "execute_id", "interrupt_data"} & body.keys():
        return [ChatFailed(*unusable(http_status, text_of(body)), is_error=True)]
    data = text_of(body.get("data"))
    interrupt = mapping(unwrap(body.get("interrupt_data")))
    events = [ChatStarted(execute_id=_execute_id(body, interrupt))]
    if interrupt:
        events.append(read_interrupt(interrupt))
    elif data or not ident(body.get("execute_id")):
        events += [RunOutput(shown_output(data)), ChatDone(usage_of_run(body))]
    return events + _debug_page(body)


def read_history_body(body: Any, http_status: int) -> list[Event]:
    """A run as its history tells it; an unknown status is not an end (Studio's "<UNSET>")."""
    failure = failure_in(body) or refusal(body, http_status)
    if failure:
        return [ChatFailed(*failure, is_error=True)]
    content = mapping(body).get("data")
    run = mapping(sequence(content)[0] if isinstance(content, list) and content else content)
    if not run:
        return [ChatFailed(*unusable(http_status, text_of(body)), is_error=True)]
    interrupt = mapping(unwrap(run.get("interrupt_data")))
    started = ChatStarted(execute_id=_execute_id(run, interrupt))
    return [started, *_outcome(run, interrupt), *_debug_page(run)]


def _outcome(run: Mapping[str, Any], interrupt: Mapping[str, Any]) -> list[Event]:
    usage = usage_of_run(run)
    code = None if run.get("error_code") in NOTHING else as_code(run.get("error_code"))
    status = text_of(run.get("execute_status")).lower()
    if status in FINISHED:
        return [RunOutput(shown_history(text_of(run.get("output")))), ChatDone(usage)]
    if status in CANCELED or str(code) == CANCELED_CODE:
        return [ChatCanceled(usage)]
    if status in FAILED:
        return [ChatFailed(code, message_in(dict(run)), usage=usage)]
    if interrupt:
        asked = read_interrupt(interrupt)
        return [ActionRequired(asked.calls, asked.questions, usage)]
    return []


def _execute_id(body: Mapping[str, Any], interrupt: Mapping[str, Any]) -> str:
    return (
        ident(body.get("execute_id"))
        or execute_id_of_event(ident(interrupt.get("event_id")))
        or execute_id_of(text_of(body.get("debug_url")))
    )


def _debug_page(body: Mapping[str, Any]) -> list[Event]:
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


def shown_history(output: str) -> str:
    """Histories file outputs under the nodes' titles; the end node's is "Output"."""
    value = mapping(parse(output))
    if isinstance(value.get("Output"), str):
        return shown_output(text_of(value["Output"]))
    return shown_output(output)
