"""Why somebody can or cannot use a bot: the path that leads there, and what stands in it (M-089)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from accounts.models import User
from chatweb.lists import listed
from chatweb.models import Bot, BotGrant


@dataclass(frozen=True, slots=True)
class Path:
    """`sources`: where the grant comes from. `obstacles`: what forbids the use all the same; in words."""

    bot: Bot
    sources: tuple[str, ...]
    obstacles: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return bool(self.sources) and not self.obstacles


def paths_of(person: User, bots: Iterable[Bot]) -> list[Path]:
    """One for each bot, which came with its connection; two queries for all of them."""
    granted = BotGrant.objects.filter(Q(user=person) | Q(group__in=person.groups.all()))
    directly: set[int] = set()
    groups: dict[int, list[str]] = {}
    for bot_pk, group in granted.order_by("group__name").values_list("bot", "group__name"):
        if group is None:
            directly.add(bot_pk)
        else:
            groups.setdefault(bot_pk, []).append(group)
    closed = obstacles_of(person)
    return [
        Path(bot, sources_in(bot.pk in directly, groups.get(bot.pk, [])), (*closed, *obstacles_at(bot)))
        for bot in bots
    ]


def sources_in(is_direct: bool, groups: list[str]) -> tuple[str, ...]:
    own = (gettext("granted to the person"),) if is_direct else ()
    if not groups:
        return own
    if len(groups) == 1:
        return (*own, gettext("granted to the group “%(name)s”, which they are in") % {"name": groups[0]})
    return (*own, gettext("granted to the groups %(names)s, which they are in") % {"names": listed(groups)})


def obstacles_of(person: User) -> tuple[str, ...]:
    found = []
    if not person.is_active:
        found.append(gettext("the account is switched off"))
    if not person.is_approved:
        found.append(gettext("the account waits for approval"))
    return tuple(found)


def obstacles_at(bot: Bot) -> tuple[str, ...]:
    found = []
    if not bot.is_enabled:
        found.append(gettext("the bot is switched off"))
    if not bot.connection.is_enabled:
        found.append(gettext("its connection “%(name)s” is switched off") % {"name": bot.connection})
    return tuple(found)
