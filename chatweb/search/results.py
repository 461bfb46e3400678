"""Hits as a page shows them: under their conversations, with the words marked and the way to the turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from chatweb.models import Action, Conversation, Passage

from .snippet import Piece, snippet
from .texts import text_of_action, text_of_message


@dataclass(frozen=True, slots=True)
class Hit:
    """`kind`: question, answer or action; `said_by`: the words for it."""

    turn: UUID
    kind: str
    said_by: str
    said_at: datetime
    pieces: Sequence[Piece]


@dataclass(slots=True)
class Group:
    """`name`: with the words marked, if it was found by its name."""

    conversation: Conversation
    name: Sequence[Piece]
    hits: list[Hit] = field(default_factory=list)


def groups_of(passages: Iterable[Passage], words: Sequence[str]) -> list[Group]:
    """The conversation with the newest hit first."""
    groups: dict[int, Group] = {}
    for passage in passages:
        conversation = passage.conversation
        name = conversation.name or conversation.bot.name
        group = groups.setdefault(conversation.pk, Group(conversation, [(name, False)]))
        if passage.turn is None:
            group.name = snippet(name, words)
        else:
            said_by = said_by_of(passage)
            pieces = snippet(text_of(passage), words)
            group.hits.append(Hit(passage.turn.uuid, passage.kind, said_by, passage.said_at, pieces))
    return list(groups.values())


def shown_id(passage: Passage) -> UUID:
    """What a browser may know a hit by: finding.place_of leads back."""
    shown = passage.message or passage.action or passage.conversation
    return shown.uuid


def text_of(passage: Passage) -> str:
    if passage.message is not None and passage.turn is not None:
        return text_of_message(passage.message, passage.turn)
    return text_of_action(passage.action) if passage.action is not None else passage.conversation.name


def said_by_of(passage: Passage) -> str:
    if passage.action is not None:
        is_call = passage.action.kind == Action.Kind.TOOL_CALL
        return gettext("Tool call") if is_call else gettext("Question")
    return gettext("You") if passage.kind == Passage.Kind.QUESTION else passage.conversation.bot.name
