"""Where a person stands with their quotas, and whether one more question fits (M-092).

Counted from the figures of turns each time, so that nothing counted up can be wrong. A question that failed
before the bot said or used anything does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from chatweb.database.prepared import Prepared
from chatweb.models import Bot, Quota, Turn, TurnFigures
from chatweb.turns.states import TurnState

from .limits import EVERYBODY, GROUP, OWN, Limit, Row, holding
from .periods import begun, ends

NEAR_PERCENT = 80
CAME_TO_NOTHING = Q(state__in=[TurnState.FAILED, TurnState.LOST], first_token_ms=None, tokens=0, call_count=0)


@dataclass(frozen=True, slots=True)
class Standing:
    limit: Limit
    used: int
    resets_at: datetime

    @property
    def is_reached(self) -> bool:
        return self.used >= self.limit.most

    @property
    def is_near(self) -> bool:
        return self.used * 100 >= self.limit.most * NEAR_PERCENT

    @property
    def share(self) -> float:
        return self.used / self.limit.most if self.limit.most else 1.0

    def has_room(self, file_count: int) -> bool:
        """For one more question with so many files. What it will use of tokens nobody knows before."""
        more = {Quota.Unit.MESSAGES: 1, Quota.Unit.FILES: file_count}.get(Quota.Unit(self.limit.unit))
        if more is None:
            return not self.is_reached
        return more == 0 or self.used + more <= self.limit.most


OF_BOT = Prepared(lambda user_pk, bot_pk: Quota.objects.of(User(pk=user_pk), Bot(pk=bot_pk)))


def limits_of(user: User, bot: Bot | None = None) -> list[Limit]:
    """What holds for the person with a bot; without one, everywhere."""
    rows = list(Quota.objects.of(user)) if bot is None else OF_BOT(user.pk, bot.pk)
    return holding(
        Row(_closeness(quota), quota.bot_id, quota.unit, quota.period, quota.limit) for quota in rows
    )


def _closeness(quota: Quota) -> int:
    if quota.user_id is not None:
        return OWN
    return EVERYBODY if quota.group_id is None else GROUP


def standings(user: User, limits: Iterable[Limit], before: Turn | None = None) -> list[Standing]:
    """What the person has used of each limit, in one query. `before`: only by questions older than that."""
    limits = list(limits)
    if not limits:
        return []
    now, zone = timezone.now(), timezone.get_default_timezone()
    starts = {limit.period: begun(limit.period, now, zone) for limit in limits}
    asked: QuerySet[TurnFigures] = TurnFigures.objects.filter(user=user, asked_at__gte=min(starts.values()))
    if before is not None:
        asked = asked.filter(turn__lt=before.pk)
    sums = {f"n{at}": _used(limit, starts[limit.period]) for at, limit in enumerate(limits)}
    used = asked.exclude(CAME_TO_NOTHING).aggregate(**sums)
    return [
        Standing(limit, used[f"n{at}"] or 0, ends(limit.period, now, zone)) for at, limit in enumerate(limits)
    ]


def _used(limit: Limit, start: datetime) -> Any:
    mine = Q(asked_at__gte=start)
    if limit.bot_pk is not None:
        mine &= Q(bot=limit.bot_pk)
    if limit.unit == Quota.Unit.MESSAGES:
        return Count("pk", filter=mine)
    return Sum("tokens" if limit.unit == Quota.Unit.TOKENS else "file_count", filter=mine)


def spent(user: User, bot: Bot, file_count: int, before: Turn | None = None) -> Standing | None:
    """The quota that has no room for one more question, the one that resets last of several; None: it fits.

    Inside a transaction that makes or takes a turn: where a quota holds, one question of a person is counted
    after the other.
    """
    limits = limits_of(user, bot)
    if not limits:
        return None
    # SQLite has one writer anyway. Rows that only point at the user do not wait.
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
    full = [one for one in standings(user, limits, before) if not one.has_room(file_count)]
    return max(full, key=lambda one: one.resets_at, default=None)
