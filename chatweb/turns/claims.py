"""What there is to run, and taking it: the supervisor's guarded claims. On the writer's thread."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from chatweb import frames, rows
from chatweb.database.prepared import Prepared
from chatweb.file_kinds import kind_of
from chatweb.models import Action, Errand, Leg, Message, Turn
from chatweb.models.action import ActionQuerySet
from chatweb.turns import settling
from chatweb.turns.announce import announce
from chatweb.turns.branching import remembered_by
from chatweb.turns.connections import settings_of
from chatweb.turns.feed import Part, Text
from chatweb.turns.ledger import Hold, hold_queue, next_version
from chatweb.turns.replacing import Replaced, replaced_by
from chatweb.turns.states import LIVE, OVER, OWNED, ActionState, TurnState
from chatweb.turns.talks import Asked, Given
from chatweb.upstreams.client import ConnectionSettings, Flow, QuestionFile
from chatweb.usage.standing import spent

logger = logging.getLogger(__name__)

# A conversation asks nothing before these are done.
GOES_FIRST = (Errand.Kind.CLEAR, Errand.Kind.RELEASE)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Everything a runner needs to know, read in one go when the turn was claimed."""

    hold: Hold
    state: str
    head: frames.Json
    parts: list[Part]
    user_pk: int
    settings: ConnectionSettings
    asked: Asked
    upstream_conversation_id: str
    leg: Leg | None  # the last one
    asked_in: int | None = None  # pk of the leg that asked for the answers that are to be submitted
    stop_shown: dict[str, Any] | None = None
    replaced: Replaced | None = None

    @property
    def turn_id(self) -> str:
        return str(self.head["id"])

    @property
    def conversation_id(self) -> str:
        return str(self.head["conversation"])


def due_turns() -> list[tuple[int, int]]:
    """The next question of every conversation that is free to ask it: its pk and its person's."""
    busy = Turn.objects.filter(conversation=OuterRef("conversation"), state__in=LIVE)
    clearing = Errand.objects.filter(
        conversation=OuterRef("conversation"), kind__in=GOES_FIRST, done_at=None, gave_up_at=None
    )
    earlier = Turn.objects.filter(
        conversation=OuterRef("conversation"), state=TurnState.QUEUED, ordinal__lt=OuterRef("ordinal")
    )
    return list(
        Turn.objects.filter(state=TurnState.QUEUED, is_held=False)
        .filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))
        .filter(~Exists(busy), ~Exists(clearing), ~Exists(earlier))
        .order_by("pk")
        .values_list("pk", "conversation__user")[:200]
    )


def resumable_turns() -> list[int]:
    """Pks of turns whose last answer is in: nobody owns them, their outputs wait to be submitted."""
    return list(Turn.objects.filter(state=TurnState.RESUMING, owner="").values_list("pk", flat=True)[:200])


def dead_turns(owner: str, running: set[str], living: Collection[str] = ()) -> list[tuple[int, int]]:
    """Pk and epoch of turns nobody runs: their owner is gone (is none of `living`, the other processes), or
    it is us and there is no runner of that id."""
    turns = Turn.objects.filter(state__in=OWNED).exclude(owner__in=["", *(set(living) - {owner})])
    return list(turns.exclude(owner=owner, uuid__in=running).values_list("pk", "epoch")[:200])


QUEUED = Prepared(
    lambda pk: Turn.objects.filter(pk=pk).select_related("conversation__bot", "conversation__user").order_by()
)
TAKEN = Prepared(
    lambda pk: (
        Turn.objects.filter(pk=pk)
        .select_related("conversation__bot__connection", "conversation__identity", "conversation__user")
        .order_by()
    )
)
MESSAGES = Prepared(lambda turn_pk: Message.objects.filter(turn=turn_pk).order_by("ordinal"))
LAST_LEG = Prepared(lambda turn_pk: Leg.objects.filter(turn=turn_pk).order_by("-ordinal")[:1])


def take_on(turn_pk: int, owner: str) -> Assignment | None:
    """Take a queued turn. None if somebody else was first, or if it may not be asked any more."""
    with transaction.atomic():
        [turn] = QUEUED(turn_pk)
        if reason := _reason_against(turn):
            _refuse(turn, reason)
            return None
        try:
            with transaction.atomic():
                if not _take(turn, owner, TurnState.QUEUED, TurnState.RUNNING):
                    return None
        except IntegrityError:  # another turn of the conversation came alive meanwhile
            return None
    return assignment(turn_pk, owner)


def take_up(turn_pk: int, owner: str) -> Assignment | None:
    """Take a turn whose answers are in. None if somebody else was first."""
    with transaction.atomic():
        turn = Turn.objects.get(pk=turn_pk)
        if turn.owner or not _take(turn, owner, TurnState.RESUMING, TurnState.RESUMING):
            return None
    return assignment(turn_pk, owner)


def give_up(turn_pk: int, owner: str, living: Collection[str] = ()) -> None:
    """A turn that cannot be read at all ends with a sentence rather than staying for ever, unless somebody
    else runs it."""
    with transaction.atomic():
        turn = Turn.objects.select_for_update().get(pk=turn_pk)
        if turn.state in OVER or (turn.owner != owner and turn.owner in living):
            return
        version = next_version(turn.conversation_id)
        ended = {"error_reason": "internal", "ended_at": timezone.now(), "version": version}
        if Turn.objects.move(turn_pk, turn.state, TurnState.FAILED, **ended):
            settling.close(turn_pk, TurnState.FAILED)
            hold_queue(turn.conversation_id, version)
            announce(turn.conversation, version)


def take_over(turn_pk: int, owner: str, epoch: int) -> Assignment | None:
    """Take a turn whose process is gone; it is recovered from the upstream. None if it has moved since it was
    seen in this `epoch`."""
    with transaction.atomic():
        turn = Turn.objects.get(pk=turn_pk)
        if (
            turn.epoch != epoch
            or turn.state not in OWNED
            or not _take(turn, owner, turn.state, TurnState.RECOVERING)
        ):
            return None
    return assignment(turn_pk, owner)


def take_back(turn_pk: int, owner: str) -> Assignment | None:
    """Take a turn that waits for a person although its upstream no longer does. None if it waits no more."""
    with transaction.atomic():
        turn = Turn.objects.get(pk=turn_pk)
        if turn.state != TurnState.WAITING or not _take(turn, owner, turn.state, TurnState.RECOVERING):
            return None
    return assignment(turn_pk, owner)


def _take(turn: Turn, owner: str, from_: str, to: str) -> bool:
    now = timezone.now()
    rows = Turn.objects.filter(pk=turn.pk, epoch=turn.epoch, owner=turn.owner)
    changes: dict[str, Any] = {
        "owner": owner,
        "epoch": F("epoch") + 1,
        "seq": 0,
        "beat_at": now,
        "version": next_version(turn.conversation_id),
    }
    if from_ == TurnState.QUEUED:
        changes.update(started_at=now, ordinal=turn.ordinal)
    if from_ == to:  # taking over, or taking up, without a move
        return rows.filter(state=from_).update(**changes) == 1
    return rows.move(turn.pk, from_, to, **changes)


def _reason_against(turn: Turn) -> str:
    """A withdrawn grant forbids asking, and so does a quota that was used up since; "" for nothing."""
    user, bot = turn.conversation.user, turn.conversation.bot
    if bot.pk not in rows.askable_by(user):
        return "no_grant"
    return "quota_reached" if spent(user, bot, turn.files.count(), before=turn) else ""


def _refuse(turn: Turn, reason: str) -> None:
    """The rest of the queue is held."""
    version = next_version(turn.conversation_id)
    refused = {"error_reason": reason, "ended_at": timezone.now(), "version": version}
    if Turn.objects.move(turn.pk, TurnState.QUEUED, TurnState.FAILED, **refused):
        hold_queue(turn.conversation_id, version)
        announce(turn.conversation, version)


def assignment(turn_pk: int, owner: str) -> Assignment:
    [turn] = TAKEN(turn_pk)
    conversation = turn.conversation
    messages = MESSAGES(turn_pk)
    head = rows.turn_by_pk(turn_pk)
    feedback = {told["id"]: told["feedback"] for told in head["messages"]}
    leg = next(iter(LAST_LEG(turn_pk)), None)
    # What was asked waits where it was asked, also when the next question begins elsewhere.
    asked_at = leg.upstream_conversation_id if leg and turn.state == TurnState.RESUMING else ""
    return Assignment(
        hold=Hold(turn.pk, conversation.pk, owner, turn.epoch),
        state=turn.state,
        head=head,
        parts=[part_of(message, feedback.get(str(message.uuid))) for message in messages],
        user_pk=conversation.user_id,
        settings=settings_of(conversation.bot.connection),
        asked=asked_by(turn, head["question"]),
        upstream_conversation_id=asked_at or conversation.upstream_id,
        leg=leg,
        asked_in=submitting_of(turn).values_list("leg", flat=True).first(),
        stop_shown=turn.stop_shown if turn.stop_asked_at else None,
        replaced=replaced_by(turn),
    )


def asked_by(turn: Turn, question: str) -> Asked:
    """The turn as its talk with the upstream needs it."""
    conversation = turn.conversation
    bot = conversation.bot
    return Asked(
        kind=bot.kind,
        user_id=conversation.identity.key,
        bot_id=bot.upstream_id,
        flow=Flow(bot.upstream_id, bot.app_id, bot.host_bot_id),
        question=question,
        parameters=turn.parameters or conversation.asked_values.get("parameters") or {},
        variables=variables_in(conversation.asked_values),
        is_polled=bot.runs_in_background,
        files=[QuestionFile(file.upstream_id, kind_of(file.mime), file.name) for file in turn.files.all()],
        given=[
            Given(
                upstream_id=action.upstream_id,
                is_call=action.kind == Action.Kind.TOOL_CALL,
                output=action.output,
                has_fields=bool(action.question.get("fields")),
                interrupt_type=action.interrupt_type,
            )
            for action in submitting_of(turn)
        ],
        shortcut=turn.shortcut,
        begins_with=[] if conversation.upstream_id else remembered_by(turn),
    )


def variables_in(asked_values: Mapping[str, Any]) -> dict[str, str]:
    """`custom_variables` are texts (wire-chat 2)."""
    variables = asked_values.get("variables") or {}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in variables.items()
    }


def submitting_of(turn: Turn) -> ActionQuerySet:
    """The answers that are on their way, in the upstream's order."""
    submitting = Action.objects.filter(turn=turn, state=ActionState.SUBMITTING)
    return submitting.order_by("round", "ordinal")


def part_of(message: Message, feedback: frames.Json | None = None) -> Part:
    """A stored message as a part of a feed."""
    part = Part(
        ordinal=message.ordinal,
        upstream_id=message.upstream_id,
        type=message.type,
        content_type=message.content_type,
        title=message.title,
        uuid=message.uuid,
        pk=message.pk,
        text=Text(),
        reasoning=Text(),
        reasoning_ms=message.reasoning_ms,
        state=message.state,
        feedback=feedback,
        is_dirty=False,
    )
    part.text.replace(message.text)
    part.reasoning.replace(message.reasoning)
    return part
