"""A conversation as its exports read it: a head, and the wire's turns a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from chatweb import frames, rows
from chatweb.models import Attachment, Conversation, Turn

FORMAT_VERSION = 1
PAGE_OF_TURNS = 50  # what is in memory at a time


def head_of(conversation: Conversation) -> frames.Json:
    """What stands above the turns. Times are ISO 8601 in UTC."""
    files = Attachment.objects.filter(conversation=conversation).order_by("pk")
    return {
        "format": "chatweb-conversation",
        "format_version": FORMAT_VERSION,
        "exported_at": timezone.now().isoformat(),
        "id": str(conversation.uuid),
        "name": conversation.name,
        "bot_name": conversation.bot.name,
        "created_at": conversation.created_at.isoformat(),
        "last_asked_at": conversation.last_asked_at.isoformat(),
        "is_pinned": conversation.is_pinned,
        "is_archived": conversation.is_archived,
        "files": [frames.attachment_object(file) for file in files],
    }


def pages_of(conversation: Conversation) -> Iterator[list[frames.Json]]:
    """Every turn that people see, oldest first. No query stays open between two pages: each may be read
    in another thread."""
    turns = Turn.objects.filter(conversation=conversation, is_withdrawn=False)
    pks = list(turns.order_by("ordinal", "pk").values_list("pk", flat=True))
    for start in range(0, len(pks), PAGE_OF_TURNS):
        yield rows.turns_by_pks(conversation, pks[start : start + PAGE_OF_TURNS])


def pieces_of(turn: frames.Json) -> list[tuple[str, frames.Json]]:
    """Answers ("message") and cards ("action") of a turn in the order the page shows them."""
    placed = [
        *((message["ordinal"], 0, "message", message) for message in turn["messages"]),
        *((action["after"], 1, "action", action) for action in turn["actions"]),
    ]
    return [(kind, piece) for *_, kind, piece in sorted(placed, key=lambda one: one[:2])]


def when(moment: str | datetime | None) -> str:
    """A moment of the wire in the reader's language and zone; empty for none."""
    parsed = parse_datetime(moment) if isinstance(moment, str) else moment
    return date_format(timezone.localtime(parsed), "DATETIME_FORMAT") if parsed else ""
