"""Before a question is asked again, the bot forgets the answer that is replaced (design, section 4).

History cannot be rewound upstream: the last question and its answers are deleted there, one by one, where the
API can. The upstream's own list says what is left, so that doing it again after a death does no harm.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatweb.models import Leg, Turn
from chatweb.turns import ledger
from chatweb.turns.states import TurnState
from chatweb.upstreams.errors import Missing, Unreachable, UpstreamError
from chatweb.upstreams.events import Message

if TYPE_CHECKING:
    from chatweb.turns.runner import Runner

logger = logging.getLogger(__name__)

MOST_ROUNDS = 3  # of listing and deleting; a list has fifty messages


@dataclass(frozen=True, slots=True)
class Replaced:
    """All older versions of a question, as the upstream may know them: one may have failed to delete another.

    `is_remembered`: some of it is in the bot's memory unless it is deleted.
    """

    turn_ids: frozenset[str]
    chat_ids: frozenset[str]
    is_remembered: bool

    def has(self, message: Message) -> bool:
        return message.chat_id in self.chat_ids or message.meta.get("turn") in self.turn_ids


def replaced_by(turn: Turn) -> Replaced | None:
    """What a turn replaces; None when the upstream never heard of it."""
    older: list[Turn] = []
    while (turn := turn.replaces) is not None:  # type: ignore[assignment]
        older.append(turn)
    if not older:
        return None
    legs = Leg.objects.filter(turn__in=older)
    asked = set(legs.values_list("turn", flat=True))
    if not asked:
        return None
    return Replaced(
        turn_ids=frozenset(str(one.uuid) for one in older),
        chat_ids=frozenset(legs.exclude(chat_id="").values_list("chat_id", flat=True)),
        is_remembered=any(one.pk in asked and not _is_forgotten(one) for one in older),
    )


def _is_forgotten(turn: Turn) -> bool:
    """A cancelled round leaves the model's context (wire-chat 5)."""
    return turn.state == TurnState.CANCELED and turn.stop_outcome == "forgotten"


async def make_room(runner: Runner) -> None:
    """Delete upstream what the runner's turn replaces; tabs are told when the bot sees both.

    Raises Unreachable: the question is not asked beside what should be gone.
    """
    replaced = runner.job.replaced
    if replaced is None or not runner.talk.has_conversation:
        return
    is_gone = runner.upstream.capabilities.deletes_messages and await _forget(runner, replaced)
    sees_replaced = replaced.is_remembered and not is_gone
    if sees_replaced != runner.feed.head["sees_replaced"]:
        await runner.writer.run(ledger.note_sees_replaced, runner.job.hold, sees_replaced)
        runner.feed.head["sees_replaced"] = sees_replaced
        runner.publish_turn()


async def _forget(runner: Runner, replaced: Replaced) -> bool:
    """Whether nothing of it is left."""
    user_id, conversation_id = runner.job.asked.user_id, runner.upstream_conversation_id
    upstream = runner.upstream
    for _ in range(MOST_ROUNDS):
        try:
            listed = await runner.patiently(
                lambda: upstream.newest_messages(user_id=user_id, conversation_id=conversation_id)
            )
        except Unreachable:
            raise
        except UpstreamError as error:
            logger.info("turn %s: looking for what it replaces: %s", runner.job.turn_id, error)
            return isinstance(error, Missing)
        left = [message.id for message in listed if replaced.has(message)]
        if not left:
            return True
        for message_id in left:
            await _delete(runner, message_id)
    return False


async def _delete(runner: Runner, message_id: str) -> None:
    """Raises Unreachable; whatever else it says, the list tells whether the message is gone."""
    try:
        await runner.patiently(
            lambda: runner.upstream.delete_message(
                user_id=runner.job.asked.user_id,
                conversation_id=runner.upstream_conversation_id,
                message_id=message_id,
            )
        )
    except Unreachable:
        raise
    except UpstreamError as error:
        logger.info("turn %s: deleting %s: %s", runner.job.turn_id, message_id, error)
