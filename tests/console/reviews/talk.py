"""Rows of a conversation for tests of the console: a user's question, an answer, and what went wrong."""

from __future__ import annotations

from uuid import uuid4

from accounts.models import User
from chatweb.models import Bot, Connection, Conversation, CozeIdentity, Leg, Message, Turn
from chatweb.turns.states import TurnState


def a_bot(name: str = "Support") -> Bot:
    connection, _ = Connection.objects.get_or_create(
        name="Coze", defaults={"base_url": "http://127.0.0.1:1", "token": "pat_x"}
    )
    return Bot.objects.create(connection=connection, upstream_id=uuid4().hex[:12], name=name)


def a_conversation(user: User, bot: Bot) -> Conversation:
    identity, _ = CozeIdentity.objects.get_or_create(user=user, connection=bot.connection)
    return Conversation.objects.create(user=user, bot=bot, identity=identity)


def a_turn(talk: Conversation, asked: str, answered: str = "", **fields: object) -> Turn:
    """The next turn, completed unless `state` says otherwise; without words there is no answer."""
    state = fields.pop("state", TurnState.COMPLETED)
    ordinal = talk.turns.count() + 1
    turn = Turn.objects.create(conversation=talk, client_id=uuid4(), ordinal=ordinal, state=state, **fields)
    leg = Leg.objects.create(turn=turn, chat_id=uuid4().hex, log_id=f"log{turn.pk}")
    said = {"conversation": talk, "turn": turn, "leg": leg}
    Message.objects.create(type="question", text=asked, ordinal=0, **said)
    if answered:
        Message.objects.create(type="answer", text=answered, ordinal=1, upstream_id=uuid4().hex, **said)
    return turn


def answer_of(turn: Turn) -> Message:
    return turn.messages.get(type="answer")
