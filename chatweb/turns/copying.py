"""Copies of turns for a branch: rows of its own, so that it lives and goes without the old conversation."""

from __future__ import annotations

from uuid import uuid4

from chatweb.models import Action, Attachment, Conversation, Copied, Message, Turn
from chatweb.models.turn import TurnQuerySet
from chatweb.rows import SHOWN
from chatweb.turns.branching import memory_of, remembered_of
from chatweb.turns.states import OVER

AT_ONCE = 500  # rows of an INSERT


def before(turn: Turn) -> TurnQuerySet:
    """What was asked before the question and its versions: of each the newest version, oldest first."""
    first = turn
    while first.replaces is not None:
        first = first.replaces
    earlier = Turn.objects.filter(
        conversation=turn.conversation_id,
        ordinal__lt=first.ordinal,
        is_withdrawn=False,
        state__in=OVER,
        replaced_by=None,
    )
    return earlier.order_by("ordinal", "pk")


def copy(turns: TurnQuerySet, section: int, conversation: Conversation) -> None:
    """Copies of turns as people read them: questions, answers, sources, cards. Legs stay behind."""
    originals = list(turns)
    remembered = remembered_of(originals, section, memory_of(conversation.bot))
    copies = {
        turn.pk: _copy_of(turn, ordinal, conversation, turn.pk in remembered)
        for ordinal, turn in enumerate(originals, 1)
    }
    Turn.objects.bulk_create(copies.values(), AT_ONCE)
    messages = Message.objects.filter(SHOWN, turn__in=turns.values("pk")).exclude(type="follow_up")
    for message in (said := list(messages.order_by("pk"))):
        message.pk, message.uuid, message.upstream_id, message.leg = None, uuid4(), "", None
        message.conversation, message.turn = conversation, copies[message.turn_id]
    Message.objects.bulk_create(said, AT_ONCE)
    for action in (asked := list(Action.objects.filter(turn__in=turns.values("pk")).order_by("pk"))):
        action.pk, action.uuid, action.leg, action.draft = None, uuid4(), None, None
        action.turn = copies[action.turn_id]
    Action.objects.bulk_create(asked, AT_ONCE)
    files = copy_files(turns, conversation)
    goes_with = Turn.files.through
    pairs = goes_with.objects.filter(turn__in=turns.values("pk")).values_list("turn", "attachment")
    goes_with.objects.bulk_create(
        [goes_with(turn=copies[turn], attachment=files[file]) for turn, file in pairs], AT_ONCE
    )


def copy_files(turns: TurnQuerySet, conversation: Conversation) -> dict[int, Attachment]:
    """By the original's pk. The rows are the branch's; upstream, and on our disk, it is one file."""
    copies = {}
    for file in Attachment.objects.filter(turns__in=turns.values("pk")).distinct().order_by("pk"):
        original = file.pk
        file.pk, file.uuid, file.conversation = None, uuid4(), conversation
        file._state.adding = True
        file.save()
        copies[original] = file
    return copies


def _copy_of(turn: Turn, ordinal: int, conversation: Conversation, is_remembered: bool) -> Turn:
    return Turn(
        conversation=conversation,
        client_id=uuid4(),
        ordinal=ordinal,
        section=turn.section,
        state=turn.state,
        copied=Copied.REMEMBERED if is_remembered else Copied.FORGOTTEN,
        parameters=turn.parameters,
        stop_outcome="forgotten" if turn.stop_outcome == "forgotten" else "",
        error_reason=turn.error_reason,
        error_code=turn.error_code,
        error_message=turn.error_message,
        log_id=turn.log_id,
        created_at=turn.created_at,
        started_at=turn.started_at,
        ended_at=turn.ended_at,
    )
