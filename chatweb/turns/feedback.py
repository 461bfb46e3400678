"""What people say of answers, on its way to the upstream (K15, wire-chat 7): what of it may go, what is told,
what came of it. Local first: whatever happens here, nobody but the admins notices.

Synchronous, apart from `tell`.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from chatweb.models import Bot, Errand, Feedback
from chatweb.turns.connections import can_of
from chatweb.turns.states import Rating
from chatweb.upstreams.client import Upstream
from chatweb.upstreams.errors import Missing, NotSupported

# Who presses a thumb goes on to choose reasons or presses again: one call for all of it.
SETTLING_SECONDS = 2
CALLED = {Rating.GOOD: "like", Rating.BAD: "unlike"}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the upstream is to know of one answer. `kind` "" takes back what it was told before."""

    conversation_id: str
    message_id: str
    kind: str
    reasons: tuple[str, ...]
    comment: str
    was_told: bool


def send(feedback: Feedback, delay: timedelta = timedelta()) -> bool:
    """Have the upstream told, now or soon. False where it is kept here only. Inside a transaction."""
    can_go = may_go(feedback)
    state = Feedback.Sync.PENDING if can_go else Feedback.Sync.NOT_SUPPORTED
    Feedback.objects.filter(pk=feedback.pk).update(sync_state=state, attempts=0, last_error="")
    if can_go:
        about = str(feedback.uuid)
        Errand.objects.put(feedback.message.conversation, Errand.Kind.FEEDBACK, about=about, delay=delay)
    return can_go


def may_go(feedback: Feedback) -> bool:
    """Only text answers of chats and chatflows, where the dialect has the call and the bot's admin wants it.

    What the upstream was told already may always be taken back.
    """
    message, bot = feedback.message, feedback.message.conversation.bot
    if not can_of(bot.connection).has_feedback:
        return False
    if not message.upstream_id or message.content_type != "text":
        return False
    is_wanted = bot.pushes_feedback or (not feedback.rating and feedback.told_at is not None)
    return is_wanted and bot.kind in (Bot.Kind.BOT, Bot.Kind.CHATFLOW)


def opinion_of(errand: Errand) -> Opinion | None:
    """What is to be told, as it is now; None when it is gone. From here on the upstream may know of it."""
    found = Feedback.objects.filter(uuid=errand.about).select_related("message__leg").first()
    if found is None:
        return None
    if found.rating:
        Feedback.objects.filter(pk=found.pk, told_at=None).update(told_at=timezone.now())
    leg = found.message.leg
    return Opinion(
        # Where it was said: a conversation may have gone on in another one upstream.
        conversation_id=(leg and leg.upstream_conversation_id) or errand.conversation.upstream_id,
        message_id=found.message.upstream_id,
        kind=CALLED[Rating(found.rating)] if found.rating else "",
        reasons=tuple(reason.title for reason in found.reasons.all()),
        comment=found.comment,
        was_told=found.told_at is not None,
    )


async def tell(upstream: Upstream, user_id: str, opinion: Opinion) -> None:
    """The last one counts, so that telling it again does no harm. Raises UpstreamError."""
    if not upstream.capabilities.has_feedback:
        raise NotSupported("no feedback here")
    if not opinion.kind and not opinion.was_told:
        return
    # An answer that is gone upstream has no feedback either.
    with contextlib.suppress(Missing) if not opinion.kind else contextlib.nullcontext():
        await upstream.feedback(
            user_id=user_id,
            conversation_id=opinion.conversation_id,
            message_id=opinion.message_id,
            kind=opinion.kind,
            reasons=opinion.reasons,
            comment=opinion.comment,
        )


def told(errand: Errand) -> None:
    """The upstream knows. What was taken back is no longer anything it could know of."""
    mine = Feedback.objects.filter(uuid=errand.about)
    mine.update(
        sync_state=Feedback.Sync.SENT,
        synced_at=timezone.now(),
        attempts=errand.attempts,
        last_error="",
    )
    mine.filter(rating="").update(told_at=None)


def not_told(errand: Errand, why: str, *, is_over: bool, is_supported: bool) -> None:
    """It did not work: tried again unless it `is_over`."""
    failed = Feedback.Sync.FAILED if is_supported else Feedback.Sync.NOT_SUPPORTED
    Feedback.objects.filter(uuid=errand.about).update(
        sync_state=failed if is_over else Feedback.Sync.PENDING,
        attempts=errand.attempts,
        last_error=why,
    )
