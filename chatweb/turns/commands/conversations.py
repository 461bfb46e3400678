"""A conversation as a thing: named, pinned, archived, cleared, deleted, read."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chatweb.models import Conversation, Errand, ReadMark, Turn
from chatweb.search.index import index_names
from chatweb.turns.announce import announce
from chatweb.turns.ledger import next_version
from chatweb.turns.states import LIVE, TurnState

from . import stopping
from .waking import wake


def rename(conversation: Conversation, name: str) -> None:
    """Locally at once; upstream when it can be reached, if the connection's admin wants that."""
    with transaction.atomic():
        _touch(conversation, name=name, is_named_by_user=True)
        index_names(Conversation.objects.filter(pk=conversation.pk))
        if conversation.bot.connection.pushes_names:
            Errand.objects.put(conversation, Errand.Kind.RENAME, {"name": name})
    wake()


def pin(conversation: Conversation, is_pinned: bool) -> None:
    with transaction.atomic():
        _touch(conversation, is_pinned=is_pinned)


def archive(conversation: Conversation, is_archived: bool) -> None:
    with transaction.atomic():
        _touch(conversation, is_archived=is_archived)


def clear_context(conversation: Conversation) -> None:
    """A new section: what comes next is asked without what was before. A waiting turn is canceled; a running
    one ends first, and so does its answer's place in the old section."""
    waiting = Turn.objects.filter(conversation=conversation, state=TurnState.WAITING).first()
    if waiting is not None:
        stopping.stop(waiting, {})
    with transaction.atomic():
        Errand.objects.put(conversation, Errand.Kind.CLEAR)
        _begin_section(conversation)
    wake()


def start_afresh(conversation: Conversation) -> None:
    """Go on in a new conversation upstream: the old one is gone, or held by another device."""
    with transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(upstream_id="")
        _begin_section(conversation, not_before=None, busy_since=None, busy_count=0)
    wake()


def _begin_section(conversation: Conversation, **changes: object) -> None:
    """What is queued moves into the new section, and may go."""
    Conversation.objects.filter(pk=conversation.pk).update(section=F("section") + 1)
    version = next_version(conversation.pk)
    Turn.objects.filter(conversation=conversation, state=TurnState.QUEUED).update(
        section=F("section") + 1, is_held=False, version=version, **changes
    )
    announce(conversation, version)


def delete(conversation: Conversation) -> None:
    """Hidden at once; the upstream hears of it after the undo time."""
    live = Turn.objects.filter(conversation=conversation, state__in=LIVE).first()
    if live is not None:
        stopping.stop(live, {})
    with transaction.atomic():
        Turn.objects.filter(conversation=conversation, state=TurnState.QUEUED).update(is_held=True)
        Errand.objects.put(conversation, Errand.Kind.DELETE, delay=timedelta(seconds=settings.UNDO_SECONDS))
        _touch(conversation, deleted_at=timezone.now())


def restore(conversation: Conversation) -> bool:
    """Undo a deletion, while the upstream has not heard of it. False when it is too late."""
    with transaction.atomic():
        errands = Errand.objects.filter(
            conversation=conversation, kind=Errand.Kind.DELETE, done_at=None, attempts=0
        )
        if not errands.delete()[0]:
            return False
        _touch(conversation, deleted_at=None)
        return True


def mark_read(conversation: Conversation) -> None:
    """Everything that ended until now is read. Does not move the conversation's place in the list."""
    with transaction.atomic():
        ReadMark.objects.update_or_create(
            conversation=conversation,
            defaults={"user_id": conversation.user_id, "read_at": timezone.now()},
        )
        _touch(conversation)


def _touch(conversation: Conversation, **changes: object) -> None:
    Conversation.objects.filter(pk=conversation.pk).touch(**changes)
    announce(conversation)
