"""A person's rating of an answer: kept here at once, told upstream as well as it goes (M-041, M-042)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from chatweb.models import Feedback, FeedbackReason, Message, Turn
from chatweb.models.feedback import MOST_REASONS
from chatweb.models.reckoning import reckon
from chatweb.turns import feedback as upstream
from chatweb.turns import reviewing
from chatweb.turns.announce import announce
from chatweb.turns.ledger import next_version
from chatweb.turns.states import OWNED

from .refusals import Refused
from .waking import wake


def rate(
    message: Message,
    user: User,
    rating: str,
    *,
    reasons: Collection[str] | None = None,
    comment: str | None = None,
) -> None:
    """Say that an answer is good or bad, something else than before, or (with an empty rating) nothing.

    `reasons`: uuids; those that are no longer offered count only where they were given already, and those
    that do not fit the rating not at all. None leaves reasons or comment as they are.
    Raises Refused("not_over") while the turn moves: its messages are then the runner's.
    """
    with transaction.atomic():
        version = next_version(message.conversation_id)
        if not Turn.objects.filter(pk=message.turn_id).exclude(state__in=OWNED).update(version=version):
            raise Refused("not_over")
        given, is_new = Feedback.objects.get_or_create(message=message, user=user)
        if is_new and not rating:
            transaction.set_rollback(True)
            return
        given.message = message
        given.rating, given.changed_at = rating, timezone.now()
        if comment is not None or not rating:
            given.comment = comment if comment and rating else ""
        given.save(update_fields=["rating", "comment", "changed_at"])
        given.reasons.set(_chosen(given, reasons))
        reckon(message.turn_id)
        reviewing.rated(message, rating)
        upstream.send(given, timedelta(seconds=upstream.SETTLING_SECONDS))
        announce(message.conversation, version)
    wake()


def _chosen(given: Feedback, wanted: Collection[str] | None) -> list[FeedbackReason]:
    if not given.rating:
        return []
    known = Q(feedback=given)
    fitting = FeedbackReason.objects.fitting(given.rating)
    if wanted is None:
        return list(fitting.filter(known).distinct())
    return list(fitting.filter(known | Q(is_active=True), uuid__in=wanted).distinct()[:MOST_REASONS])


def send_feedback_again(feedback: Feedback) -> bool:
    """For an admin: have the upstream told now what it was not. False where it is kept here only."""
    with transaction.atomic():
        is_sent = upstream.send(feedback)
    wake()
    return is_sent
