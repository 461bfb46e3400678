"""Talks of some age with everything that hangs on one, and what a run removes of them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from chatweb.models import (
    Attachment,
    Conversation,
    CozeIdentity,
    Event,
    Feedback,
    Message,
    Passage,
    Turn,
    TurnFigures,
)  # fmt: skip
from chatweb.retention.removing import retain


def talk(
    people, days: int, *, user=None, bot=None, state: str = "completed", upstream: str = ""
) -> Conversation:
    """A conversation whose last question is so many days old."""
    user, bot = user or people.ana, bot or people.helper
    when = timezone.now() - timedelta(days=days)
    conversation = Conversation.objects.create(
        user=user, bot=bot, identity=CozeIdentity.objects.current(user, people.coze), last_asked_at=when,
        upstream_id=upstream, name=f"{days} days",
    )  # fmt: skip
    turn = Turn.objects.create(
        conversation=conversation, client_id=conversation.uuid, ordinal=1, state=state, created_at=when
    )
    message = Message.objects.create(conversation=conversation, turn=turn, type="answer", text="swordfish")
    Feedback.objects.create(message=message, user=user, rating="bad")
    Event.objects.create(turn=turn, name="done", received_at=when)
    Passage.objects.create(
        user=user, owner="x", conversation=conversation, turn=turn, message=message, kind="answer",
        folded="swordfish", said_at=when,
    )  # fmt: skip
    if not TurnFigures.objects.filter(turn=turn).exists():
        TurnFigures.objects.create(
            turn=turn, conversation=conversation, user=user, bot=bot, asked_at=when, state=state, tokens=7
        )
    return conversation


def attach(people, conversation, days: int, copy: str = "data") -> Attachment:
    attachment = Attachment.objects.create(
        user=conversation.user if conversation else people.ana, connection=people.coze,
        conversation=conversation, upstream_id="7", name="map.png", mime="image/png", size_bytes=4,
        created_at=timezone.now() - timedelta(days=days),
    )  # fmt: skip
    if copy:
        attachment.copy.save("x", ContentFile(copy.encode()))
    return attachment


def removed() -> Counter[str]:
    total: Counter[str] = Counter()
    for step in retain():
        total += step
    return total


def left() -> set[str]:
    return set(Conversation.objects.values_list("name", flat=True))
