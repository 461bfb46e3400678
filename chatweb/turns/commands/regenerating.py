"""Another answer to the last question: a new turn that replaces the old one (M-007)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chatweb.models import Conversation, Turn
from chatweb.turns.announce import announce
from chatweb.turns.states import OVER

from .asking import enqueue, must_be_theirs_still
from .questions import question_of
from .refusals import Refused
from .waking import wake


def regenerate(turn: Turn, client_id: UUID) -> Turn:
    """Ask the question of the conversation's last turn once more; the old turn stays as an older version.

    A repeated client id, and another tab that was faster, give the turn that was made. Before it asks, its
    runner deletes the old turn upstream (turns/replacing.py). Raises Refused("not_last") while the turn is
    not over, when something was asked behind it, when the context was cleared since, and for a copy;
    Refused("not_found") when the conversation is somebody else's now.
    """
    question = question_of(turn)
    with transaction.atomic():
        # Nobody asks here until this is over: what is last now is last then.
        conversation = Conversation.objects.select_for_update().get(pk=turn.conversation_id)
        must_be_theirs_still(turn.conversation)
        made = conversation.turns.filter(Q(client_id=client_id) | Q(replaces=turn)).first()
        if made is not None:
            return made
        if not _is_last(turn, conversation):
            raise Refused("not_last")
        new = enqueue(conversation, client_id, question, replaces=turn)
    announce(conversation, new.version)
    wake()
    return new


def _is_last(turn: Turn, conversation: Conversation) -> bool:
    shown = conversation.turns.filter(is_withdrawn=False).order_by("ordinal", "pk")
    last = shown.last()
    return (
        last is not None
        and last.pk == turn.pk
        and last.state in OVER
        and not last.copied
        and last.section == conversation.section
    )
