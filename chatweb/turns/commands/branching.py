"""A question changed: a branch of its conversation, which is left as it was (M-008)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction

from chatweb.models import Bot, Conversation, CozeIdentity, ReadMark, Turn
from chatweb.turns.announce import announce
from chatweb.turns.copying import before, copy, copy_files
from chatweb.turns.ledger import next_version
from chatweb.turns.states import OVER, TurnState

from .asking import enqueue, must_be_theirs_still, name_of
from .questions import question_of
from .refusals import Refused
from .waking import wake


def branch(turn: Turn, client_id: UUID, text: str) -> tuple[Conversation, Turn]:
    """A new conversation with the same bot: a copy of what was before the turn, then `text` in its place.

    The copies are rows of the branch: it lives, is deleted and is kept without the old one. `client_id` names
    the conversation and its question; repeated, it gives the same again.
    """
    source = turn.conversation
    # A run has no history, and what is queued can be changed where it is.
    if source.bot.kind == Bot.Kind.WORKFLOW or turn.state == TurnState.QUEUED:
        raise Refused("malformed")
    question = replace(question_of(turn), text=text, command=None)
    try:
        with transaction.atomic():
            conversation = Conversation.objects.create(
                user=source.user,
                bot=source.bot,
                identity=CozeIdentity.objects.held(source.user, source.bot.connection),
                client_id=client_id,
                name=name_of(question, source.bot),
                section=turn.section,
                branched_from=turn,
                asked_values=source.asked_values,
            )
            copy(before(turn), turn.section, conversation)
            ReadMark.objects.create(conversation=conversation, user=source.user)
            files = list(copy_files(Turn.objects.filter(pk=turn.pk), conversation).values())
            _tell_source(turn)  # conversations before people: locks are taken in one order
            asked = enqueue(conversation, client_id, replace(question, files=files))
    except IntegrityError:
        return _made(turn, client_id)
    announce(conversation, asked.version)
    wake()
    return conversation, asked


def _made(turn: Turn, client_id: UUID) -> tuple[Conversation, Turn]:
    """What the same client id made before. Raises Refused if that was something else."""
    known = Turn.objects.select_related("conversation__bot__connection", "conversation__identity")
    asked = known.filter(
        client_id=client_id, conversation__client_id=client_id, conversation__user=turn.conversation.user
    ).first()
    if asked is None:
        raise Refused("malformed")
    return asked.conversation, asked


def _tell_source(turn: Turn) -> None:
    """The old question shows a link; a live turn, whose text is not in its rows, when it ends."""
    version = next_version(turn.conversation_id)
    must_be_theirs_still(turn.conversation)
    Turn.objects.filter(pk=turn.pk, state__in=OVER).update(version=version)
    announce(turn.conversation, version)
