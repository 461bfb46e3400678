"""Two people with one bot, and conversations as rows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from accounts.models import User
from chatweb.models import Bot, Connection, Conversation, CozeIdentity, Message, Turn
from chatweb.search.index import index_turn
from chatweb.turns.states import TurnState

Say = Callable[..., Turn]


@pytest.fixture
def bot(db) -> Bot:
    connection = Connection.objects.create(name="Coze", base_url="http://127.0.0.1:1", token="pat_demo")
    return Bot.objects.create(connection=connection, upstream_id="7001", name="Weather 天气")


@pytest.fixture
def alice(db) -> User:
    return User.objects.create_user("alice", password="a long passphrase")


@pytest.fixture
def bob(db) -> User:
    return User.objects.create_user("bob", password="a long passphrase")


@pytest.fixture
def begin(bot: Bot) -> Callable[..., Conversation]:
    def begun(user: User, name: str = "A talk") -> Conversation:
        identity = CozeIdentity.objects.current(user, bot.connection)
        return Conversation.objects.create(user=user, bot=bot, identity=identity, name=name)

    return begun


@pytest.fixture
def say() -> Say:
    """A finished turn, indexed as the site does it."""

    def said(conversation: Conversation, question: str, answer: str = "", **fields: object) -> Turn:
        ordinal = conversation.turns.count() + 1
        turn = Turn.objects.create(
            conversation=conversation,
            client_id=uuid4(),
            ordinal=ordinal,
            **{"state": TurnState.COMPLETED, **fields},
        )
        message = {"conversation": conversation, "turn": turn, "created_at": turn.created_at}
        Message.objects.create(**message, type="question", text=question)
        if answer:
            Message.objects.create(**message, type="answer", ordinal=1, text=answer)
        index_turn(turn.pk)
        return turn

    return said
