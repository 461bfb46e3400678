"""The operators' log through the front door: who gets in, what filters leave over, how pages follow."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from chatweb.console.log import finding
from chatweb.models import Annotation, AuditEntry, Label, Message, ReviewItem, ReviewQueue

from .conftest import NOON, client_of

LOG = "/console/conversations/"


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [
        unescape(name) for name in re.findall(r'class="log__name"[^>]*>([^<]+)<', answer.content.decode())
    ]


def test_only_operators_see_it(log):
    log.talk("Will it rain?", name="Rain")
    assert log.stranger.get(LOG).headers["Location"].startswith("/accounts/login/")
    assert log.owner.get(LOG).status_code == 403
    assert log.admin.get(LOG).status_code == 403
    assert log.operator.get("/console/").headers["Location"] == LOG
    assert names(log.operator.get(LOG)) == ["Rain"]


def test_the_chat_page_leads_an_operator_there_and_nobody_else(log):
    assert 'href="/console/"' in log.operator.get("/").content.decode()
    assert 'href="/console/"' not in log.owner.get("/").content.decode()


def test_a_row_says_what_was_asked_and_hides_who(log):
    log.talk("Call me on 13812345678", name="Ana Lima's trip", error="4011", state="failed", tool="get_rain")
    page = log.operator.get(LOG).content.decode()
    for shown in (
        "Call me on [phone]",
        f"Person {log.ana.uuid.hex[:8]}",
        "4011",
        "get_rain",
        "failed",
        "Weather",
    ):
        assert shown in page
    for hidden in ("13812345678", "Ana Lima", "ana@example.com", ">ana<"):
        assert hidden not in page


@pytest.fixture
def various(log):
    day = timedelta(days=1)
    log.talk("a", name="plain", asked_at=NOON - 5 * day)
    log.talk("b", name="bad", rating="bad", comment="no", seconds=90, asked_at=NOON - 4 * day)
    log.talk("c", name="good", rating="good", tokens=9000, asked_at=NOON - 3 * day)
    log.talk("d", name="failed", state="failed", error="4011", asked_at=NOON - 2 * day)
    log.talk_of(
        log.bo, log.travel, "e", name="waiting", state="waiting", tool="book_hotel", asked_at=NOON - day
    )
    log.talk_of(log.bo, log.travel, "f", name="deleted", deleted=True, asked_at=NOON)
    return log


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", "deleted waiting failed good bad plain"),
        ("bot={log.travel.uuid}", "deleted waiting"),
        ("user={code}", "failed good bad plain"),
        ("user={code},00000000", "failed good bad plain"),
        ("group={log.group.pk}", "failed good bad plain"),
        ("since=2026-11-19", "deleted waiting"),
        ("until=2026-11-16", "bad plain"),
        ("since=2026-11-16&until=2026-11-17", "good bad"),
        ("rating=bad", "bad"),
        ("rating=good", "good"),
        ("rating=some", "good bad"),
        ("rating=none", "deleted waiting failed plain"),
        ("comment=on", "bad"),
        ("state=failed", "failed"),
        ("state=waiting", "waiting"),
        ("error=4011", "failed"),
        ("error=401", ""),
        ("tool=book_hotel", "waiting"),
        ("slower=60", "bad"),
        ("faster=60", "deleted waiting failed good plain"),
        ("more=5000", "good"),
        ("fewer=5000", "deleted waiting failed bad plain"),
        ("deleted=only", "deleted"),
        ("deleted=hide", "waiting failed good bad plain"),
        ("bot={log.travel.uuid}&deleted=hide&tool=book_hotel", "waiting"),
        ("sort=slowest&user={code}", "bad failed good plain"),
        ("sort=tokens&rating=some", "good bad"),
        ("sort=worst&user={code}", "bad failed good plain"),
    ],
)
def test_filters_and_orders(various, query, left):
    asked = query.format(log=various, code=various.ana.uuid.hex[:8])
    assert names(various.operator.get(f"{LOG}?{asked or 'all=1'}")) == left.split()


@pytest.fixture
def remarked(various):
    """`bad` was annotated by Olga and twice by a colleague, and is reviewed; `good` waits for a review."""
    omar = User.objects.create(username="omar", is_operator=True)
    wrong, tone = (Label.objects.create(title_en=title) for title in ("Wrong", "Tone"))
    queue = ReviewQueue.objects.create(name="By hand")

    def answer(name):
        return Message.objects.get(conversation__name=name, type="answer")

    def annotate(name, author, score=None, label=None, **part):
        made = Annotation.objects.create(message=answer(name), author=author, score=score, **part)
        if label:
            made.labels.add(label)

    annotate("bad", various.olga, 2)
    annotate("bad", omar, 5, wrong)
    annotate("bad", omar, None, tone, quote="Y", start=0, end=1)
    annotate("failed", omar, 1, tone)
    for name, state in (("bad", "done"), ("good", "taken"), ("plain", "skipped"), ("waiting", "withdrawn")):
        turn = answer(name).turn
        ReviewItem.objects.create(queue=queue, turn=turn, conversation=turn.conversation, state=state)
    various.labels = SimpleNamespace(wrong=wrong.uuid, tone=tone.uuid)
    return various


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("annotated=some", "failed bad"),
        ("annotated=mine", "bad"),
        ("annotated=none", "deleted waiting good plain"),
        ("label={wrong}", "bad"),
        ("label={tone}", "failed bad"),
        ("score_to=2", "failed bad"),
        ("score_to=1", "failed"),
        ("score_from=3&score_to=4", ""),
        ("label={wrong}&score_to=2", ""),
        ("label={tone}&score_to=2&annotated=some", "failed"),
        ("annotated=mine&label={wrong}", ""),
        ("review=open", "good"),
        ("review=done", "bad"),
        ("review=skipped", "plain"),
        ("review=none", "deleted waiting failed"),
        ("review=done&score_from=5&rating=bad", "bad"),
    ],
)
def test_filters_by_what_operators_made_of_it(remarked, query, left):
    asked = query.format(**vars(remarked.labels))
    assert names(remarked.operator.get(f"{LOG}?{asked}")) == left.split()


def test_chips_and_rows_tell_of_annotations_and_reviews(remarked):
    page = remarked.operator.get(f"{LOG}?label={remarked.labels.wrong}&score_to=5&review=done")
    page = unescape(page.content.decode())
    for chip in ("Label: Wrong", "Score up to 5", "Review: reviewed"):
        assert f'<span dir="auto">{chip}</span>' in page
    assert "3 annotations" in page


def test_the_last_days_end_with_today(log):
    now = timezone.now()
    log.talk("a", name="now", asked_at=now)
    log.talk("b", name="old", asked_at=now - timedelta(days=8))
    assert names(log.operator.get(f"{LOG}?days=7")) == ["now"]
    assert names(log.operator.get(f"{LOG}?days=30")) == ["now", "old"]


def test_a_day_is_one_of_the_operators_zone(log):
    log.talk("a", name="late", asked_at=NOON.replace(hour=23))
    log.olga.time_zone = "Asia/Shanghai"
    log.olga.save()
    assert names(log.operator.get(f"{LOG}?since=2026-11-21")) == ["late"]


def test_each_filter_is_a_chip_that_takes_it_away(various):
    page = unescape(various.operator.get(f"{LOG}?rating=bad&comment=on&sort=slowest").content.decode())
    assert 'href="/console/conversations/?comment=on&sort=slowest"' in page
    assert 'href="/console/conversations/?rating=bad&sort=slowest"' in page


def test_what_cannot_be_understood_is_said_and_stays_typed(various):
    page = various.operator.get(f"{LOG}?since=tomorrow&rating=bad&more=lots").content.decode()
    assert "“tomorrow” is no day" in page
    assert 'value="tomorrow"' in page and 'value="lots"' in page
    assert names(various.operator.get(f"{LOG}?since=tomorrow&rating=bad")) == ["bad"]


def test_a_person_is_found_by_name_which_is_written_down_and_leaves_the_address(various):
    answer = various.operator.get(f"{LOG}?user=bo+chen&rating=none")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{LOG}?user={various.bo.uuid.hex[:8]}&rating=none"
    assert names(various.operator.get(answer.headers["Location"])) == ["deleted", "waiting"]
    entry = AuditEntry.objects.get(action="person.searched")
    assert (entry.actor, entry.subject, entry.after["typed"]) == (various.olga, various.bo, "bo chen")


def test_a_name_that_nobody_has_finds_nothing(various):
    answer = various.operator.get(f"{LOG}?user=Zoe", follow=True)
    assert names(answer) == []
    assert "No conversation fits" in answer.content.decode()


@pytest.mark.parametrize("sort", ["newest", "slowest", "tokens", "worst"])
def test_pages_follow_each_other_without_a_gap(log, monkeypatch, sort):
    monkeypatch.setattr(finding, "PAGE", 3)
    for number in range(8):
        log.talk("a", name=f"n{number}", tokens=100 * (number % 3), seconds=number % 2 + 1)
    seen, address = [], f"{LOG}?sort={sort}"
    while address:
        answer = log.operator.get(address)
        seen += names(answer)
        onward = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        address = unescape(onward[1]) if onward else None
    assert sorted(seen) == [f"n{number}" for number in range(8)]


def test_a_count_stops_where_it_is_of_no_use(various, monkeypatch):
    monkeypatch.setattr(finding, "PAGE", 2)
    assert "6 conversations" in various.operator.get(LOG).content.decode()
    monkeypatch.setattr(finding, "MOST_COUNTED", 4)
    assert "More than 10 000" in various.operator.get(LOG).content.decode()


def queries_for(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", [f"{LOG}?all=1", f"{LOG}?q=rain", f"{LOG}?q=雨"])
def test_more_rows_take_no_more_queries(log, address):
    for number in range(2):
        log.talk("Does it rain? 下雨吗", name=f"n{number}", rating="bad", tool="get_rain")
    log.operator.get(address)
    few = queries_for(log.operator, address)
    for number in range(9):
        log.talk_of(
            log.bo, log.travel, "Does it rain? 下雨吗", name=f"m{number}", error="4011", state="failed"
        )
    assert queries_for(log.operator, address) <= few + 1  # a count, once there are more than a page


def test_a_colleague_who_is_an_operator_sees_the_same(various):
    various.bo.is_operator = True
    various.bo.save()
    assert len(names(client_of(various.bo).get(LOG))) == 6
