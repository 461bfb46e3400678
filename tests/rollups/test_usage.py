"""Usage tables against the plainest way to count, in any zone, before, after and between the roll-ups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest

from chatweb.models import Conversation, TurnFigures
from chatweb.rollups.rolling import roll_up_all
from chatweb.usage.reading import Asked
from chatweb.usage.tables import KINDS, Row, table
from tests.rollups.conftest import talk, turn_in

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 27, 20, tzinfo=UTC)  # the clocks of Berlin change two days later


def naive(by: str, zone: str) -> dict[str, list[object]]:
    """By label: turns, tokens, cost, and turns with tokens and without a price."""
    rows: dict[str, list[object]] = {}
    for one in TurnFigures.objects.select_related("user", "bot"):
        day = one.asked_at.astimezone(ZoneInfo(zone)).date().isoformat()
        groups = [group.name for group in one.user.groups.all()] or ["no group"]
        labels = {"user": [one.user.username], "bot": [one.bot.name], "group": groups}
        for label in labels.get(by, [day[:7] if by == "month" else day]):
            row = rows.setdefault(label, [0, 0, Decimal(0), 0])
            added = (1, one.tokens, one.cost or 0, one.cost is None and one.tokens > 0)
            rows[label] = [kept + more for kept, more in zip(row, added, strict=True)]
    return rows


def told(row: Row) -> list[object]:
    return [row.messages, row.tokens, row.cost, row.unpriced]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
def test_tables_agree_with_the_turns_whatever_was_counted_when(small_site, settings, zone):
    settings.TIME_ZONE = zone
    random = Random(5)
    talks = [talk(small_site, one % 3, one % 2) for one in range(4)]
    rows = [
        turn_in(
            random.choice(talks), BEGIN + timedelta(minutes=random.randrange(5 * 24 * 60)),
            tokens=random.randrange(3) * 1000, cost=random.choice([None, Decimal("0.123457")]), file_count=1,
        )
        for _ in range(60)
    ]  # fmt: skip
    agree(zone)
    roll_up_all()
    agree(zone)
    rows[0].asked_at += timedelta(days=1)
    rows[0].save()
    rows[1].tokens = 9999
    rows[1].save()
    Conversation.objects.filter(user=talks[0].user).delete()
    talks[0].user.delete()
    agree(zone)


def agree(zone: str) -> None:
    for by in KINDS:
        found = table(Asked(by=by))
        assert {row.label: told(row) for row in found.rows} == naive(by, zone), by
        assert found.total.files == TurnFigures.objects.count()
