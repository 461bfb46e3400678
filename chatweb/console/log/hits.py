"""What was found in the texts, under its conversations, with the words marked and personal data taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from accounts.models import User
from chatweb.console.names import code_of, label_of
from chatweb.console.redaction import Redact
from chatweb.models import Action, Conversation, Passage
from chatweb.search.query import parse
from chatweb.search.results import text_of
from chatweb.search.reviewing import Found, find_for
from chatweb.search.snippet import Piece, snippet
from chatweb.views.answers import SignedInRequest

from .finding import NO_FILTERS, Chosen, matching
from .readers import readers_in

FEW = 1000  # conversations whose passages are looked through without any index of words


@dataclass(frozen=True, slots=True)
class Hit:
    turn: UUID | None
    said_by: str
    said_at: datetime
    pieces: Sequence[Piece]


@dataclass(slots=True)
class Group:
    conversation: Conversation
    person: str
    person_code: str
    name: Sequence[Piece]
    hits: list[Hit] = field(default_factory=list)


def words_in(typed: str) -> tuple[str, ...]:
    return parse(typed).words


def find(operator: User, chosen: Chosen, words: tuple[str, ...], after: UUID | None) -> Found:
    """Hits in the conversations that the filters leave over. Few of them are asked for all they hold; where
    they are many, hits are looked up first and their conversations then."""
    if not chosen.keys() - NO_FILTERS:
        return find_for(operator, words, after=after)
    wanted = matching(operator, chosen)
    few = list(wanted.values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return find_for(operator, words, few=few, after=after)
    return find_for(operator, words, many=wanted, after=after)


def groups_of(request: SignedInRequest, passages: Sequence[Passage], words: Sequence[str]) -> list[Group]:
    readers = readers_in(request, [one.conversation.user for one in passages])
    groups: dict[int, Group] = {}
    for passage in passages:
        conversation = passage.conversation
        group = groups.get(conversation.pk)
        if group is None:
            name = (
                snippet(readers[conversation.user_id](conversation.name), words) if conversation.name else []
            )
            person, code = label_of(request, conversation.user), code_of(conversation.user.uuid)
            group = groups[conversation.pk] = Group(conversation, person, code, name)
        if passage.turn is not None:
            group.hits.append(hit_of(passage, words, readers[conversation.user_id]))
    return list(groups.values())


def hit_of(passage: Passage, words: Sequence[str], read: Redact) -> Hit:
    turn = passage.turn.uuid if passage.turn else None
    return Hit(turn, said_by(passage), passage.said_at, snippet(read(text_of(passage)), words))


def said_by(passage: Passage) -> str:
    if passage.action is not None:
        is_call = passage.action.kind == Action.Kind.TOOL_CALL
        return gettext("Tool call") if is_call else gettext("Question of the bot")
    return gettext("Person") if passage.kind == Passage.Kind.QUESTION else passage.conversation.bot.name
