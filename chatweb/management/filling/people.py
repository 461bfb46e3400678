"""Who the filled conversations belong to: connections that ask nobody, bots, groups, people, identities."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import User
from chatweb.models import Bot, BotGrant, Connection, CozeIdentity

NAME = "Filled"  # what everything made here is called by
CONNECTIONS, GROUPS = 3, 12
BOTS = [
    "Weather desk",
    "Order help",
    "Office help",
    "Travel planner",
    "天气助手",
    "订单客服",
    "报销助手",
    "旅行顾问",
    "HR answers",
    "IT support",
    "Contract reader",
    "Sales coach",
    "人事问答",
    "技术支持",
    "合同助手",
    "销售教练",
    "Night shift",
    "Onboarding",
    "Translator",
    "Lab notes",
    "夜班助手",
    "新人指南",
    "翻译",
    "实验记录",
]


@dataclass(frozen=True, slots=True)
class Cast:
    """Pks: who may talk to which bot as whom. `identity_of`: by user and connection."""

    users: list[int]
    bots: list[tuple[int, int]]  # with their connections
    identity_of: dict[tuple[int, int], int]


def make_cast(random: Random, user_count: int) -> Cast:
    """Inside the caller's transaction. The connections are switched off: nothing filled calls anybody."""
    connections = [
        Connection.objects.create(name=name, base_url="http://127.0.0.1:9", is_enabled=False)
        for name in names_of(Connection.objects.values_list("name", flat=True), CONNECTIONS)
    ]
    bots = Bot.objects.bulk_create(
        Bot(connection=connections[place % CONNECTIONS], upstream_id=f"74{place:017d}", name=name)
        for place, name in enumerate(BOTS)
    )
    users = make_users(random, user_count)
    groups = [Group.objects.get_or_create(name=f"{NAME} group {number:02d}")[0] for number in range(GROUPS)]
    User.groups.through.objects.bulk_create(
        User.groups.through(user=user, group=groups[place % GROUPS]) for place, user in enumerate(users)
    )
    BotGrant.objects.bulk_create(BotGrant(bot=bot, group=group) for bot in bots for group in groups)
    identities = CozeIdentity.objects.bulk_create(
        CozeIdentity(user=user, connection=connection) for user in users for connection in connections
    )
    return Cast(
        [user.pk for user in users],
        [(bot.pk, bot.connection_id) for bot in bots],
        {(one.user_id, one.connection_id): one.pk for one in identities},
    )


def make_users(random: Random, count: int) -> list[User]:
    """Nobody knows a password of theirs."""
    taken = User.objects.filter(username__startswith="filled").count()
    locked = make_password(None)
    return User.objects.bulk_create(
        User(
            username=f"filled{number:05d}",
            email=f"filled{number:05d}@example.invalid",
            full_name=f"{random.choice(FIRST)} {random.choice(LAST)}",
            password=locked,
        )
        for number in range(taken, taken + count)
    )


def names_of(taken: object, count: int) -> list[str]:
    """Free names: one may fill twice."""
    known = set(taken)  # type: ignore[call-overload]
    free = (f"{NAME} {number}" for number in range(1, 10**6))
    return [name for name, _ in zip((one for one in free if one not in known), range(count), strict=False)]


FIRST = [
    "Ana",
    "Bo",
    "Chen",
    "Dana",
    "Emil",
    "Fang",
    "Gita",
    "Hugo",
    "Ines",
    "Jun",
    "Kofi",
    "Lin",
    "Mei",
    "Nils",
    "Olga",
    "Pia",
    "Qing",
    "Rosa",
    "Sven",
    "Tao",
    "Uma",
    "Vera",
    "Wei",
    "Xu",
    "Yara",
    "Zoe",
]
LAST = [
    "Adler",
    "Berg",
    "Costa",
    "Diaz",
    "Engel",
    "Fischer",
    "Gao",
    "Huang",
    "Ito",
    "Jansen",
    "Kim",
    "Li",
    "Ma",
    "Novak",
    "Okoye",
    "Patel",
    "Qiu",
    "Rossi",
    "Silva",
    "Tan",
    "Ueda",
    "Vogel",
    "Wang",
    "Xie",
    "Yang",
    "Zhou",
]
