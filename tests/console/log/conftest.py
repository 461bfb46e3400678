"""People of every kind, and conversations they had, for the console's pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from chatweb.models import Action, Bot, Connection, Conversation, CozeIdentity, Feedback, Leg, Message, Turn
from chatweb.models.reckoning import reckon
from chatweb.search.index import index_turn

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def log(db) -> SimpleNamespace:
    """Two people, two bots; `talk` adds a conversation of one turn, `operator` and the others are clients."""
    olga = User.objects.create(username="olga", is_operator=True)
    ana = User.objects.create(username="ana", full_name="Ana Lima", email="ana@example.com")
    bo = User.objects.create(username="bo", full_name="Bo Chen", email="bo@example.com")
    group = Group.objects.create(name="Berlin")
    ana.groups.add(group)
    connection = Connection.objects.create(name="Coze", base_url="https://api.coze.cn")
    weather = Bot.objects.create(connection=connection, upstream_id="1", name="Weather")
    travel = Bot.objects.create(connection=connection, upstream_id="2", name="旅行助手")
    return SimpleNamespace(
        olga=olga, ana=ana, bo=bo, group=group, weather=weather, travel=travel,
        operator=client_of(olga), owner=client_of(ana), stranger=Client(),
        admin=client_of(User.objects.create_superuser("root", "root@example.com")),
        talk=lambda *said, **facts: talk(ana, weather, *said, **facts),
        talk_of=talk,
    )  # fmt: skip


def talk(user: User, bot: Bot, question: str, answer: str = "Yes.", **facts) -> Conversation:
    """A conversation of one turn.

    `facts`: name, asked_at, seconds, tokens, state, error, tool, rating, comment, deleted.
    """
    at = facts.get("asked_at", NOON)
    conversation = Conversation.objects.create(
        user=user,
        bot=bot,
        identity=CozeIdentity.objects.current(user, bot.connection),
        name=facts.get("name", ""),
        last_asked_at=at,
        deleted_at=at if facts.get("deleted") else None,
    )
    add_turn(conversation, question, answer, **{**facts, "asked_at": at})
    return conversation


def add_turn(conversation: Conversation, question: str, answer: str = "Yes.", **facts) -> Turn:
    at, state = facts.get("asked_at", NOON), facts.get("state", "completed")
    ended_at = None if state == "waiting" else at + timedelta(seconds=facts.get("seconds", 2))
    turn = Turn.objects.create(
        conversation=conversation,
        client_id=uuid4(),
        ordinal=conversation.turns.count() + 1,
        state=state,
        error_code=facts.get("error", ""),
        created_at=at,
        started_at=at,
        ended_at=ended_at,
    )
    leg = Leg.objects.create(
        turn=turn, started_at=at, ended_at=ended_at, token_count=facts.get("tokens", 100)
    )
    said = {"conversation": conversation, "turn": turn, "created_at": at}
    Message.objects.create(type="question", text=question, **said)
    if tool := facts.get("tool"):
        called = {"kind": "tool_call", "name": tool, "created_at": at, "answered_at": at}
        Action.objects.create(turn=turn, leg=leg, **called)
    said = Message.objects.create(type="answer", text=answer, leg=leg, ordinal=1, **said)
    if facts.get("rating"):
        Feedback.objects.create(
            message=said, user=conversation.user, rating=facts["rating"], comment=facts.get("comment", "")
        )
    index_turn(turn.pk)
    reckon(turn.pk)
    return turn
