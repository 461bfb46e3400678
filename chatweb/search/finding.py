"""Answers a query: the user's passages that hold its words, newest first, a page at a time; three queries."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from chatweb.models import Attachment, Bot, Conversation, Passage, Turn
from chatweb.models.conversation import ConversationQuerySet
from chatweb.models.passage import PassageQuerySet
from chatweb.turns.states import TurnState

from .fold import fold
from .query import Query

PAGE = 20
MOST_NAMES = 12


def find(user: User, query: Query, after: UUID | None = None) -> tuple[list[Passage], bool]:
    """One page of hits with all that is shown of them, and whether there are more.

    `after`: the message, action or conversation of the last hit of the page before.
    """
    if query.is_empty:
        return [], False
    found = passages(user, query)
    if after is not None:
        last = place_of(user, after)
        found = found.filter(pk__lt=last) if last is not None else found.none()
    pks = list(found.order_by("-pk").values_list("pk", flat=True)[: PAGE + 1])
    shown = Passage.objects.filter(pk__in=pks[:PAGE]).prefetch_related("turn__files")
    whole = shown.select_related("conversation__bot", "turn", "message", "action")
    return list(whole.order_by("-pk")), len(pks) > PAGE


def passages(user: User, query: Query) -> PassageQuerySet:
    found = Passage.objects.within(user, conversations(user, query)).holding(user, query.words)
    if not query.words:
        found = found.filter(kind=Passage.Kind.QUESTION)  # one hit a turn is enough
    if query.after is not None:
        found = found.filter(said_at__gte=midnight(query.after))
    if query.before is not None:
        found = found.filter(said_at__lt=midnight(query.before))
    if query.has_file:
        found = with_files(found)
    if query.is_waiting:
        found = found.filter(Exists(Turn.objects.filter(pk=OuterRef("turn"), state=TurnState.WAITING)))
    return found


def conversations(user: User, query: Query) -> ConversationQuerySet:
    mine = Conversation.objects.visible_to(user)
    if query.bots:
        named = Bot.objects.filter(conversations__user=user).distinct().values_list("pk", "name")
        mine = mine.filter(bot__in=[pk for pk, name in named if any(one in fold(name) for one in query.bots)])
    if query.is_archived:
        mine = mine.filter(is_archived=True)
    return mine


def with_files(found: PassageQuerySet) -> PassageQuerySet:
    """Of turns whose question took files along; of cards, where one of the conversation took some."""
    along = Attachment.objects.filter(turns=OuterRef("turn"))
    in_cards = Attachment.objects.filter(turns=None, conversation=OuterRef("conversation"))
    return found.filter(Exists(along) | Q(Exists(in_cards), kind=Passage.Kind.ACTION))


def midnight(day: date) -> datetime:
    """The first moment of a day where the user is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def place_of(user: User, shown: UUID) -> int | None:
    """The pk of the passage of a message, an action or a conversation's name."""
    is_it = (
        Q(message__uuid=shown) | Q(action__uuid=shown) | Q(conversation__uuid=shown, kind=Passage.Kind.NAME)
    )
    return Passage.objects.filter(is_it, user=user).values_list("pk", flat=True).first()


def by_name(user: User, text: str) -> ConversationQuerySet:
    """The newest of the user's conversations whose names hold all words."""
    mine = Conversation.objects.visible_to(user).order_by("-last_asked_at")
    words = tuple(fold(text).split())
    if words:
        named = Passage.objects.filter(user=user, kind=Passage.Kind.NAME).holding(user, words)
        mine = mine.filter(pk__in=named.values("conversation"))
    return mine[:MOST_NAMES]
