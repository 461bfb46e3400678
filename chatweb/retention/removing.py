"""Removing what is too old, a little at a time: one conversation, or some small rows, a transaction."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from chatweb.models import Attachment, Conversation, DeletionCall, Event
from chatweb.models.deletion import RECEIPT_DAYS
from chatweb.turns.announce import announce_gone
from chatweb.turns.deletions import take_apart

from .rules import KINDS, Kind, Limit

WINDOW = 2_000  # rows of a table that one query looks at, so that no query is long

Removed = Counter[str]  # by what a person would count: conversations, messages, files, events


def retain(now: datetime | None = None) -> Iterator[Removed]:
    """Everything that is too old by now, in small steps; each is over when it is yielded."""
    now = now or timezone.now()
    for kind in KINDS.values():
        if limits := kind.limits():
            for low, high in windows(kind, now):
                for limit in limits:
                    yield from remove_within(kind, limit, limits, now, low, high)
    over = DeletionCall.objects.filter(deletion=None, ended_at__lt=now - timedelta(days=RECEIPT_DAYS))
    over.delete()
    yield Counter()


def windows(kind: Kind, now: datetime) -> Iterator[tuple[int, int]]:
    """Ranges of primary keys, in steps: the table grows at its end, where nothing is old."""
    edges = kind.rows(now).model._base_manager.aggregate(first=Min("pk"), last=Max("pk"))
    if edges["first"] is not None:
        for low in range(edges["first"], edges["last"] + 1, WINDOW):
            yield low, min(low + WINDOW - 1, edges["last"])


def remove_within(
    kind: Kind, limit: Limit, limits: list[Limit], now: datetime, low: int, high: int
) -> Iterator[Removed]:
    due = kind.due(limit, limits, now).filter(pk__range=(low, high))
    pks = list(due.order_by("pk").values_list("pk", flat=True))
    yield Counter()
    if kind.name == "event":
        if pks:
            with transaction.atomic():
                count, _rows = Event.objects.filter(pk__in=pks).delete()
            yield Counter(events=count)
        return
    for pk in pks:
        with transaction.atomic():
            # Asked again under a lock: a question may have come, or a hold, since we looked.
            row = kind.due(limit, limits, now).select_for_update(of=("self",)).filter(pk=pk).first()
            removed = remove(row) if row is not None else Counter()
        yield removed


def remove(row: Any) -> Removed:
    return remove_file(row) if isinstance(row, Attachment) else remove_conversation(row)


def remove_conversation(conversation: Conversation) -> Removed:
    """With everything in it; the upstream is asked to delete it too. Its figures stay: they hold no words."""
    if conversation.deleted_at is None:
        announce_gone(conversation)
    rows = take_apart(conversation, deletion=None)
    names = {
        "chatweb.Conversation": "conversations", "chatweb.Message": "messages",
        "chatweb.Attachment": "files", "chatweb.Event": "events",
    }  # fmt: skip
    return Counter({name: rows.get(label, 0) for label, name in names.items()})


def remove_file(attachment: Attachment) -> Removed:
    """The copy on the disk, unless a younger row shares it; what was never asked with goes wholly."""
    if attachment.conversation_id is None:
        attachment.delete()
        return Counter(files=1)
    storage, name = attachment.copy.storage, str(attachment.copy.name)
    Attachment.objects.filter(pk=attachment.pk).update(copy="")
    if not Attachment.objects.filter(copy=name).exists():
        transaction.on_commit(lambda: storage.delete(name))
    return Counter(files=1)


class Round:
    """The same for a serving process: a slice of time at each step, on the writer's thread."""

    SLICE_SECONDS = 0.1

    def __init__(self) -> None:
        self._left: Iterator[Removed] | None = None

    def step(self) -> bool:
        """Go on until the slice is over. Whether more is left of this round."""
        until = time.monotonic() + self.SLICE_SECONDS
        left, self._left = self._left or retain(), None  # what fails is tried again in the next round
        while time.monotonic() < until:
            if next(left, None) is None:
                return False
        self._left = left
        return True
