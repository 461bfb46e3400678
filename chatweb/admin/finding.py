"""Find a conversation by any id it goes by: ours, Coze's, the person's, a chat's, a log's (M-090).

Every kind of id is looked up in its own index and the hits are put together: one query with all of them in an
OR would read whole tables.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from chatweb.models import Conversation, CozeIdentity, Leg, Message, Turn


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def turns_known_as(term: str) -> QuerySet[Turn]:
    """Turns with this uuid, chat id, execute id or log id, whole: the tables grow without end."""
    first, *others = _turn_pks(term)
    return Turn.objects.filter(pk__in=first.union(*others))


def conversations_known_as(term: str) -> QuerySet[Conversation]:
    """Conversations with this uuid, upstream id or Coze user_id, or with a turn known as `term`."""
    ours = Conversation.objects.order_by()
    found = [
        ours.filter(upstream_id=term).values("pk"),
        ours.filter(identity__key=term).values("pk"),
        Turn.objects.order_by().filter(legs__upstream_conversation_id=term).values("conversation"),
        *(Turn.objects.order_by().filter(pk__in=pks).values("conversation") for pks in _turn_pks(term)),
    ]
    uuid = as_uuid(term)
    if uuid is not None:
        found += [ours.filter(uuid=uuid).values("pk"), ours.filter(user__uuid=uuid).values("pk")]
    first, *others = found
    return Conversation.objects.filter(pk__in=first.union(*others))


def identities_known_as(term: str) -> QuerySet[CozeIdentity]:
    """Identities with this key or uuid, of the person with this uuid or a conversation known as `term`."""
    ours = CozeIdentity.objects.order_by()
    found = [ours.filter(key=term).values("pk"), conversations_known_as(term).values("identity")]
    uuid = as_uuid(term)
    if uuid is not None:
        found += [ours.filter(uuid=uuid).values("pk"), ours.filter(user__uuid=uuid).values("pk")]
    first, *others = found
    return CozeIdentity.objects.filter(pk__in=first.union(*others))


def _turn_pks(term: str) -> list[QuerySet[Any, Any]]:
    turns = Turn.objects.order_by()
    uuid = as_uuid(term)
    if uuid is not None:
        said = Message.objects.order_by().filter(uuid=uuid)
        return [
            turns.filter(uuid=uuid).values("pk"),
            turns.filter(client_id=uuid).values("pk"),
            said.values("turn"),
        ]
    legs = Leg.objects.order_by()
    return [
        turns.filter(log_id=term).values("pk"),
        *(legs.filter(**{name: term}).values("turn") for name in ("chat_id", "execute_id", "log_id")),
    ]
