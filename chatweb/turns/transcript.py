"""What one recorded response body comes to, as one plain object: the heart of `manage.py replay`. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chatweb.upstreams.bodies import LIST_CALLS, in_order
from chatweb.upstreams.events import Delta, Event, Message, MessageDone, Question, ToolCall, Usage
from chatweb.upstreams.reading import is_workflow, open_body

from .machine import FAILURES, Leg, Verdict, conclude, step

Json = dict[str, Any]
STATELESS_CALLS = LIST_CALLS | {"token", "other"}  # their answers say nothing of a chat's state


@dataclass(frozen=True, slots=True)
class Recording:
    """A response as it was received, and the question it answers. `chunk` in bytes."""

    dialect: str = "coze"
    call: str = "chat"
    http_status: int = 200
    content_type: str = "text/event-stream"
    chunk: int = 65536


@dataclass(slots=True)
class Text:
    """One message while it is put together."""

    type: str
    title: str = ""
    content_type: str = "text"
    parts: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    is_finished: bool = False

    def finish(self, message: Message) -> None:
        """The whole message wins over its deltas, unless it is empty where they were not."""
        self.type, self.content_type, self.is_finished = message.type, message.content_type, True
        self.title = message.title or self.title
        self.parts = [message.content] if message.content else self.parts
        self.thoughts = [message.reasoning] if message.reasoning else self.thoughts

    @property
    def is_answer(self) -> bool:
        return self.type == "answer" and self.content_type == "text"

    def __str__(self) -> str:
        return "".join(self.parts)


def transcribe(content: bytes, recording: Recording) -> Json:
    """Feed the bytes to the library, `chunk` at a time; what it concludes. ValueError for bad options."""
    if recording.chunk < 1:
        raise ValueError("a chunk has at least one byte")
    body = open_body(recording.dialect, recording.call, recording.http_status, recording.content_type)
    events: list[Event] = []
    for start in range(0, len(content), recording.chunk):
        events += body.feed(content[start : start + recording.chunk])
    events += body.close()
    leg = Leg()
    for event in events:
        step(leg, event)
    texts = gather(events, is_list=recording.call in LIST_CALLS)
    verdict = _verdict(leg, recording.call, bool(body.is_stream), bool(texts))
    report = _report(leg, texts, verdict)
    if is_workflow(recording.dialect, recording.call) or leg.execute_id:
        report |= _run_report(leg, texts)
    return report


def gather(events: list[Event], *, is_list: bool) -> list[Text]:
    """Messages in the order they were first seen; those of a list by time, then arrival."""
    if is_list:
        messages = [event.message for event in events if isinstance(event, MessageDone)]
        events = [MessageDone(message) for message in in_order(messages)]
    texts: dict[str, Text] = {}
    for position, event in enumerate(events):
        if isinstance(event, Delta):
            text = texts.setdefault(event.message_id, Text(event.type, event.title))
            if not text.is_finished:
                text.parts.append(event.text)
                text.thoughts.append(event.reasoning)
        elif isinstance(event, MessageDone) and event.message.role != "user":
            message = event.message
            texts.setdefault(message.id or f"#{position}", Text(message.type)).finish(message)
    return list(texts.values())


def _verdict(leg: Leg, call: str, is_stream: bool, has_texts: bool) -> Verdict | None:
    if is_stream:
        return conclude(leg)
    if call in STATELESS_CALLS and leg.verdict not in FAILURES:
        return None
    if leg.verdict is Verdict.IN_PROGRESS and has_texts:
        # A bare message in place of a chat (seed 000): an answer, and not a word about the state.
        return None
    return leg.verdict


def _report(leg: Leg, texts: list[Text], verdict: Verdict | None) -> Json:
    return {
        "status": None if verdict is None else str(verdict),
        "answers": [str(text) for text in texts if text.is_answer and str(text)],
        "reasoning": "".join("".join(text.thoughts) for text in texts),
        "follow_ups": [str(text) for text in texts if text.type == "follow_up" and str(text)],
        "tool_calls": [
            {"id": call.id, "type": call.type, "name": call.name, "arguments": call.arguments}
            for call in leg.calls
        ],
        "questions": [_question(question) for question in leg.questions],
        "usage": _usage(leg.usage),
        "error": _error(leg) if verdict in FAILURES else None,
        "chat_id": leg.chat_id,
        "conversation_id": leg.conversation_id,
        "debug_url": leg.debug_url,
        "unknown_events": len(leg.unknown_events),
    }


def _run_report(leg: Leg, texts: list[Text]) -> Json:
    waiting: list[ToolCall | Question] = [*leg.calls, *leg.questions]
    interrupt = next((one for one in waiting if one.interrupt_type is not None), None)
    return {
        "nodes": [
            {"title": text.title, "text": str(text), "finished": text.is_finished}
            for text in texts
            if text.is_answer
        ],
        "interrupt": interrupt and {"event_id": interrupt.id, "type": interrupt.interrupt_type},
        "execute_id": leg.execute_id,
        "output": leg.output,
    }


def _question(question: Question) -> Json:
    return {
        "id": question.id,
        "text": question.text,
        "options": list(question.options),
        "fields": {
            name: {
                "type": one.type,
                "required": one.required,
                "description": one.description,
                "default": one.default,
            }
            for name, one in question.fields.items()
        },
    }


def _usage(usage: Usage | None) -> Json | None:
    if usage is None:
        return None
    return {
        "token_count": usage.token_count,
        "input_count": usage.input_count,
        "output_count": usage.output_count,
    }


def _error(leg: Leg) -> Json | None:
    """None for a chat that failed without a word of why."""
    if leg.verdict is Verdict.FAILED and leg.error_code is None and not leg.error_msg:
        return None
    return {"code": leg.error_code, "msg": leg.error_msg}
