"""Keeps the passages right: called when a question is asked or changed and when a leg of its turn is over.

Synchronous, inside the transaction that changes what is searched. Never on the way of a delta.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects

from chatweb.database.prepared import Prepared
from chatweb.models import Action, Conversation, Message, Passage, Turn
from chatweb.models.passage import owner_of

from .fold import fold
from .texts import SEARCHED_TYPES, text_of_action, text_of_message

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH = 200

Fields = dict[str, Any]
Key = tuple[int | None, int | None]  # pks of the message and of the action: one of them is None


TURN = Prepared(lambda pk: Turn.objects.filter(pk=pk).select_related("conversation").order_by())
KNOWN = Prepared(lambda turn_pks: Passage.objects.filter(turn__in=turn_pks))
KNOWN_NAMES = Prepared(lambda pks: Passage.objects.filter(conversation__in=pks, kind=Passage.Kind.NAME))
MESSAGES = Prepared(
    lambda turn_pks: Message.objects.filter(turn__in=turn_pks, type__in=SEARCHED_TYPES).order_by(
        "turn", "ordinal"
    )
)
ACTIONS = Prepared(
    lambda turn_pks: Action.objects.filter(turn__in=turn_pks).order_by("turn", "round", "ordinal")
)


def index_turn(turn_pk: int) -> None:
    """Make a turn's passages, and its conversation's name, what they should be; some six queries."""
    index_turns(TURN(turn_pk))


def index_turns(turns: Sequence[Turn]) -> None:
    """The same for some turns that came with their conversations, oldest first.

    One that was taken back has no passages any more.
    """
    index_names(dict.fromkeys(turn.conversation for turn in turns))
    known = {key_of(one): one for one in KNOWN([turn.pk for turn in turns])}
    seen = [turn for turn in turns if not turn.is_withdrawn]
    prefetch_related_objects(seen, "files")
    pks = [turn.pk for turn in seen]
    wanted = [Passage(**fields) for fields in fields_of(seen, MESSAGES(pks), ACTIONS(pks))]
    Passage.objects.bulk_create(one for one in wanted if key_of(one) not in known)
    for one in wanted:
        before = known.pop(key_of(one), None)
        if before is not None and before.folded != one.folded:
            Passage.objects.filter(pk=before.pk).update(folded=one.folded)
    Passage.objects.filter(pk__in=[gone.pk for gone in known.values()]).delete()


def index_names(conversations: Iterable[Conversation]) -> None:
    conversations = list(conversations)
    known = {one.conversation_id: one for one in KNOWN_NAMES([one.pk for one in conversations])}
    for conversation in conversations:
        fields = fields_of_name(conversation)
        before = known.get(conversation.pk)
        if before is None:
            Passage.objects.create(**fields)
        elif before.folded != fields["folded"]:
            Passage.objects.filter(pk=before.pk).update(folded=fields["folded"])


def reindex(turns: QuerySet[Turn]) -> int:
    """Index turns in batches, oldest first; how many. For the command, and for rows of before 0010."""
    done, last = 0, 0
    while batch := list(turns.filter(pk__gt=last).order_by("pk").select_related("conversation")[:BATCH]):
        index_turns(batch)
        done, last = done + len(batch), batch[-1].pk
    return done


# --- one row's fields ------------------------------------------------------------------------------


def key_of(passage: Passage) -> Key:
    return passage.message_id, passage.action_id


def fields_of(turns: Sequence[Turn], messages: Iterable[Message], actions: Iterable[Action]) -> list[Fields]:
    """Of every message and card that says something, turn after turn."""
    by_pk = {turn.pk: turn for turn in turns}
    found: dict[int, list[Fields]] = {turn.pk: [] for turn in turns}
    for message in messages:
        turn = by_pk[message.turn_id]
        said = {"message_id": message.pk, "kind": message.type, "said_at": message.created_at}
        found[turn.pk].append(
            {**fields_of_turn(turn), **said, "folded": fold(text_of_message(message, turn))}
        )
    for action in actions:
        turn = by_pk[action.turn_id]
        said = {"action_id": action.pk, "kind": "action", "said_at": action.created_at}
        found[turn.pk].append({**fields_of_turn(turn), **said, "folded": fold(text_of_action(action))})
    return [fields for of_turn in found.values() for fields in of_turn if fields["folded"]]


def fields_of_turn(turn: Turn) -> Fields:
    return {**fields_of_conversation(turn.conversation), "turn_id": turn.pk}


def fields_of_conversation(conversation: Conversation) -> Fields:
    user_pk = conversation.user_id
    return {"conversation_id": conversation.pk, "user_id": user_pk, "owner": owner_of(user_pk)}


def fields_of_name(conversation: Conversation) -> Fields:
    said = {"kind": "name", "said_at": conversation.created_at, "folded": fold(conversation.name)}
    return {**fields_of_conversation(conversation), **said}
