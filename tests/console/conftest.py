"""People and one conversation with everything in it that an operator may need."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from chatweb.models import (
    Action,
    Attachment,
    Bot,
    Connection,
    Conversation,
    CozeIdentity,
    Decision,
    Event,
    Feedback,
    FeedbackReason,
    Leg,
    Message,
    Tool,
    Turn,
)

ASKED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = "k_a1b2c3d4e5f60718"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def olga(db) -> User:
    return User.objects.create_user("olga", is_operator=True, full_name="Olga Ortiz")


@pytest.fixture
def ana(db) -> User:
    return User.objects.create_user("ana", "ana.lima@example.com", full_name="Ana Lima")


@pytest.fixture
def operator(olga) -> Client:
    return signed_in(olga)


@pytest.fixture
def bot(db) -> Bot:
    connection = Connection.objects.create(name="Coze cn", base_url="https://api.coze.cn")
    return Bot.objects.create(connection=connection, upstream_id="7430000000000000001", name="Helper")


@pytest.fixture
def conversation(ana, bot) -> Conversation:
    identity = CozeIdentity.objects.create(user=ana, connection=bot.connection, key=KEY)
    return Conversation.objects.create(
        user=ana,
        bot=bot,
        identity=identity,
        upstream_id="7550000000000000001",
        name="Rain in Oslo",
        asked_values={"parameters": {"city": "Oslo", "phone": "13812345678"}},
    )


def ask(conversation: Conversation, number: int, minutes: float = 0, text: str = "", **more) -> Turn:
    """A turn with its question, that many minutes after the first."""
    asked = ASKED + timedelta(minutes=minutes)
    values = {"state": "completed", "created_at": asked, "ended_at": asked + timedelta(seconds=4)}
    turn = Turn.objects.create(
        conversation=conversation, client_id=uuid4(), ordinal=number, **{**values, **more}
    )
    say(turn, "question", text or f"question {number}", ordinal=0)
    return turn


def say(turn: Turn, kind: str, text: str, ordinal: int = 1, **more) -> Message:
    return Message.objects.create(
        conversation=turn.conversation, turn=turn, type=kind, text=text, ordinal=ordinal, **more
    )


@pytest.fixture
def talk(conversation, ana) -> SimpleNamespace:
    """A call of a tool that a person answered, a bad rating, a failure, and a cleared context."""
    first = ask(
        conversation,
        1,
        text="Rain in Oslo? My number is 13812345678",
        started_at=ASKED + timedelta(seconds=1),
        first_token_at=ASKED + timedelta(seconds=2),
        ended_at=ASKED + timedelta(seconds=70),
    )
    first.files.add(
        Attachment.objects.create(
            user=ana, connection=conversation.bot.connection, conversation=conversation,
            upstream_id="799", name="for ana.lima@example.com.pdf", mime="application/pdf", size_bytes=9,
        )
    )  # fmt: skip
    leg = Leg.objects.create(
        turn=first, kind="chat", chat_id="766001", log_id="LOG001", debug_url="https://www.coze.cn/debug/1",
        token_count=30, input_count=20, output_count=10, delta_count=7,
        started_at=ASKED + timedelta(seconds=1), first_delta_at=ASKED + timedelta(seconds=2),
        ended_at=ASKED + timedelta(seconds=3),
    )  # fmt: skip
    Leg.objects.create(
        turn=first, ordinal=1, kind="submit", chat_id="766001", debug_url="javascript:alert(1)"
    )
    say(first, "function_call", '{"name": "chance_of_rain", "arguments": {"city": "Oslo"}}', 1)
    tool = Tool.objects.create(bot=conversation.bot, name="chance_of_rain", title_en="Chance of rain")
    action = Action.objects.create(
        turn=first, leg=leg, kind="tool_call", name="chance_of_rain", after=1, state="answered",
        decision="answered", arguments='{"city": "Oslo", "call": 13812345678}', output="80, ask 13912345678",
        answered_by=ana, answered_at=ASKED + timedelta(seconds=63), created_at=ASKED + timedelta(seconds=3),
    )  # fmt: skip
    Decision.objects.create(
        action=action, decision="answered", user=ana, device="Firefox · Android",
        arguments_sha256="a" * 64, output_sha256="b" * 64,
    )  # fmt: skip
    say(first, "tool_response", "80 percent", 2)
    answer = say(
        first, "answer", "Hello **Ana Lima**, write to oslo@example.com", 3, reasoning="She is at 13812345678"
    )
    say(first, "verbose", '{"msg_type": "generate_answer_finish", "data": "{}"}', 4)
    say(first, "follow_up", "And tomorrow?", 5)
    rating = Feedback.objects.create(
        message=answer, user=ana, rating="bad", comment="Wrong, call 13812345678 <b>now</b>"
    )
    rating.reasons.add(FeedbackReason.objects.get(title_en="Incomplete"))
    data = '{"content": "{\\"phone\\": \\"13812345678\\"}", "bot_id": "7430000000000000001"}'
    for place, name in enumerate(["conversation.chat.created", "conversation.message.completed", "done"]):
        at = ASKED + timedelta(seconds=1.5 + place)
        Event.objects.create(turn=first, leg=leg, name=name, data=data if place else "{}", received_at=at)
    second = ask(
        conversation, 2, minutes=30, state="failed", section=1, error_reason="quota", error_code="4011",
        error_message="no credit of ana.lima@example.com", log_id="LOG002",
    )  # fmt: skip
    conversation.section = 1
    conversation.save()
    return SimpleNamespace(
        conversation=conversation,
        first=first,
        second=second,
        action=action,
        answer=answer,
        tool=tool,
        leg=leg,
    )
