"""What the log shows of a conversation, a whole page in a handful of queries; no name, no personal data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Substr
from django.http import HttpRequest

from chatweb.console.names import code_of, label_of
from chatweb.console.redaction import Redact
from chatweb.models import Annotation, Conversation, ConversationMark, Message, ReviewItem
from chatweb.search.snippet import plain
from chatweb.turns.states import TurnState
from chatweb.views.answers import SignedInRequest

from .readers import readers_in
from .remarked import STATES

READ_CHARS, SHOWN_CHARS = 400, 140  # what is cut for redaction, and then for the eye
CALM = {TurnState.COMPLETED, TurnState.CANCELED}


@dataclass(frozen=True, slots=True)
class Made:
    """By conversation: how many annotations there are, and whether some turn waits for a review."""

    annotations: dict[int, int]
    waiting: set[int]


@dataclass(frozen=True, slots=True)
class LogRow:
    """`first`, `last`: beginnings of questions; the same conversation's only one stands in `first`, which is
    empty where the name says the same."""

    conversation: Conversation
    person: str
    person_code: str
    name: str
    first: str
    last: str
    state: str
    state_label: str
    is_odd: bool
    errors: Sequence[str]
    tools: Sequence[str]
    annotations: int
    waits_for_review: bool
    slowest_s: float
    asked_at: datetime


def rows_of(request: SignedInRequest, pks: Sequence[int]) -> list[LogRow]:
    """In the order of `pks`."""
    found = Conversation.objects.reviewable_by(request.user).filter(pk__in=pks)
    conversations = {one.pk: one for one in found.select_related("figures_of_all")}
    shown = [conversations[pk] for pk in pks if pk in conversations]
    readers = readers_in(request, [one.user for one in shown])
    said = questions_of(shown)
    marks, made = marks_of(shown), made_of(shown)
    return [row_of(request, one, said, marks[one.pk], made, readers[one.user_id]) for one in shown]


def row_of(
    request: HttpRequest,
    conversation: Conversation,
    said: dict[int, str],
    marks: dict[str, list[str]],
    made: Made,
    read: Redact,
) -> LogRow:
    figures = conversation.figures_of_all
    is_one = figures.first_turn_pk == figures.last_turn_pk
    name, first = read(conversation.name), shortened(read(said.get(figures.first_turn_pk or 0, "")))
    return LogRow(
        conversation=conversation,
        person=label_of(request, conversation.user),
        person_code=code_of(conversation.user.uuid),
        name=name,
        first="" if first == name else first,
        last="" if is_one else shortened(read(said.get(figures.last_turn_pk or 0, ""))),
        state=figures.state,
        state_label=str(figures.get_state_display()),
        is_odd=figures.state not in CALM,
        errors=marks["error"],
        tools=marks["tool"],
        annotations=made.annotations.get(conversation.pk, 0),
        waits_for_review=conversation.pk in made.waiting,
        slowest_s=figures.slowest_ms / 1000,
        asked_at=figures.last_asked_at,
    )


def questions_of(conversations: Sequence[Conversation]) -> dict[int, str]:
    """Beginnings of the first and the last question of each, by the turn's pk."""
    figures = [one.figures_of_all for one in conversations]
    turns = {pk for one in figures for pk in (one.first_turn_pk, one.last_turn_pk) if pk}
    asked = Message.objects.filter(turn_id__in=turns, type="question").order_by("-ordinal")
    texts = asked.annotate(begin=Substr("text", 1, READ_CHARS)).values_list("turn_id", "begin")
    return dict(texts)


def marks_of(conversations: Sequence[Conversation]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {"error": [], "tool": []})
    marks = ConversationMark.objects.filter(conversation__in=conversations).order_by("word")
    for pk, kind, word in marks.values_list("conversation_id", "kind", "word"):
        found[pk][kind].append(word)
    return found


def made_of(conversations: Sequence[Conversation]) -> Made:
    remarks = Annotation.objects.filter(conversation__in=conversations).order_by()
    counted = remarks.values_list("conversation").annotate(Count("pk"))
    items = ReviewItem.objects.filter(conversation__in=conversations, state__in=STATES["open"])
    return Made(dict(counted), set(items.values_list("conversation", flat=True)))


def shortened(text: str) -> str:
    bare = plain(text).strip()
    return bare if len(bare) <= SHOWN_CHARS else bare[:SHOWN_CHARS].rstrip() + " …"
