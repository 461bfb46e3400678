"""Questions: asked, queued, changed before they are sent, sent again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Min
from django.utils import timezone

from accounts.models import User
from chatweb.database.prepared import Prepared
from chatweb.models import Attachment, Bot, Conversation, CozeIdentity, Message, Turn
from chatweb.models.reckoning import forget, reckon
from chatweb.search.index import index_turn
from chatweb.telemetry import subject as telemetry
from chatweb.turns.announce import announce
from chatweb.turns.ledger import next_version
from chatweb.turns.states import LIVE, TurnState

from . import stopping
from .asked import values_to_begin
from .parameters import keep_parameters
from .questions import Entered, Question, checked, question_of
from .quotas import must_have_room
from .refusals import Refused
from .waking import wake

BEGUN = Prepared(
    lambda user_pk, client_id: Conversation.objects.filter(user=user_pk, client_id=client_id).order_by("pk")
)


def start_conversation(
    user: User,
    bot: Bot,
    client_id: UUID,
    turn_client_id: UUID,
    entered: Entered,
    asked: Mapping[str, Any] | None = None,
) -> tuple[Conversation, Turn]:
    """A new conversation with its first question. The same client ids give the same rows again.

    `asked`: what its bot asks of people first, by part (commands/asked.py).
    """
    known = next(iter(BEGUN(user.pk, client_id)), None)
    if known is not None:
        return known, ask(known, turn_client_id, entered)
    question = checked(entered, user, bot)
    asked_values = values_to_begin(user, bot, asked)
    try:
        with transaction.atomic():
            conversation = Conversation.objects.create(
                user=user,
                bot=bot,
                identity=CozeIdentity.objects.held(user, bot.connection),
                client_id=client_id,
                name=name_of(question, bot),
                asked_values=asked_values,
            )
            turn = enqueue(conversation, turn_client_id, question)
    except IntegrityError:
        conversation = Conversation.objects.get(user=user, client_id=client_id)
        return conversation, ask_once(conversation, turn_client_id, question)
    announce(conversation, turn.version)
    wake()
    return conversation, turn


def name_of(question: Question, bot: Bot) -> str:
    return name_from(question.text) or (name_from(question.files[0].name) if question.files else bot.name)


def name_from(question: str) -> str:
    """The first line of the first question, short enough for the sidebar (M-033)."""
    line = next((line.strip() for line in question.splitlines() if line.strip()), "")
    return line if len(line) <= 60 else line[:59].rstrip() + "…"


def ask(conversation: Conversation, client_id: UUID, entered: Entered) -> Turn:
    """Put a question into the conversation's queue; it runs at once if nothing else does.

    A repeated client id gives the turn it made the first time. Raises Refused.
    """
    known = Turn.objects.filter(conversation=conversation, client_id=client_id).first()
    if known is not None:
        return known
    return ask_once(
        conversation, client_id, checked(entered, conversation.user, conversation.bot, conversation)
    )


def ask_once(conversation: Conversation, client_id: UUID, question: Question) -> Turn:
    """`ask` with a question that is checked."""
    try:
        with transaction.atomic():
            turn = enqueue(conversation, client_id, question)
    except IntegrityError:
        return Turn.objects.get(conversation=conversation, client_id=client_id)
    announce(conversation, turn.version)
    wake()
    return turn


def enqueue(
    conversation: Conversation, client_id: UUID, question: Question, replaces: Turn | None = None
) -> Turn:
    """A question at the end of the queue. Inside a transaction. Raises IntegrityError for a known client id,
    and for a turn that is replaced already; Refused beyond a quota, and when the conversation became
    somebody else's since it was read."""
    version = next_version(conversation.pk)
    must_be_theirs_still(conversation)
    must_have_room(conversation.user, conversation.bot, len(question.files))
    now = timezone.now()
    Conversation.objects.filter(pk=conversation.pk).update(last_asked_at=now, is_archived=False)
    conversation.refresh_from_db(fields=["section"])
    last = conversation.turns.aggregate(last=Max("ordinal"))["last"] or 0
    turn = Turn.objects.create(
        conversation=conversation,
        client_id=client_id,
        ordinal=last + 1,
        section=conversation.section,
        version=version,
        created_at=now,
        parameters=question.parameters,
        shortcut=question.command,
        replaces=replaces,
        # Behind a held question nothing may overtake: the person decides first.
        is_held=conversation.turns.filter(state=TurnState.QUEUED, is_held=True).exists(),
    )
    telemetry.asked(turn.uuid)
    Message.objects.create(conversation=conversation, turn=turn, type="question", text=question.text)
    if question.files:
        turn.files.set(question.files)
        Attachment.objects.filter(turns=turn, conversation=None).update(conversation=conversation)
    index_turn(turn.pk)
    reckon(turn.pk)
    keep_parameters(conversation.user_id, conversation.bot, question.parameters)
    return turn


def must_be_theirs_still(conversation: Conversation) -> None:
    """With its row locked, as moving it locks it too (moving.py). Raises Refused("not_found")."""
    if not Conversation.objects.filter(pk=conversation.pk, user=conversation.user_id).exists():
        raise Refused("not_found")


def edit(turn: Turn, text: str) -> None:
    """Change a question that is still queued."""
    with transaction.atomic():
        version = next_version(turn.conversation_id)
        # Other words are no shortcut command any more: the upstream would make its own of it.
        changed = {"version": version, "shortcut": None}
        if not Turn.objects.filter(pk=turn.pk, state=TurnState.QUEUED).update(**changed):
            raise Refused("not_queued")
        Message.objects.filter(turn=turn, type="question").update(text=text)
        index_turn(turn.pk)
        announce(turn.conversation, version)


def withdraw(turn: Turn) -> None:
    """Delete a question from the queue."""
    with transaction.atomic():
        version = next_version(turn.conversation_id)
        gone = {"is_withdrawn": True, "ended_at": timezone.now(), "version": version, "replaces": None}
        if not Turn.objects.move(turn.pk, TurnState.QUEUED, TurnState.CANCELED, **gone):
            raise Refused("not_queued")
        forget(turn.pk)
        index_turn(turn.pk)
        announce(turn.conversation, version)
    wake()


def send_now(turn: Turn) -> None:
    """Put a queued question first and let it go; a turn that is running is stopped for it."""
    with transaction.atomic():
        queued = Turn.objects.filter(conversation=turn.conversation_id, state=TurnState.QUEUED)
        version = next_version(turn.conversation_id)
        first = queued.aggregate(first=Min("ordinal"))["first"]
        if not queued.filter(pk=turn.pk).update(is_held=False, not_before=None, version=version):
            raise Refused("not_queued")
        if first is not None and first < turn.ordinal:
            # What replaces the turn before it stands right behind it, or is a question of its own.
            queued.exclude(pk=turn.pk).filter(ordinal__lt=turn.ordinal).update(
                ordinal=F("ordinal") + 1, version=version, replaces=None
            )
            queued.filter(pk=turn.pk).update(ordinal=first)
        announce(turn.conversation, version)
    live = Turn.objects.filter(conversation=turn.conversation_id, state__in=LIVE).first()
    if live is not None:
        stopping.stop(live, {}, next_turn=turn)
    wake()


def again(turn: Turn, client_id: UUID) -> Turn:
    """The same question as a new turn; what is queued behind it stays behind it."""
    new = ask_once(turn.conversation, client_id, question_of(turn))
    if new.state == TurnState.QUEUED and new.is_held:
        send_now(new)
    return new
