"""Quotas in words, in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatweb.models import Bot

from .standing import Standing

USED = {
    ("messages", "day"): _("%(used)s of %(most)s messages today"),
    ("messages", "month"): _("%(used)s of %(most)s messages this month"),
    ("tokens", "day"): _("%(used)s of %(most)s tokens today"),
    ("tokens", "month"): _("%(used)s of %(most)s tokens this month"),
    ("files", "day"): _("%(used)s of %(most)s files today"),
    ("files", "month"): _("%(used)s of %(most)s files this month"),
}


def number(value: int) -> str:
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def used_of(standing: Standing) -> str:
    """`8 of 10 messages today`."""
    words = USED[standing.limit.unit, standing.limit.period]
    return str(words) % {"used": number(standing.used), "most": number(standing.limit.most)}


def when(moment: datetime) -> str:
    """`at 09:00 your time`, with the day where that is not today."""
    there, today = timezone.localtime(moment), timezone.localdate()
    words = {
        "time": formats.time_format(there, "H:i"),
        "date": formats.date_format(there, "MONTH_DAY_FORMAT"),
    }
    if there.date() == today:
        return gettext("at %(time)s your time") % words
    if (there.date() - today).days == 1:
        return gettext("tomorrow at %(time)s your time") % words
    return gettext("on %(date)s at %(time)s your time") % words


def warning(standing: Standing, bot: Bot) -> str:
    """For the line at the composer."""
    words = {"used": used_of(standing), "when": when(standing.resets_at), "bot": bot.name}
    if standing.limit.bot_pk is None:
        return gettext("%(used)s, resets %(when)s.") % words
    return gettext("%(bot)s: %(used)s, resets %(when)s.") % words


def refusal(standing: Standing, bot: Bot) -> str:
    """Why a question is not asked."""
    words = {"used": used_of(standing), "when": when(standing.resets_at), "bot": bot.name}
    if not standing.is_reached:  # some files would still fit
        return gettext("That is more than your quota has left (%(used)s). It resets %(when)s.") % words
    if standing.limit.bot_pk is None:
        return gettext("Your quota is used up: %(used)s. It resets %(when)s.") % words
    return gettext("Your quota for %(bot)s is used up: %(used)s. It resets %(when)s.") % words


def most_urgent(standings: Sequence[Standing]) -> Standing | None:
    """What the line tells of: what is reached, the longest first, else what is nearest to it."""
    told = [one for one in standings if one.is_near or one.is_reached]
    reached = [one for one in told if one.is_reached]
    if reached:
        return max(reached, key=lambda one: one.resets_at)
    return max(told, key=lambda one: one.share, default=None)
