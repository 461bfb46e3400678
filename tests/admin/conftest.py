"""The ladder of people, and one of each thing an admin looks at."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption
from cryptography.hazmat.primitives.serialization import PrivateFormat as Format
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from chatweb.models import (
    Action,
    Allowance,
    Attachment,
    Bot,
    BotGrant,
    Connection,
    Conversation,
    CozeIdentity,
    Decision,
    Errand,
    Feedback,
    FeedbackReason,
    Leg,
    Message,
    Tool,
    Turn,
)

TOKEN = "pat_VerySecretTokenOfTheTeam3f2a"
SAID = "the password of the safe is swordfish"


@pytest.fixture
def ana(db) -> User:
    return User.objects.create_user("ana", "ana@example.com", full_name="Ana María")


@pytest.fixture
def superuser(db) -> User:
    return User.objects.create_superuser("root", "root@example.com")


@pytest.fixture
def helpdesk(db) -> User:
    """An admin who is no superuser: may do everything the admin offers, by permissions."""
    user = User.objects.create_user("helpdesk", is_staff=True)
    user.user_permissions.set(Permission.objects.all())
    return user


@pytest.fixture
def root(superuser) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def connection(db) -> Connection:
    return Connection.objects.create(name="Coze", base_url="https://api.coze.cn", token=TOKEN)


@pytest.fixture
def talk(ana, connection) -> SimpleNamespace:
    """One conversation with a failed turn, and every id by which somebody may ask for it."""
    bot = Bot.objects.create(connection=connection, upstream_id="7430000000000000001", name="Helper")
    group = Group.objects.create(name="Everyone")
    grant = BotGrant.objects.create(bot=bot, group=group)
    identity = CozeIdentity.objects.current(ana, connection)
    conversation = Conversation.objects.create(
        user=ana, bot=bot, identity=identity, upstream_id="7550000000000000001", name="Trip to Oslo"
    )
    turn = Turn.objects.create(
        conversation=conversation, client_id=conversation.uuid, ordinal=1, state="failed",
        error_code="4011", log_id="20241210152726467C48D89D6DB2F3AF58",
    )  # fmt: skip
    leg = Leg.objects.create(turn=turn, chat_id="7660000000000000001", log_id="2024LEG", execute_id="7770001")
    message = Message.objects.create(
        conversation=conversation, turn=turn, leg=leg, type="question", text=SAID, upstream_id="7880001"
    )
    errand = Errand.objects.create(conversation=conversation, kind="rename", last_error="4100 refused")
    tool = Tool.objects.create(
        bot=bot, name="read_meter", is_registered=False, seen_count=3, sample_arguments='{"room": "<b>7</b>"}'
    )
    allowance = Allowance.objects.create(conversation=conversation, name="open_door")
    action = Action.objects.create(
        turn=turn, leg=leg, kind="tool_call", name="read_meter", arguments='{"room": "<b>7</b>"}', output=SAID
    )
    decision = Decision.objects.create(
        action=action, decision="answered", user=ana, device="Firefox · Android",
        arguments_sha256="a" * 64, output_sha256="b" * 64,
    )  # fmt: skip
    attachment = Attachment.objects.create(
        user=ana, connection=bot.connection, conversation=conversation,
        upstream_id="7990001", name="meter.png", mime="image/png", size_bytes=9,
    )  # fmt: skip
    answer = Message.objects.create(
        conversation=conversation, turn=turn, leg=leg, type="answer", text=SAID, upstream_id="7880002"
    )
    feedback = Feedback.objects.create(
        message=answer, user=ana, rating="bad", comment="Oslo is <i>colder</i>", sync_state="failed",
        attempts=8, last_error="4101 refused",
    )  # fmt: skip
    feedback.reasons.add(FeedbackReason.objects.get(title_en="Incomplete"))
    return SimpleNamespace(
        answer=answer, feedback=feedback,
        tool=tool, allowance=allowance, action=action, decision=decision, attachment=attachment,
        bot=bot, group=group, grant=grant, identity=identity, conversation=conversation,
        turn=turn, leg=leg, message=message, errand=errand,
    )  # fmt: skip


def pem(kind: str) -> str:
    """A private key in PEM form: rsa, ec, or rsa locked with a password."""
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    lock = BestAvailableEncryption(b"x") if kind == "locked" else NoEncryption()
    return key.private_bytes(Encoding.PEM, Format.PKCS8, lock).decode()
