"""What a chat's messages say about what it asks; a chat object has no words for it (wire-workflows 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .events import ASKING, ActionRequired, ChatDone, Event, Message, Question
from .objects import ask, is_interrupt
from .questions import first_link, read_question


def needs_words(events: Iterable[Event]) -> bool:
    return any(
        isinstance(event, ActionRequired) and any(not question.text for question in event.questions)
        for event in events
    )


def with_words(events: Iterable[Event], messages: Sequence[Message]) -> list[Event]:
    """The same events, with the questions' words taken from the messages (oldest first)."""
    known = questions_in(messages)
    return [
        replace(event, questions=ask(tuple(question.id for question in event.questions), known))
        if isinstance(event, ActionRequired) and event.questions
        else event
        for event in events
    ]


def waiting_instead(events: Iterable[Event], messages: Sequence[Message]) -> list[Event]:
    """Studio says "completed" of a chat that waits; `verbose interrupt` outranks it (wire-workflows 5.6)."""
    if not any(message.type == "verbose" and is_interrupt(message) for message in messages):
        return list(events)
    known = questions_in(messages)
    return [
        ActionRequired((), ask(("",), known), event.usage) if isinstance(event, ChatDone) else event
        for event in events
    ]


def questions_in(messages: Sequence[Message]) -> tuple[Question, ...]:
    """Cards and forms among the messages, else the last answer's words."""
    read = (read_question(message.content) for message in messages if message.type == ASKING)
    known = tuple(question for question in read if question)
    if known:
        return known
    answers = [m.content for m in messages if m.type == "answer" and m.content_type == "text" and m.content]
    return (Question("", answers[-1], link=first_link(answers[-1])),) if answers else ()
