"""What of conversations is written into exports: read a few at a time, and redacted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from chatweb.console.log.readers import readers_for
from chatweb.console.names import code_of
from chatweb.console.redaction import Redact, redact_json
from chatweb.models import Action, Conversation, ConversationMark, Feedback, Message, Turn

AT_ONCE = 500  # messages
JSON_TYPES = {"function_call", "tool_response", "tool_output", "knowledge", "verbose"}


@dataclass(frozen=True, slots=True)
class Said:
    """A message, or a card with what was answered. `turn`: number and state."""

    turn: int
    state: str
    error: str
    kind: str
    text: str
    at: str
    rating: str
    comment: str


@dataclass(frozen=True, slots=True)
class Talk:
    conversation: Conversation
    person: str
    name: str
    errors: str
    tools: str
    read: Redact


def talks_of(owner: User, pks: Sequence[int], with_names: bool) -> Iterator[Talk]:
    """In the order of `pks`; four queries for all of them."""
    found = Conversation.objects.reviewable_by(owner).filter(pk__in=pks).select_related("figures_of_all")
    conversations = {one.pk: one for one in found}
    people = [one.user for one in conversations.values()]
    readers = readers_for(people, lambda person: None if with_names else masked(person))
    marks: dict[tuple[int, str], list[str]] = defaultdict(list)
    for pk, kind, word in ConversationMark.objects.filter(conversation__in=pks).values_list(
        "conversation_id", "kind", "word"
    ):
        marks[pk, kind].append(word)
    for one in (conversations[pk] for pk in pks if pk in conversations):
        read = readers[one.user_id]
        person = one.user.display_name if with_names else masked(one.user)
        errors, tools = (", ".join(sorted(marks[one.pk, kind])) for kind in ("error", "tool"))
        yield Talk(one, person, read(one.name), errors, tools, read)


def masked(person: User) -> str:
    return gettext("Person %(code)s") % {"code": code_of(person.uuid)}


def said_in(talk: Talk) -> Iterator[Said]:
    """Everything, turn after turn, the cards of a turn behind its messages."""
    turns = list(
        Turn.objects.filter(conversation=talk.conversation, is_withdrawn=False).order_by("ordinal", "pk")
    )
    for begin in range(0, len(turns), AT_ONCE // 10):
        yield from said_in_turns(talk, turns[begin : begin + AT_ONCE // 10])


def said_in_turns(talk: Talk, turns: Sequence[Turn]) -> Iterator[Said]:
    said: dict[int, list[Said]] = defaultdict(list)
    by_pk = {turn.pk: turn for turn in turns}
    messages = Message.objects.filter(turn__in=turns).order_by("turn", "ordinal", "pk")
    rated = {one.message_id: one for one in Feedback.objects.filter(message__turn__in=turns)}
    for message in messages:
        feedback = rated.get(message.pk)
        text = redacted(talk, message.type, message.text)
        said[message.turn_id].append(
            said_of(by_pk[message.turn_id], message.type, text, message.created_at, feedback, talk.read)
        )
    for action in Action.objects.filter(turn__in=turns).order_by("turn", "round", "ordinal"):
        text = "\n".join(part for part in card_of(talk.read, action) if part)
        said[action.turn_id].append(
            said_of(by_pk[action.turn_id], action.kind, text, action.created_at, None, talk.read)
        )
    for turn in turns:
        yield from said[turn.pk]


def redacted(talk: Talk, kind: str, text: str) -> str:
    return redact_json(text, talk.read) if kind in JSON_TYPES else talk.read(text)


def card_of(read: Redact, action: Action) -> Iterator[str]:
    yield action.name
    yield read(str((action.question or {}).get("text") or ""))
    yield redact_json(action.arguments, read)
    yield redact_json(action.output, read)
    yield read(action.reason)


def said_of(turn: Turn, kind: str, text: str, at: datetime, feedback: Feedback | None, read: Redact) -> Said:
    rating, comment = (feedback.rating, read(feedback.comment)) if feedback else ("", "")
    return Said(turn.ordinal, turn.state, turn.error_code, kind, text, moment(at), rating, comment)


def moment(at: datetime | None) -> str:
    """In the owner's zone, with its difference from UTC."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
