"""Which quotas hold, and when their days and months begin."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatweb.usage.limits import EVERYBODY, GROUP, OWN, Limit, Row, holding
from chatweb.usage.periods import begun, ends

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")


def row(closeness: int, most: int | None, bot: int | None = None, unit: str = "messages") -> Row:
    return Row(closeness, bot, unit, "day", most)


@pytest.mark.parametrize(
    ("rows", "most"),
    [
        ([row(EVERYBODY, 10)], 10),
        ([row(EVERYBODY, 10), row(GROUP, 100)], 100),
        ([row(EVERYBODY, 10), row(GROUP, 100), row(GROUP, 50)], 50),
        ([row(EVERYBODY, 10), row(GROUP, 5), row(OWN, 1000)], 1000),
        ([row(GROUP, None), row(GROUP, 7)], 7),
        ([row(EVERYBODY, 10), row(OWN, 0)], 0),
    ],
)
def test_whoever_is_named_most_closely_decides_and_of_groups_the_tightest(rows, most) -> None:
    assert holding(rows) == [Limit(None, "messages", "day", most)]


def test_an_exception_has_no_limit() -> None:
    assert holding([row(EVERYBODY, 10), row(OWN, None)]) == []


def test_limits_of_different_bots_and_units_hold_side_by_side() -> None:
    rows = [row(EVERYBODY, 10), row(OWN, 3, bot=1), row(EVERYBODY, 5, unit="tokens")]
    assert {(one.bot_pk, one.unit, one.most) for one in holding(rows)} == {
        (None, "messages", 10),
        (1, "messages", 3),
        (None, "tokens", 5),
    }


def test_a_day_is_the_sites() -> None:
    late = datetime(2026, 11, 20, 16, tzinfo=UTC)  # 1 in the morning of the 21st in Tokyo
    assert begun("day", late, TOKYO) == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert ends("day", late, TOKYO) == datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert begun("month", late, TOKYO) == datetime(2026, 10, 31, 15, tzinfo=UTC)


def test_a_month_ends_with_the_year_and_a_day_may_have_23_hours() -> None:
    assert ends("month", datetime(2026, 12, 5, tzinfo=UTC), UTC) == datetime(2027, 1, 1, tzinfo=UTC)
    spring = datetime(2026, 3, 8, 12, tzinfo=NEW_YORK)
    hours = ends("day", spring, NEW_YORK).astimezone(UTC) - begun("day", spring, NEW_YORK).astimezone(UTC)
    assert hours.total_seconds() == 23 * 3600
