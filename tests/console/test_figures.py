"""The page of figures: who sees it, what its tables say, and that the CSV says the same."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chatweb.rollups.rolling import roll_up_all
from tests.rollups.conftest import card_in, small_site, talk, turn_in

__all__ = ["small_site"]  # a fixture
pytestmark = pytest.mark.django_db

ADDRESS = "/console/figures/"
SECTION = re.compile(r'<section class="figure" id="figure-([\w-]+)".*?</section>', re.DOTALL)
ROW = re.compile(r'<tr><th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+).*?</tr>', re.DOTALL)
CELL = re.compile(r'<td class="sheet__number" data-value="([^"]*)">([^<]*)</td>')
HEADLINE = re.compile(r"<dt>([^<]+)</dt>\s*<dd class=\"headline__value\">([^<]+)</dd>")


def at(day: int, hour: int = 12) -> datetime:
    """In March 2026, UTC."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.fixture
def march(small_site):
    """Two days of March: Ana and Bo ask bot 0, Cy asks bot 1."""
    ana, bo, cy = talk(small_site, 0), talk(small_site, 1), talk(small_site, 2, bot=1)
    first = turn_in(ana, at(2), answer_ms=1000, first_token_ms=200, rating="good", tokens=1500, cost="0.25")
    turn_in(ana, at(2, 13), answer_ms=1000, first_token_ms=200, tokens=500, cost="0.25")
    turn_in(bo, at(2, 23), answer_ms=9000, first_token_ms=700, rating="bad")
    turn_in(cy, at(3), state="failed", error_code="4011")
    card_in(first, "answered", "answered", waited_ms=125_000)
    card_in(first, "answered", "auto")
    roll_up_all()
    return small_site


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def olga(db) -> User:
    return User.objects.create(username="olga", is_operator=True, time_zone="UTC")


@pytest.fixture
def operator(olga) -> Client:
    return client_of(olga)


MARCH = {"from": "2026-03-01", "to": "2026-03-04"}


def tables(client: Client, **query: str) -> dict[str, list[list[str]]]:
    """Of each figure its rows: what people read in the cells."""
    page = client.get(ADDRESS, {**MARCH, **query}).content.decode()
    found = {}
    for section in SECTION.finditer(page):
        found[section[1]] = [[words for _, words in CELL.findall(row[0])] for row in ROW.finditer(section[0])]
    return found


def test_nobody_but_operators_sees_figures(march):
    admin = User.objects.create(username="root", is_superuser=True, is_staff=True)
    for user in (march.people[0], admin):
        assert client_of(user).get(ADDRESS).status_code == 403
        assert client_of(user).get(f"{ADDRESS}volume.csv").status_code == 403
    assert Client().get(ADDRESS).status_code == 302


def test_tables_say_what_happened(march, operator):
    found = tables(operator)
    assert found["volume"] == [["0", "0"], ["3", "2"], ["1", "1"], ["0", "0"]]
    assert [row[0] for row in found["people"]] == ["0", "2", "1", "0"]
    assert found["errors"] == [["–", "–"], ["0.0%", "0.0%"], ["100.0%", "100.0%"], ["–", "–"]]
    assert found["ratings"][1] == ["33.3%", "33.3%", "33.3%"]
    assert found["calls"][1] == ["1", "0", "0", "0", "1"]
    assert found["waiting"][1] == ["2 min 6 s", "2 min 6 s"]  # 125 s, exact to a twentieth
    assert found["cost"][1] == ["0.5000"]
    assert found["answer"][0] == ["–", "–"]


def test_a_day_is_the_readers_day(march, olga):
    """What was asked at 23:00 in UTC was asked on the next day in Berlin."""
    olga.time_zone = "Europe/Berlin"
    olga.save()
    assert [row[0] for row in tables(client_of(olga))["volume"]] == ["0", "2", "2", "0"]


def test_a_zone_between_the_hours_says_so(march, olga):
    olga.time_zone = "Asia/Kolkata"
    olga.save()
    page = client_of(olga).get(ADDRESS, MARCH).content.decode()
    assert "a day is therefore counted from 12:30 a.m. to 12:30 a.m. of the next day" in page
    lines = client_of(olga).get(f"{ADDRESS}volume.csv", MARCH).content.decode().splitlines()
    assert lines[2].startswith("2026-03-02T00:30:00+05:30,2,")


def test_whose_groups_count_is_said_where_groups_are_shown(march, operator):
    sentence = "Groups are those people were in when the hour was counted."
    shown = [sentence in operator.get(ADDRESS, {**MARCH, **query}).content.decode()
             for query in ({}, {"split": "bot"}, {"split": "group"}, {"group": "staff"})]  # fmt: skip
    assert shown == [False, False, True, True]


def test_hours_instead_of_days(march, operator):
    rows = tables(operator, **{"from": "2026-03-02", "to": "2026-03-02", "by": "hour"})["volume"]
    assert len(rows) == 24
    assert [hour for hour, row in enumerate(rows) if row[0] != "0"] == [12, 13, 23]


def test_of_one_bot_or_of_one_group(march, operator):
    assert [row[0] for row in tables(operator, bot=str(march.bots[1].uuid))["volume"]] == ["0", "0", "1", "0"]
    assert [row[0] for row in tables(operator, group="staff")["volume"]] == ["0", "3", "0", "0"]
    assert [row[0] for row in tables(operator, group="pilots")["volume"]] == ["0", "2", "0", "0"]


def test_bots_and_groups_side_by_side(march, operator):
    by_bot = tables(operator, split="bot")
    assert by_bot["volume-turns"] == [["0", "0"], ["3", "0"], ["0", "1"], ["0", "0"]]
    assert "answer-answer_p95" in by_bot
    assert tables(operator, split="group")["people"][1] == ["2", "1"]


def test_the_csv_says_what_the_table_says(march, operator):
    for query in ({}, {"split": "bot"}):
        page = operator.get(ADDRESS, {**MARCH, **query}).content.decode()
        for section in SECTION.finditer(page):
            shown = [[value for value, _ in CELL.findall(row[0])] for row in ROW.finditer(section[0])]
            answer = operator.get(f"{ADDRESS}{section[1]}.csv", {**MARCH, **query})
            assert answer["Content-Disposition"].startswith("attachment")
            _, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
            assert [row[1:] for row in rows] == shown, section[1]


def test_a_name_that_a_spreadsheet_would_run_is_text(march, operator):
    march.bots[0].name = "=cmd|'calc'"
    march.bots[0].save()
    answer = operator.get(f"{ADDRESS}people.csv", {**MARCH, "split": "bot"})
    assert "'=cmd" in answer.content.decode()
    assert operator.get(f"{ADDRESS}nothing.csv").status_code == 404


def test_key_figures_know_the_period_before(march, operator):
    page = operator.get(ADDRESS, {"from": "2026-03-03", "to": "2026-03-03"}).content.decode()
    assert ("Turns", "1") in HEADLINE.findall(page)
    assert "−66.7%" in page
    assert "+100 points" in page  # errors: from none to all


def test_one_day_with_one_question_and_days_with_none(march, operator):
    assert tables(operator, **{"from": "2026-03-03", "to": "2026-03-03"})["volume"] == [["1", "1"]]
    page = operator.get(ADDRESS, {"from": "2020-01-01", "to": "2020-01-03"}).content.decode()
    assert page.count("Nothing in this time.") == len(SECTION.findall(page))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"from": "2026-03-04", "to": "2026-03-01"}, "the earlier one first"),
        ({"from": "soon", "to": "2026-03-01"}, "Give two dates"),
        ({"from": "1999-01-01", "to": "2026-03-01"}, "Give two dates"),
        ({"days": "90", "by": "hour"}, "Hours are shown for up to 14 days"),
        ({"from": "2025-11-01", "to": "2026-03-01", "split": "bot"}, "compared over up to 120 days"),
        ({"bot": "no-uuid"}, "There is no such bot"),
        ({"group": "nobody"}, "There is no such group"),
    ],
)
def test_what_cannot_be_shown_is_said(operator, query, sentence):
    answer = operator.get(ADDRESS, query)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_choices_stand_in_the_address_and_in_the_form(march, operator):
    chosen = {"days": "90", "bot": str(march.bots[1].uuid), "group": "staff"}
    page = operator.get(ADDRESS, chosen).content.decode()
    assert f'value="{march.bots[1].uuid}" selected' in page
    assert "<option selected>staff</option>" in page
    assert f"days=90&amp;bot={march.bots[1].uuid}&amp;group=staff" in page


def test_nothing_to_compare_is_said(march, operator):
    page = operator.get(ADDRESS, {"days": "7", "split": "group"}).content.decode()
    assert "Nothing in this time." in page
    assert not SECTION.findall(page)


def test_the_last_days_end_today(small_site, operator):
    turn_in(talk(small_site), timezone.now() - timedelta(minutes=1))
    roll_up_all()
    page = operator.get(ADDRESS, {"days": "7"}).content.decode()
    assert ("Turns", "1") in HEADLINE.findall(page)


def test_figures_are_in_the_readers_language(march, olga):
    olga.language = "zh-hans"
    olga.save()
    page = client_of(olga).get(ADDRESS, MARCH).content.decode()
    assert "活跃用户" in page
    assert "2 分 6 秒" in page
    assert "2026年3月2日" in page


def test_a_day_leads_to_what_it_counts_in_the_log(march, operator):
    bot = march.bots[0].uuid
    page = operator.get(ADDRESS, {**MARCH, "bot": str(bot)}).content.decode()
    day = f"since=2026-03-02&amp;until=2026-03-02&amp;bot={bot}"
    assert f'<a href="/console/conversations/?{day}">' in page
    assert 'data-log="rating=bad"' in page
    page = operator.get(ADDRESS, {**MARCH, "split": "group"}).content.decode()
    assert f'data-log="group={march.groups[0].pk}"' in page


@pytest.mark.parametrize("query", [{}, {"split": "bot"}])
def test_a_page_asks_no_question_per_row(march, operator, django_assert_max_num_queries, query):
    operator.get(ADDRESS, MARCH)
    with django_assert_max_num_queries(14):
        operator.get(ADDRESS, {**MARCH, **query})
