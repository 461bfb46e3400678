"""Days of the site's zone, worked out in the database from quarters of an hour (rollups/usage.py)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Case, ExpressionWrapper, F, Func, IntegerField, Value, When
from django.utils import timezone

from chatweb.rollups.usage import SLOT_SECONDS

SLOTS_A_DAY = 24 * 3600 // SLOT_SECONDS
EPOCH = date(1970, 1, 1)


class SlotOf(Func):
    """The quarter of an hour of a moment, counted from 1970 in UTC."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # The percent sign is halved twice on its way.
        template = f"(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / {SLOT_SECONDS})"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = f"CAST(floor(extract(epoch FROM %(expressions)s) / {SLOT_SECONDS}) AS integer)"
        return self.as_sql(compiler, connection, template=template, **context)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def slot_at(moment: datetime) -> int:
    return int(moment.timestamp()) // SLOT_SECONDS


def day_number(begin: int, end: int) -> Case:
    """Of a row's `slot`, from `begin` to `end`: the day by the site's clock, counted from 1970."""
    *earlier, (_, ahead) = offsets(timezone.get_default_timezone(), begin, end)
    cases = [When(slot__lt=until, then=_day(ahead)) for until, ahead in earlier]
    return Case(*cases, default=_day(ahead), output_field=IntegerField())


def date_of(number: int) -> date:
    return EPOCH + timedelta(days=number)


def _day(ahead: int) -> ExpressionWrapper:
    return ExpressionWrapper((F("slot") + Value(ahead)) / Value(SLOTS_A_DAY), output_field=IntegerField())


def offsets(zone: tzinfo, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """(slot, by how many slots the zone's clock is ahead until then); a pair more whenever clocks change."""
    ahead = _ahead(zone, begin)
    for day in range(begin, end + 1, SLOTS_A_DAY):
        if _ahead(zone, day + SLOTS_A_DAY) == ahead:
            continue
        change = next(slot for slot in range(day, day + SLOTS_A_DAY + 1) if _ahead(zone, slot) != ahead)
        yield change, ahead
        ahead = _ahead(zone, change)
    yield end + 1, ahead


def _ahead(zone: tzinfo, slot: int) -> int:
    offset = datetime.fromtimestamp(slot * SLOT_SECONDS, UTC).astimezone(zone).utcoffset()
    return (offset or timedelta()) // timedelta(seconds=SLOT_SECONDS)
