"""Find a conversation by any id it goes by: ours, Coze's, the person's, a chat's, a log's (M-090)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from chatweb.models import Conversation, Leg, Turn


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def turns_known_as(term: str) -> QuerySet[Turn]:
    """Turns with this uuid, chat id, execute id or log id, whole: the tables grow without end."""
    uuid = as_uuid(term)
    if uuid is not None:
        return Turn.objects.filter(Q(uuid=uuid) | Q(client_id=uuid) | Q(messages__uuid=uuid)).distinct()
    legs = Leg.objects.filter(Q(chat_id=term) | Q(execute_id=term) | Q(log_id=term))
    return Turn.objects.filter(Q(log_id=term) | Q(pk__in=legs.values("turn")))


def conversations_known_as(term: str) -> QuerySet[Conversation]:
    """Conversations with this uuid, upstream id or Coze user_id, or with a turn known as `term`."""
    own = Q(upstream_id=term) | Q(identity__key=term) | Q(turns__legs__upstream_conversation_id=term)
    uuid = as_uuid(term)
    if uuid is not None:
        own |= Q(uuid=uuid) | Q(user__uuid=uuid)
    return Conversation.objects.filter(own | Q(pk__in=turns_known_as(term).values("conversation"))).distinct()
