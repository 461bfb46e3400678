"""Fills an empty database of the product for the bench: people, sessions, a bot, an old conversation each.

Runs in the product's environment: `python -m bench.seed --people N --upstream URL`; prints one JSON object.
Everyone has the same password hash: 1000 Argon2 rounds would measure Argon2.
"""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:  # the models may be imported only once Django is set up
    from accounts.models import User
    from chatweb.models import Bot

PASSWORD = "bench-bench-bench"
NAME = "bench{}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatweb.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(fill(arguments.people, arguments.upstream)))


def fill(count: int, upstream_url: str) -> dict[str, object]:
    """{"bot": uuid, "password": text, "people": [{"name", "session", "conversation"}], "long": uuid}"""
    from django.conf import settings
    from django.db import transaction

    from bench.long_conversation import make_long_conversation

    with transaction.atomic():
        users = make_users(count)
        bot = make_bot(users, upstream_url)
        sessions = [make_session(user) for user in users]
        conversations = make_conversations(users, bot)
        long = make_long_conversation(users[0], bot)
    people = [
        {"name": user.username, "session": session, "conversation": conversation}
        for user, session, conversation in zip(users, sessions, conversations, strict=True)
    ]
    cookie = settings.SESSION_COOKIE_NAME
    return {
        "bot": str(bot.uuid),
        "password": PASSWORD,
        "session_cookie": cookie,
        "people": people,
        "long": long,
    }


def make_users(count: int) -> list[User]:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    password = make_password(PASSWORD)
    User.objects.bulk_create(
        User(username=NAME.format(n), email=f"bench{n}@bench.invalid", password=password)
        for n in range(count)
    )
    users = list(User.objects.order_by("pk"))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return users


def make_bot(users: list[User], upstream_url: str) -> Bot:
    from bench.answers import BOT_ID
    from chatweb.models import Bot, BotGrant, Connection

    connection = Connection.objects.create(name="Bench", base_url=upstream_url, token="pat_bench")
    bot = Bot.objects.create(connection=connection, upstream_id=BOT_ID, name="Bench")
    BotGrant.objects.bulk_create(BotGrant(bot=bot, user=user) for user in users)
    return bot


def make_session(user: User) -> str:
    """What signing in leaves behind; the sign-in itself is rate-limited an address."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def make_conversations(users: list[User], bot: Bot) -> list[str]:
    """One finished turn each: what an idle tab follows."""
    from django.utils import timezone

    from chatweb.models import Conversation, CozeIdentity, Message, Turn

    now = timezone.now()
    conversations, messages = [], []
    for user in users:
        identity = CozeIdentity.objects.current(user, bot.connection)
        conversation = Conversation.objects.create(user=user, bot=bot, identity=identity, name="Old")
        turn = Turn.objects.create(
            conversation=conversation,
            client_id=conversation.client_id,
            ordinal=1,
            state="completed",
            ended_at=now,
        )
        for ordinal, type_ in enumerate(("question", "answer")):
            row = Message(
                conversation=conversation, turn=turn, ordinal=ordinal, type=type_, text="Hello. " * 20
            )
            messages.append(row)
        conversations.append(str(conversation.uuid))
    Message.objects.bulk_create(messages)
    return conversations


if __name__ == "__main__":
    main()
