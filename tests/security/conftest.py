"""Two people, a bot that both may use, and counts that begin at nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from accounts.models import User
from chatweb.models import Attachment, Bot, BotGrant, Connection, Conversation, CozeIdentity


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def files(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """Where copies of files are kept meanwhile."""
    folder = tmp_path / "files"
    storage = Attachment._meta.get_field("copy").storage
    monkeypatch.setattr(storage, "_location", str(folder))
    for cached in ("base_location", "location"):
        storage.__dict__.pop(cached, None)
    yield folder
    for cached in ("base_location", "location"):
        storage.__dict__.pop(cached, None)


@pytest.fixture
def connection(db) -> Connection:
    return Connection.objects.create(name="Coze", base_url="http://127.0.0.1:1", token="pat_demo")


@pytest.fixture
def ana(db) -> User:
    return User.objects.create_user("ana", "ana@example.com", "a long passphrase")


@pytest.fixture
def bot(connection, ana) -> Bot:
    bot = Bot.objects.create(connection=connection, upstream_id="7001", name="Echo")
    BotGrant.objects.create(bot=bot, user=ana)
    return bot


@pytest.fixture
def conversation(ana, bot) -> Conversation:
    identity = CozeIdentity.objects.current(ana, bot.connection)
    return Conversation.objects.create(user=ana, bot=bot, identity=identity, name="A talk")
