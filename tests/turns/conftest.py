"""A user with one conversation, as rows."""

import pytest

from accounts.models import User
from chatweb.models import Bot, BotGrant, Connection, Conversation, CozeIdentity


@pytest.fixture
def connection(db) -> Connection:
    return Connection.objects.create(name="Coze", base_url="http://127.0.0.1:1", token="pat_demo")


@pytest.fixture
def bot(connection) -> Bot:
    return Bot.objects.create(connection=connection, upstream_id="7001", name="Echo")


@pytest.fixture
def alice(db) -> User:
    return User.objects.create_user("alice", password="a long passphrase")


@pytest.fixture
def conversation(alice, bot) -> Conversation:
    BotGrant.objects.create(bot=bot, user=alice)
    identity = CozeIdentity.objects.current(alice, bot.connection)
    return Conversation.objects.create(user=alice, bot=bot, identity=identity, name="A talk")
