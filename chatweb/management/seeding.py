"""What the demo site starts with: people, one connection, its bots, who may use them, and tools.

Idempotent: what is there stays as people left it, only the connection's address and token follow the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from accounts.models import User
from chatweb.models import Bot, BotGrant, Connection, Tool
from chatweb.turns.commands import import_bots

EVERYONE = "Everyone"
SIMULATED, REAL = "Coze simulator", "Coze"  # names of the connections


@dataclass(frozen=True, slots=True)
class Person:
    """A demo login: the password is the name."""

    name: str
    flags: tuple[str, ...] = ()


PEOPLE = (
    Person("demo"),
    Person("demo2"),
    Person("operator", ("is_operator",)),
    Person("admin", ("is_superuser", "is_staff")),
)


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where this run's bots are. `name` tells the simulator's connection from a real one."""

    name: str
    base_url: str
    token: str
    bot_id: str = ""


# Tools that the simulated bots call: one of each kind of card that a schema or a rule makes.
TOOLS: dict[str, dict[str, Any]] = {
    "read_photo": {
        "title_en": "Read a photo",
        "title_zh": "看一张照片",
        "icon": "📷",
        "mode": Tool.Mode.FORM,
        "schema": {
            "type": "object",
            "properties": {"image": {"type": "string", "format": "file", "description": "A photo"}},
            "required": ["image"],
        },
    },
    "book_umbrella": {
        "title_en": "Book an umbrella",
        "title_zh": "预订一把雨伞",
        "icon": "☂️",
        "mode": Tool.Mode.APPROVE,
        "approve_output": '{"approved": true}',
        "decline_output": '{"approved": false, "reason": "{reason}"}',
        "may_be_allowed": True,
    },
}


def seed_people() -> None:
    group, _ = Group.objects.get_or_create(name=EVERYONE)
    for person in PEOPLE:
        user = User.objects.filter(username=person.name).first()
        if user is None:
            user = _create(person)
        user.groups.add(group)


def _create(person: Person) -> User:
    user = User(username=person.name, email=f"{person.name}@example.invalid", is_demo=True)
    for flag in person.flags:
        setattr(user, flag, True)
    user.set_password(person.name)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def seed_tools() -> None:
    """Register them for all bots, unless an admin has an entry of that name already."""
    for name, rule in TOOLS.items():
        Tool.objects.get_or_create(bot=None, name=name, defaults=rule)


def host_chatflows(connection: Connection) -> None:
    """No upstream says which bot a chatflow runs in; in the demo their names do."""
    for flow in connection.bots.filter(kind=Bot.Kind.CHATFLOW, host_bot_id="", app_id=""):
        hosts = [
            bot.upstream_id
            for bot in connection.bots.filter(kind=Bot.Kind.BOT)
            if flow.name.startswith(f"{bot.name} ")
        ]
        if len(hosts) == 1:
            connection.bots.filter(pk=flow.pk).update(host_bot_id=hosts[0], is_enabled=True)


def seed_bots(upstream: Upstream) -> int:
    """Read the upstream's bots and grant to everyone what is granted to nobody; the number of bots there are.

    The other demo connections are switched off: their bots live at an address that is not served now.
    A chatflow without a place is hosted by the bot whose name its own begins with, if there is one such bot.
    Raises UpstreamError when the upstream cannot be read; what is known of its bots stays.
    """
    connection, _ = Connection.objects.update_or_create(
        name=upstream.name,
        defaults={"base_url": upstream.base_url, "token": upstream.token, "is_enabled": True},
    )
    Connection.objects.filter(name__in=(SIMULATED, REAL)).exclude(pk=connection.pk).update(is_enabled=False)
    import_bots(connection, upstream.bot_id)
    host_chatflows(connection)
    return open_to_everyone(connection)


def open_to_everyone(connection: Connection) -> int:
    """Grant what can be asked and is granted to nobody; how many bots can be asked."""
    bots = connection.bots.filter(is_enabled=True)
    group = Group.objects.get(name=EVERYONE)
    for bot in bots.filter(grants=None):
        BotGrant.objects.create(bot=bot, group=group)
    return len(bots)
