"""What the review page shows of a turn: what came before it, what happened in it, how it was rated."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chatweb.console.redaction import Redact
from chatweb.models import Action, Feedback, Leg, Message, Turn
from chatweb.sentences import SENTENCES
from chatweb.turns.states import Rating

TURNS_BEFORE = 3
SAID = ("question", "answer")
CALLED = ("function_call", "tool_response", "tool_output")


@dataclass(slots=True)
class Said:
    """A message as an operator reads it."""

    uuid: str
    is_question: bool
    text: str
    at: datetime
    feedback: Feedback | None = None
    comment: str = ""


@dataclass(slots=True)
class Called:
    """A tool call or question with what came back; `sent` and `back` are JSON or words."""

    name: str
    state: str
    sent: str
    back: str
    trouble: str = ""


@dataclass(slots=True)
class ShownTurn:
    uuid: str
    asked_at: datetime
    state: str
    state_name: str
    said: list[Said] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    trouble: str = ""
    error: str = ""  # the upstream's code and words
    log_ids: list[str] = field(default_factory=list)
    debug_urls: list[str] = field(default_factory=list)
    file_count: int = 0

    @property
    def target(self) -> Said | None:
        """The message an annotation is about unless a part of another is chosen: the answer that was rated
        bad, else the last answer, else the question."""
        answers = [one for one in self.said if not one.is_question]
        bad = [one for one in answers if one.feedback and one.feedback.rating == Rating.BAD]
        return next(iter(bad or answers[::-1] or self.said), None)


def shown_turns(turn: Turn, redact: Redact) -> list[ShownTurn]:
    """The turn as the last, behind some before it; six queries however long the conversation is."""
    earlier = Turn.objects.filter(
        conversation=turn.conversation_id, ordinal__lt=turn.ordinal, is_withdrawn=False
    )
    turns = [*reversed(earlier.order_by("-ordinal")[:TURNS_BEFORE]), turn]
    shown = {one.pk: shown_turn(one, redact) for one in turns}
    add_messages(shown, turn, redact)
    last = shown[turn.pk]
    last.called += [called(one, redact) for one in Action.objects.filter(turn=turn)]
    legs = list(Leg.objects.filter(turn=turn))
    last.log_ids = list(dict.fromkeys(one for one in [turn.log_id, *(leg.log_id for leg in legs)] if one))
    last.debug_urls = [leg.debug_url for leg in legs if leg.debug_url.startswith(("https://", "http://"))]
    last.file_count = turn.files.count()
    return list(shown.values())


def shown_turn(turn: Turn, redact: Redact) -> ShownTurn:
    trouble = SENTENCES.get(turn.error_reason)
    words = [one for one in (turn.error_code, redact(turn.error_message)) if one]
    return ShownTurn(
        uuid=str(turn.uuid),
        asked_at=turn.created_at,
        state=turn.state,
        state_name=str(turn.get_state_display()),
        trouble=str(trouble.sentence) if trouble else "",
        error=" ".join(words),
    )


def add_messages(shown: dict[int, ShownTurn], turn: Turn, redact: Redact) -> None:
    """Questions and answers of all of them, calls of the last, ratings by the user."""
    messages = list(
        Message.objects.filter(turn__in=shown, type__in=SAID + CALLED).order_by("turn", "ordinal")
    )
    given = Feedback.objects.filter(message__turn__in=shown).exclude(rating="").prefetch_related("reasons")
    ratings = {one.message_id: one for one in given}
    for message in messages:
        place = shown[message.turn_id]
        if message.type in SAID:
            rating = ratings.get(message.pk)
            said = Said(
                uuid=str(message.uuid),
                is_question=message.type == "question",
                text=redact(message.text),
                at=message.created_at,
                feedback=rating,
                comment=redact(rating.comment) if rating else "",
            )
            place.said.append(said)
        elif message.turn_id == turn.pk:
            is_call = message.type == "function_call"
            text = redact(message.text)
            place.called.append(Called(message.title, "", text if is_call else "", "" if is_call else text))


def called(action: Action, redact: Redact) -> Called:
    question = str(action.question.get("text", "")) if isinstance(action.question, dict) else ""
    return Called(
        name=action.name or str(action.get_kind_display()),
        state=str(action.get_state_display()),
        sent=redact(action.arguments or question),
        back=redact(action.output or action.reason),
        trouble=" ".join(one for one in (action.refusal_code, redact(action.refusal)) if one),
    )
