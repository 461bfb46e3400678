"""Days and months of the site: when one began, and when the next begins. Pure.

They follow the site's own zone (`TIME_ZONE`): a person who travels, or changes the zone in the settings, gets
no second day. People read the moment in their own zone.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo


def begun(period: str, now: datetime, zone: tzinfo) -> datetime:
    """The midnight at which the day or month of `now` began. `period`: day or month."""
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight.replace(day=1) if period == "month" else midnight


def ends(period: str, now: datetime, zone: tzinfo) -> datetime:
    """The midnight at which the next one begins."""
    first = begun(period, now, zone)
    if period == "day":
        return first + timedelta(days=1)  # on the wall: a day may have 23 hours
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
