"""A person's conversations at a connection become somebody else's (M-090).

Upstream they belong to the key they began under, so the identities go with them. What hangs on a conversation
goes along; what a person said of themselves stays: who answered a card, and what they allowed a bot.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from accounts.models import User
from chatweb.models import (
    Allowance,
    Attachment,
    Connection,
    Conversation,
    ConversationFigures,
    CozeIdentity,
    Draft,
    Feedback,
    Passage,
    ReadMark,
    Turn,
    TurnFigures,
)
from chatweb.models.passage import owner_of
from chatweb.turns.crossing import look_at_list, take_away
from chatweb.turns.states import LIVE, TurnState

from .identities import Note
from .refusals import Refused


def held_at(user: User, connection: Connection) -> QuerySet[CozeIdentity]:
    """The identities that have conversations: those that move."""
    theirs = CozeIdentity.objects.filter(user=user, connection=connection)
    return theirs.filter(pk__in=Conversation.objects.filter(user=user).values("identity"))


def move_conversations(user: User, connection: Connection, to: User, note: Note) -> int:
    """All at the connection, deleted ones too; how many. The new owner's current key stays theirs.

    Raises Refused: "still_live" while a question of them is asked or waits, "nothing_to_move",
    "not_there" when the new owner cannot come in, or is the old one.
    """
    if to == user or not to.is_active or not to.is_approved:
        raise Refused("not_there", gettext("Choose somebody else, who may sign in."))
    with transaction.atomic():
        identities = list(held_at(user, connection).select_for_update())
        moved = Conversation.objects.filter(identity__in=identities, user=user)
        ids = dict(moved.select_for_update().values_list("pk", "uuid"))
        if not ids:
            raise Refused("nothing_to_move", gettext("They have no conversations there."))
        if Turn.objects.filter(conversation__in=moved, state__in=[*LIVE, TurnState.QUEUED]).exists():
            raise Refused(
                "still_live",
                gettext("A question of theirs is being answered or waits. Let it end, or stop it, first."),
            )
        _hand_over(moved, user, to)
        CozeIdentity.objects.filter(pk__in=[one.pk for one in identities]).update(user=to, is_current=False)
        moved.touch(user=to)
        for identity in identities:
            before = {"user": user.username, "is_current": identity.is_current}
            after = {"user": to.username, "is_current": False}
            note("identity.moved", identity, subject=user, before=before, after=after)
        transaction.on_commit(lambda: _tell(user.pk, to.pk, {str(one) for one in ids.values()}))
    return len(ids)


def _hand_over(moved: QuerySet[Conversation], user: User, to: User) -> None:
    """What hangs on the conversations. While they still are the old owner's: `moved` finds them by that."""
    inside: Any = {"conversation__in": moved}
    _drafts(moved, user, to)
    ReadMark.objects.filter(**inside).update(user=to)
    Attachment.objects.filter(**inside).update(user=to)
    Feedback.objects.filter(message__conversation__in=moved, user=user).update(user=to)
    TurnFigures.objects.filter(**inside).update(user=to)
    ConversationFigures.objects.filter(**inside).update(user=to)
    Passage.objects.filter(**inside).update(user=to, owner=owner_of(to.pk))
    Allowance.objects.filter(**inside).delete()


def _drafts(moved: QuerySet[Conversation], user: User, to: User) -> None:
    """With the files they hold, which belong to no conversation before they are sent."""
    Draft.objects.filter(conversation__in=moved).exclude(user=user).delete()
    drafts = Draft.objects.filter(conversation__in=moved)
    elsewhere = Draft.objects.filter(user=user).filter(Q(conversation=None) | ~Q(conversation__in=moved))
    kept = Attachment.objects.filter(drafts__in=elsewhere)
    files = Attachment.objects.filter(drafts__in=drafts, conversation=None).exclude(pk__in=kept)
    Attachment.objects.filter(pk__in=list(files.values_list("pk", flat=True))).update(user=to)
    drafts.update(user=to, version=F("version") + 1)


def _tell(old_pk: int, new_pk: int, conversation_ids: set[str]) -> None:
    """Tabs of the old owner let go of them, and both look at their lists again."""
    take_away(old_pk, conversation_ids)
    look_at_list(new_pk)
