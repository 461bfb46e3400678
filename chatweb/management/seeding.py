"""What the demo site starts with: people, one connection, its bots and who may use them.

Idempotent: what is there stays as people left it, only the connection's address and token follow the run.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from accounts.models import User
from chatweb.models import BotGrant, Connection
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


def seed_bots(upstream: Upstream) -> int:
    """Read the upstream's bots and grant to everyone what is granted to nobody; the number of bots there are.

    The other demo connections are switched off: their bots live at an address that is not served now.
    Raises UpstreamError when the upstream cannot be read; what is known of its bots stays.
    """
    connection, _ = Connection.objects.update_or_create(
        name=upstream.name,
        defaults={"base_url": upstream.base_url, "token": upstream.token, "is_enabled": True},
    )
    Connection.objects.filter(name__in=(SIMULATED, REAL)).exclude(pk=connection.pk).update(is_enabled=False)
    import_bots(connection, upstream.bot_id)
    bots = connection.bots.filter(is_enabled=True)
    group = Group.objects.get(name=EVERYONE)
    for bot in bots.filter(grants=None):
        BotGrant.objects.create(bot=bot, group=group)
    return len(bots)
