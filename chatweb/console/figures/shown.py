"""Figures and moments in the reader's language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, pgettext

from .measures import Unit, Value

SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1000, 60_000, 3_600_000, 86_400_000
NOTHING = "–"


def shown(value: Value, unit: Unit) -> str:
    if value is None:
        return NOTHING
    if unit is Unit.MS:
        return shown_ms(value)
    if unit is Unit.SHARE:
        return gettext("%(number)s%%") % {"number": number(value * 100, 1)}
    if unit is Unit.MONEY:
        return number(value, 2 if value >= 1 or not value else 4)
    return number(value)


def number(value: float, decimals: int = 0) -> str:
    return written(round(value, decimals), decimals, get_language())


@lru_cache(maxsize=10_000)
def written(value: float, decimals: int, language: str | None) -> str:
    """A page has thousands of figures, and many of them often."""
    return number_format(value, decimals, force_grouping=True)


def shown_ms(ms: float) -> str:
    """Two units at most, as one would say it."""
    if ms < SECOND_MS:
        return gettext("%(count)s ms") % {"count": round(ms)}
    if ms < MINUTE_MS:
        return gettext("%(count)s s") % {"count": number(ms / SECOND_MS, 1)}
    if ms < HOUR_MS:
        minutes, rest = divmod(round(ms / SECOND_MS), 60)
        return gettext("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    if ms < DAY_MS:
        hours, rest = divmod(round(ms / MINUTE_MS), 60)
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    days, rest = divmod(round(ms / HOUR_MS), 24)
    return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": rest}


def shown_change(now: Value, before: Value, unit: Unit) -> str:
    """Against the period before: in per cent, of shares in percentage points; "" where none can be told."""
    if now is None or before is None:
        return ""
    if unit is Unit.SHARE:
        return gettext("%(points)s points") % {"points": signed((now - before) * 100)}
    if not before:
        return ""
    return gettext("%(number)s%%") % {"number": signed((now / before - 1) * 100)}


def signed(value: float) -> str:
    rounded = round(value, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return sign + number(abs(rounded), 1 if abs(rounded) < 100 else 0)


def shown_step(moment: datetime, by_hour: bool) -> str:
    return date_format(moment, "DATETIME_FORMAT" if by_hour else "DATE_FORMAT")


def shown_tick(moment: datetime, by_hour: bool) -> str:
    """As short as an axis needs it."""
    if by_hour:
        return date_format(moment, pgettext("hour on an axis", "M j H:i"))
    return date_format(moment, pgettext("day on an axis", "M j"))
