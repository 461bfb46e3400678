"""A stretch of days or hours as its reader's clock has them, and the hours (UTC) they are made of. Pure.

Figures are kept by hours of UTC. In zones that are half an hour or 45 minutes off, days and hours therefore
begin at the next full hour of UTC (`is_shifted`): rows by quarters of an hour would make every plot of every
other zone read four times as much.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

HOUR_SECONDS = 3600
LONGEST_DAYS = 400
LONGEST_DAYS_BY_HOUR = 14
LONGEST_DAYS_COMPARED = 120  # six bots over a year are 50 000 rows and 30 000 cells


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `first` to the end of `last`; `starts` and the `end` are moments of `zone`."""

    first: date
    last: date
    by_hour: bool
    zone: tzinfo
    starts: tuple[datetime, ...]
    end: datetime
    is_shifted: bool

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def hours(self) -> tuple[int, ...]:
        """Where each step begins, and behind them where the last one ends; hours of UTC since 1970."""
        return tuple(hour_of(moment) for moment in (*self.starts, self.end))

    def before(self) -> Period:
        """As many days, just before."""
        return period_of(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.zone)


def period_of(first: date, last: date, zone: tzinfo, by_hour: bool = False) -> Period:
    days = [midnight(first + timedelta(days=step), zone) for step in range((last - first).days + 2)]
    *starts, end = (at_full_hour(day) for day in days)
    is_shifted = [*starts, end] != days
    if by_hour:
        starts = hours_between(starts[0], end)
    return Period(first, last, by_hour, zone, tuple(starts), end, is_shifted)


def hours_between(begin: datetime, end: datetime) -> list[datetime]:
    """By the clock of UTC: an hour that a zone leaves out or has twice is still one hour."""
    zone, count = begin.tzinfo, round((end.timestamp() - begin.timestamp()) / HOUR_SECONDS)
    first = begin.astimezone(UTC)
    return [(first + timedelta(hours=step)).astimezone(zone) for step in range(count)]


def midnight(day: date, zone: tzinfo) -> datetime:
    """A day that begins at one o'clock, because the clocks change at midnight, begins then."""
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def at_full_hour(moment: datetime) -> datetime:
    """The next full hour of UTC, or the moment itself."""
    return datetime.fromtimestamp(hour_of(moment) * HOUR_SECONDS, UTC).astimezone(moment.tzinfo)


def hour_of(moment: datetime) -> int:
    return -int(-moment.timestamp() // HOUR_SECONDS)


def step_of(hour: int, hours: tuple[int, ...]) -> int:
    """Which step an hour belongs to."""
    return bisect_right(hours, hour) - 1
