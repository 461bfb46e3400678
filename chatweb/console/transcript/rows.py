"""The turns of a page of the transcript with everything that belongs to them: a fixed number of queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from chatweb import cards
from chatweb.console.redaction import Redact, redact_value
from chatweb.exports.words import titled
from chatweb.models import (
    Action,
    Attachment,
    Conversation,
    Decision,
    Event,
    Feedback,
    Leg,
    Message,
    Tool,
    Turn,
)
from chatweb.sentences import SENTENCES
from chatweb.turns.states import LIVE, TurnState

from .paging import Window
from .pieces import Piece, card_of, in_order, piece_of
from .raw_events import events_by_turn
from .timing import Span, Timing, pause_between, said, said_ms, timing_of

Name = Callable[[User], str]
CHIPS: dict[str, str] = {
    TurnState.COMPLETED: "chip--good",
    TurnState.FAILED: "chip--bad",
    TurnState.LOST: "chip--bad",
    TurnState.WAITING: "chip--warn",
}
STOPS: dict[str, str | Promise] = {
    "forgotten": gettext_lazy("the answer was canceled"),
    "remembered": gettext_lazy("the answer was canceled; the bot remembers what came of it"),
    "was_done": gettext_lazy("the answer was complete already"),
    "local": gettext_lazy("nothing was running"),
    "dropped": gettext_lazy("it may go on unseen"),
}


@dataclass(slots=True)
class ShownTurn:
    """One turn for the template. `pause`, `is_cleared`: what stands above it."""

    turn: Turn
    is_live: bool
    pause: str
    is_cleared: bool
    timing: Timing
    timing_words: str
    questions: list[Piece]
    pieces: list[Piece]
    follow_ups: list[Piece]
    files: list[dict[str, Any]]
    legs: list[dict[str, Any]]
    parameters: str
    event_count: int
    events: list[dict[str, Any]]
    error: dict[str, str] | None
    replaces: Turn | None
    replaced_by: Turn | None
    branches: list[Conversation]

    @property
    def state_word(self) -> str:
        waits = self.turn.state == TurnState.WAITING
        return _("waiting for the person") if waits else self.turn.get_state_display()

    @property
    def state_chip(self) -> str:
        """The class of its colour."""
        return CHIPS.get(self.turn.state, "")

    @property
    def stop_word(self) -> str:
        return str(STOPS.get(self.turn.stop_outcome, ""))


def shown_turns(
    window: Window, conversation: Conversation, redact: Redact, name: Name, *, with_events: bool = False
) -> list[ShownTurn]:
    """About a dozen queries, whatever the number of turns. `name`: what this operator reads of a person."""
    turns = window.turns
    _fetch(turns)
    counts = dict(
        Event.objects.filter(turn__in=turns).order_by().values_list("turn").annotate(count=Count("pk"))
    )
    events = events_by_turn(turns) if with_events else {}
    tools = _tools(turns, conversation)
    branches = _branches(turns)
    versions = _versions(turns)
    shown = []
    previous = window.before
    for turn in turns:
        pieces = _pieces(turn, tools, redact, name)
        timing = _timing(turn)
        shown.append(
            ShownTurn(
                turn=turn,
                is_live=turn.state in LIVE,
                pause=_pause(previous, turn),
                is_cleared=previous is not None and previous.section != turn.section,
                timing=timing,
                timing_words=timing_words(timing),
                questions=[one for one in pieces if one.kind == "question"],
                pieces=[one for one in pieces if one.kind not in ("question", "follow_up")],
                follow_ups=[one for one in pieces if one.kind == "follow_up"],
                files=[_file(file, redact) for file in turn.files.all()],
                legs=[_leg(leg) for leg in turn.legs.all()],
                parameters=printed(turn.parameters, redact),
                event_count=counts.get(turn.pk, 0),
                events=events.get(turn.pk, []),
                error=_error(turn, redact),
                replaces=versions.get(turn.replaces_id),
                replaced_by=next((one for one in versions.values() if one.replaces_id == turn.pk), None),
                branches=branches[turn.pk],
            )
        )
        previous = turn
    return shown


def _fetch(turns: list[Turn]) -> None:
    ratings = Feedback.objects.exclude(rating="").select_related("user").prefetch_related("reasons")
    decisions = Decision.objects.select_related("user")
    actions = Action.objects.select_related("answered_by").prefetch_related(
        Prefetch("decisions", decisions, to_attr="decided")
    )
    prefetch_related_objects(
        turns,
        Prefetch(
            "messages", Message.objects.prefetch_related(Prefetch("feedback", ratings, to_attr="ratings"))
        ),
        Prefetch("actions", actions),
        Prefetch("legs", Leg.objects.all()),
        Prefetch("files", Attachment.objects.all()),
    )


def _tools(turns: Iterable[Turn], conversation: Conversation) -> dict[str, Tool]:
    names = cards.tool_names(action for turn in turns for action in turn.actions.all())
    return Tool.objects.rules(conversation.bot_id, names) if names else {}


def _branches(turns: Sequence[Turn]) -> dict[int, list[Conversation]]:
    """Conversations that began with another wording of a turn's question; deleted ones too."""
    found: dict[int, list[Conversation]] = defaultdict(list)
    for branch in Conversation.objects.filter(branched_from__in=turns).order_by("pk"):
        found[branch.branched_from_id or 0].append(branch)
    return found


def _versions(turns: Sequence[Turn]) -> dict[int | None, Turn]:
    """The turns of the page, and those elsewhere that they replace or that replace them."""
    here: dict[int | None, Turn] = {turn.pk: turn for turn in turns}
    missing = [turn.replaces_id for turn in turns if turn.replaces_id and turn.replaces_id not in here]
    for turn in Turn.objects.filter(pk__in=missing) if missing else ():
        here[turn.pk] = turn
    for turn in Turn.objects.filter(replaces__in=turns):
        here.setdefault(turn.pk, turn)
    return here


# --- one turn ----------------------------------------------------------------------------------------


def _pieces(turn: Turn, tools: dict[str, Tool], redact: Redact, name: Name) -> list[Piece]:
    messages = [piece_of(message, redact) for message in turn.messages.all()]
    for piece in messages:
        ratings = piece.message.ratings if piece.message else []  # type: ignore[attr-defined]
        piece.remarks = [_rating(one, redact, name) for one in ratings]
    return in_order(messages, [_card(action, tools, redact, name) for action in turn.actions.all()])


def _card(action: Action, tools: dict[str, Tool], redact: Redact, name: Name) -> Piece:
    tool = tools.get(action.name) if action.kind == Action.Kind.TOOL_CALL else None
    title = titled({"en": tool.title_en, "zh": tool.title_zh}) if tool else ""
    decisions = [
        {
            "what": one.get_decision_display(),
            "who": name(one.user) if one.user else _("a rule"),
            "at": one.created_at,
            "device": one.device,
        }
        for one in action.decided  # type: ignore[attr-defined]
    ]
    by_rule = any(one.user_id is None for one in action.decided)  # type: ignore[attr-defined]
    return card_of(
        action,
        redact,
        title=title,
        answered_by=name(action.answered_by) if action.answered_by else "",
        rule=tool.get_mode_display() if tool and by_rule else "",
        decisions=decisions,
    )


def _rating(feedback: Feedback, redact: Redact, name: Name) -> dict[str, Any]:
    return {
        "is_good": feedback.rating == "good",
        "rating": feedback.get_rating_display(),
        "who": name(feedback.user),
        "reasons": [titled({"en": one.title_en, "zh": one.title_zh}) for one in feedback.reasons.all()],
        "comment": redact(feedback.comment),
        "at": feedback.changed_at,
    }


def _timing(turn: Turn) -> Timing:
    waits: list[Span] = []
    for action in turn.actions.all():
        until = action.answered_at or turn.ended_at or (timezone.now() if turn.state in LIVE else None)
        if until and until > action.created_at and action.leg_id:
            waits.append((action.created_at, until))
    return timing_of(turn.created_at, turn.started_at, turn.first_token_at, turn.ended_at, waits)


def timing_words(timing: Timing) -> str:
    """What the bar shows, in words: for everybody, also for those who do not see it."""
    parts = []
    if timing.queued_ms is not None and timing.queued_ms >= 1000:
        parts.append(_("queued %(time)s") % {"time": said_ms(timing.queued_ms)})
    if timing.first_token_ms is not None:
        parts.append(_("first token after %(time)s") % {"time": said_ms(timing.first_token_ms)})
    if timing.waited_ms:
        parts.append(_("waited %(time)s for the person") % {"time": said_ms(timing.waited_ms)})
    if timing.total_ms is not None:
        parts.append(_("%(time)s in all") % {"time": said_ms(timing.total_ms)})
    return " · ".join(parts)


def _pause(before: Turn | None, turn: Turn) -> str:
    """A copied turn keeps the times of its original: nothing is told between those."""
    if before is None:
        return ""
    span = pause_between(before.ended_at or before.created_at, turn.created_at)
    return _("%(time)s later") % {"time": said(span)} if span else ""


def _file(file: Attachment, redact: Redact) -> dict[str, Any]:
    return {"name": redact(file.name), "mime": file.mime, "size_bytes": file.size_bytes}


def _leg(leg: Leg) -> dict[str, Any]:
    """`debug_url` only if a browser may open it: it comes from the upstream."""
    return {
        "leg": leg,
        "number": leg.ordinal + 1,
        "debug_url": leg.debug_url if leg.debug_url.lower().startswith(("https://", "http://")) else "",
        "first_delta": _since(leg.started_at, leg.first_delta_at),
        "duration": _since(leg.started_at, leg.ended_at),
    }


def _since(begin: datetime, at: datetime | None) -> str:
    return said(at - begin) if at else ""


def printed(values: object, redact: Redact) -> str:
    """JSON values on lines of their own, redacted; "" for none."""
    return json.dumps(redact_value(values, redact), ensure_ascii=False, indent=2) if values else ""


def _error(turn: Turn, redact: Redact) -> dict[str, str] | None:
    if not (turn.error_reason or turn.error_code):
        return None
    sentence = SENTENCES.get(turn.error_reason, SENTENCES["failed"])
    return {
        "sentence": str(sentence.sentence),
        "code": turn.error_code,
        "message": redact(turn.error_message),
        "log_id": turn.log_id,
    }
