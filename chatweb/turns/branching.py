"""What a branch remembers: its conversation upstream begins with some of what the old one said (M-008)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatweb.models import Action, Bot, Copied, Message, Turn
from chatweb.turns.connections import can_of
from chatweb.turns.states import ActionState, TurnState
from chatweb.upstreams.client import MOST_TO_BEGIN_WITH, Said

TALKED_TO = (Bot.Kind.BOT, Bot.Kind.ASSISTANT)


def memory_of(bot: Bot) -> int:
    """With how many messages at most a branch with the bot begins upstream; 0 where it begins empty."""
    if not can_of(bot.connection).begins_with_messages:
        return 0
    # The conversation of an app's chatflow is made by another call, which takes none (wire-supplement 3.2).
    has_memory = bot.kind in TALKED_TO or (bot.kind == Bot.Kind.CHATFLOW and not bot.app_id)
    return MOST_TO_BEGIN_WITH if has_memory else 0


def words_of(question: str, answers: Iterable[Message], actions: Iterable[Action]) -> list[Said]:
    """A turn as the bot is to remember it: what was asked, answered, asked back and replied."""
    said = [((0, 0, 0), Said("user", question))]
    texts = [answer for answer in answers if answer.content_type == "text"]
    said += [((answer.ordinal, 0, 0), Said("assistant", answer.text)) for answer in texts]
    for action in actions:
        if action.kind != Action.Kind.QUESTION or action.state != ActionState.ANSWERED:
            continue
        place = (action.after, action.round, action.ordinal)
        asked = action.question.get("text", "")
        # Some channels say a question before they ask it.
        if not any(one.text.strip() == asked.strip() for one in texts if one.ordinal <= action.after):
            said.append((place, Said("assistant", asked)))
        said.append((place, Said("user", action.output)))
    return [one for _, one in sorted(said, key=lambda placed: placed[0]) if one.text.strip()]


def words_of_rows(turn: Turn) -> list[Said]:
    """The same from the database."""
    messages = list(Message.objects.filter(turn=turn, type__in=["question", "answer"]))
    question = next((one.text for one in messages if one.type == "question"), "")
    answers = [one for one in messages if one.type == "answer"]
    return words_of(question, answers, Action.objects.filter(turn=turn))


def remembered_of(turns: Sequence[Turn], section: int, most: int) -> set[int]:
    """Pks of the newest turns that fit whole into `most` messages; only what the bot remembered itself.

    `turns`: those before the question, oldest first; `section`: the question's.
    """
    chosen: set[int] = set()
    for turn in reversed(turns):
        if turn.section != section:
            break
        if turn.state != TurnState.COMPLETED or turn.copied == Copied.FORGOTTEN:
            continue
        most -= len(words_of_rows(turn))
        if most < 0:
            break
        chosen.add(turn.pk)
    return chosen


def remembered_by(turn: Turn) -> list[Said]:
    """What the conversation of a branch begins with; nothing once its context was cleared."""
    copies = Turn.objects.filter(
        conversation=turn.conversation_id, section=turn.section, copied=Copied.REMEMBERED
    )
    return [said for copy in copies.order_by("ordinal") for said in words_of_rows(copy)]
