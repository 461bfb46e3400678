"""Histories of runs: what a run came to and what its nodes said (wire-workflows 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .bodies import refusal
from .client import RunHistory
from .events import (
    ASKING,
    ActionRequired,
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Event,
    Message,
    Question,
    RunOutput,
)
from .failures import NOTHING, failure_in, message_in, unusable
from .interrupts import read_interrupt
from .objects import as_code
from .questions import first_link, is_question, unwrap
from .runs import CANCELED_CODE, debug_page, execute_id_in, shown_output, usage_of_run
from .values import ident, mapping, parse, sequence, text_of, whole_number
from .workflow import END_TITLES

FINISHED = frozenset({"success"})
FAILED = frozenset({"fail", "failed"})
CANCELED = frozenset({"cancel", "canceled", "cancelled"})
END_KEY = "Output"  # the end node's place among the outputs of the cloud …
END_TITLE = "End"  # … and what a stream calls it


def read_history_body(body: Any, http_status: int) -> list[Event]:
    """A whole answer. No run in it, or a refusal, is ChatFailed(is_error=True)."""
    failure = failure_in(body) or refusal(body, http_status)
    if failure:
        return [ChatFailed(*failure, is_error=True)]
    run = run_in(body)
    if not run:
        return [ChatFailed(*unusable(http_status, text_of(body)), is_error=True)]
    return read_history(run).events


def run_in(body: Any) -> dict[str, Any]:
    """The one run of an answer, {} for none."""
    content = mapping(body).get("data")
    return mapping(sequence(content)[0] if isinstance(content, list) and content else content)


def read_history(run: Mapping[str, Any], whole: Mapping[str, str] | None = None) -> RunHistory:
    """`whole`: texts of nodes, by title, that were asked for one by one."""
    interrupt = mapping(unwrap(run.get("interrupt_data")))
    messages = _messages(run, whole or {})
    started = ChatStarted(execute_id=execute_id_in(run, interrupt))
    return RunHistory([started, *_outcome(run, interrupt, messages), *debug_page(run)], messages)


def trimmed_nodes(run: Mapping[str, Any]) -> dict[str, str]:
    """Ids to ask for output nodes, by title, once a run is over whose history is too large for its texts."""
    if not _is_trimmed(run) or _status(run) not in FINISHED | FAILED | CANCELED:
        return {}
    nodes = {title: ident(node.get("node_execute_uuid")) for title, node in _nodes(run).items()}
    return {title: uuid for title, uuid in nodes.items() if uuid and title not in END_TITLES}


# --- what it came to -------------------------------------------------------------------------------


def _outcome(run: Mapping[str, Any], interrupt: Mapping[str, Any], messages: list[Message]) -> list[Event]:
    """An unknown status is not an end (Studio's "<UNSET>")."""
    usage = usage_of_run(run)
    code = None if run.get("error_code") in NOTHING else as_code(run.get("error_code"))
    status = _status(run)
    if status in FINISHED:
        return [RunOutput(_end(run)), ChatDone(usage)]
    if status in CANCELED or str(code) == CANCELED_CODE:
        return [ChatCanceled(usage)]
    if status in FAILED:
        return [ChatFailed(code, message_in(dict(run)), usage=usage)]
    if interrupt:
        asked = read_interrupt(interrupt, text_of(interrupt.get("node_title")))
        questions = tuple(_in_words(question, messages) for question in asked.questions)
        return [ActionRequired(asked.calls, questions, usage)]
    return []


def _in_words(question: Question, messages: list[Message]) -> Question:
    """The cloud's questions have no words of their own: their node said them last."""
    said = next((one for one in reversed(messages) if question.title in ("", one.title)), None)
    if said is None or question.text or question.fields:
        return question
    return replace(question, text=said.content, title=said.title, link=first_link(said.content))


def _status(run: Mapping[str, Any]) -> str:
    return text_of(run.get("execute_status")).lower()


# --- what was said ---------------------------------------------------------------------------------


def _messages(run: Mapping[str, Any], whole: Mapping[str, str]) -> list[Message]:
    """Output nodes in the order they spoke, then the end node unless it only repeats one of them."""
    execute_id = execute_id_in(run, {})
    nodes = _nodes(run)
    texts = _outputs(run) | {title: text for title, text in whole.items() if text}
    said = [
        _message(f"{execute_id}#{title}", title, text, nodes.get(title, {}).get("update_time"))
        for title, text in texts.items()
        if text
    ]
    said.sort(key=lambda message: message.created_at)
    if _status(run) in FINISHED:
        end = _message(f"{execute_id}#", END_TITLE, _end(run), run.get("update_time"))
        if end.content and end.content not in {message.content for message in said}:
            said.append(end)
    return said


def _message(id_: str, title: str, text: str, at: object) -> Message:
    kind = ASKING if is_question(text) else "answer"
    return Message(id_, kind, text, created_at=whole_number(at), title=title)


def _outputs(run: Mapping[str, Any]) -> dict[str, str]:
    """Texts of output nodes by title; none where `output` is the end node's alone (Studio)."""
    value = mapping(parse(text_of(run.get("output"))))
    if not _is_by_title(run, value):
        return {}
    return {
        text_of(title): text_of(text)
        for title, text in value.items()
        # Until the run is finished there is no end node, but a node may be called the same.
        if title != END_KEY or _status(run) not in FINISHED
    }


def _end(run: Mapping[str, Any]) -> str:
    output = text_of(run.get("output"))
    value = mapping(parse(output))
    return shown_output(text_of(value.get(END_KEY)) if _is_by_title(run, value) else output)


def _is_by_title(run: Mapping[str, Any], output: Mapping[str, Any]) -> bool:
    return (
        _is_trimmed(run) or isinstance(output.get(END_KEY), str) or bool(output.keys() & _nodes(run).keys())
    )


def _is_trimmed(run: Mapping[str, Any]) -> bool:
    return run.get("is_output_trimmed") is True


def _nodes(run: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the history knows of the nodes that spoke, by title."""
    nodes = mapping(unwrap(run.get("node_execute_status")))
    return {text_of(title): mapping(unwrap(node)) for title, node in nodes.items()}
