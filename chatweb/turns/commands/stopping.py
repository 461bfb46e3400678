"""Stop is a wish: texts are cut to what was on the screen, the upstream hears of it, nothing grows back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from chatweb.models import Bot, Leg, Message, Turn
from chatweb.search.index import index_turn
from chatweb.turns.announce import announce
from chatweb.turns.canceling import canceled_outcome
from chatweb.turns.connections import can_of
from chatweb.turns.ledger import next_version
from chatweb.turns.releasing import end_waiting
from chatweb.turns.states import OWNED, MessageState, TurnState
from chatweb.upstreams.errors import UpstreamError

from . import connections
from .refusals import Refused
from .waking import stop_turn, wake


def stop(turn: Turn, shown: dict[str, Any], *, next_turn: Turn | None = None) -> None:
    """Stop a running or waiting turn.

    `shown`: {"shown": {message uuid: UTF-16 units}, "thought": {…}} as that tab had them; first wish wins.
    Empty where no tab said it (a page without JavaScript, "Send now"): what has come so far is kept.
    The queue is held, `next_turn` ("Send now") excepted. A turn that is over already is left alone: the
    button and the end may cross on the wire.
    """
    if turn.state == TurnState.WAITING:
        _stop_waiting(turn, next_turn)
        return
    wish = {**shown, "next": next_turn.pk if next_turn else None}
    with transaction.atomic():
        wished = Turn.objects.filter(pk=turn.pk, state__in=OWNED, stop_asked_at=None)
        if wished.update(stop_asked_at=timezone.now(), stop_shown=wish):
            stop_turn(str(turn.uuid), wish)


def _stop_waiting(turn: Turn, next_turn: Turn | None) -> None:
    """The cards close at once; what waits upstream is let go of before the next question (releasing.py)."""
    is_run = turn.conversation.bot.kind == Bot.Kind.WORKFLOW
    if not end_waiting(
        turn,
        TurnState.CANCELED,
        next_turn.pk if next_turn else None,
        stop_outcome="dropped" if is_run else canceled_outcome(can_of(turn.conversation.bot.connection)),
    ):
        raise Refused("not_waiting")
    wake()


def show_whole_answer(turn: Turn) -> None:
    """After a Stop that came too late: fetch what the bot had said in full and show that."""
    if turn.stop_outcome != "was_done":
        raise Refused("malformed")
    leg = Leg.objects.filter(turn=turn).exclude(chat_id="").order_by("-ordinal").first()
    if leg is None:
        raise Refused("conversation_missing")
    conversation = turn.conversation
    try:
        messages = connections.call(
            conversation.bot.connection,
            lambda upstream: upstream.chat_messages(
                user_id=conversation.identity.key,
                conversation_id=leg.upstream_conversation_id,
                chat_id=leg.chat_id,
            ),
        )
    except UpstreamError as error:
        raise Refused("unreachable") from error
    with transaction.atomic():
        known = {row.upstream_id: row for row in Message.objects.filter(turn=turn)}
        for ordinal, message in enumerate(m for m in messages if m.type == "answer"):
            row = known.get(message.id) or Message(
                conversation=conversation, turn=turn, leg=leg, upstream_id=message.id, ordinal=100 + ordinal
            )
            row.type, row.content_type = "answer", message.content_type
            row.text, row.state = message.content, MessageState.COMPLETED
            row.save()
        index_turn(turn.pk)
        version = next_version(conversation.pk)
        Turn.objects.filter(pk=turn.pk).update(stop_outcome="", version=version)
        announce(conversation, version)
