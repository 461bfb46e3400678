"""What an address of the figures asks for: which days, whose, of which bot, compared by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext

from chatweb.models import Bot

from .period import LONGEST_DAYS, LONGEST_DAYS_BY_HOUR, LONGEST_DAYS_COMPARED, Period, period_of

RANGES = (7, 30, 90)
DEFAULT_DAYS = 30
SPLITS = ("bot", "group")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`problems` are sentences about what was asked for and is not shown."""

    period: Period
    days: int | None  # None: dates of one's own
    bot: Bot | None
    group: Group | None
    split: str
    problems: tuple[str, ...]

    @property
    def query(self) -> dict[str, str]:
        """The same as an address says it."""
        own = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        said = {
            **({"days": str(self.days)} if self.days else own),
            "by": "hour" if self.period.by_hour else "",
            "bot": str(self.bot.uuid) if self.bot else "",
            "group": self.group.name if self.group else "",
            "split": self.split,
        }
        return {name: value for name, value in said.items() if value}


def wanted_in(query: Mapping[str, str]) -> Wanted:
    """Three queries at most. What is not understood is said and left out."""
    problems: list[str] = []
    first, last, days = dates_in(query, problems)
    by_hour = query.get("by") == "hour"
    if by_hour and (last - first).days >= LONGEST_DAYS_BY_HOUR:
        by_hour = False
        problems.append(
            gettext("Hours are shown for up to %(days)s days; this shows days.")
            % {"days": LONGEST_DAYS_BY_HOUR}
        )
    bot, group = bot_in(query), Group.objects.filter(name=query.get("group", "")).first()
    if query.get("bot") and bot is None:
        problems.append(gettext("There is no such bot; this shows all of them."))
    if query.get("group") and group is None:
        problems.append(gettext("There is no such group; this shows everybody."))
    split = split_in(query, first, last, problems)
    period = period_of(first, last, timezone.get_current_timezone(), by_hour)
    return Wanted(period, days, bot, group, split, tuple(problems))


def split_in(query: Mapping[str, str], first: date, last: date, problems: list[str]) -> str:
    split = query.get("split", "")
    if split not in SPLITS:
        return ""
    if (last - first).days >= LONGEST_DAYS_COMPARED:
        problems.append(
            gettext("Bots and groups are compared over up to %(days)s days; this shows them together.")
            % {"days": LONGEST_DAYS_COMPARED}
        )
        return ""
    return split


def dates_in(query: Mapping[str, str], problems: list[str]) -> tuple[date, date, int | None]:
    """The first and last day, and of how many days ending today that is a choice."""
    today = timezone.localdate()
    days = query.get("days", "")
    if days.isascii() and days.isdigit() and int(days) in RANGES:
        return today - timedelta(days=int(days) - 1), today, int(days)
    if query.get("from") or query.get("to"):
        first, last = day_in(query.get("from", "")), day_in(query.get("to", "")) or today
        if first is not None and first <= last < first + timedelta(days=LONGEST_DAYS):
            return first, last, None
        problems.append(
            gettext("Give two dates, the earlier one first, at most %(days)s days apart.")
            % {"days": LONGEST_DAYS}
        )
    return today - timedelta(days=DEFAULT_DAYS - 1), today, DEFAULT_DAYS


def day_in(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def bot_in(query: Mapping[str, str]) -> Bot | None:
    try:
        return Bot.objects.filter(uuid=UUID(query.get("bot", ""))).first()
    except ValueError:
        return None
