"""Searching everything that was said, as an operator."""

from __future__ import annotations

import re
from html import unescape

import pytest

from chatweb.search import reviewing

LOG = "/console/conversations/"


def hits(answer) -> list[str]:
    found = re.findall(r'class="found__text"[^>]*>(.*?)</span>', answer.content.decode(), re.S)
    return [unescape(hit).strip() for hit in found]


@pytest.mark.parametrize("typed", ["天气", "天气怎么样", "WEATHER", "天"])
def test_words_are_found_in_everybodys_conversations_without_spaces(log, typed):
    log.talk("杭州今天天气怎么样", "It is about the weather.")
    log.talk_of(log.bo, log.travel, "北京的天气怎么样？还是 weather", "晴")
    found = hits(log.operator.get(LOG, {"q": typed}))
    assert len(found) >= 2
    assert all("<mark>" in hit for hit in found)


def test_a_hit_leads_to_its_turn(log):
    conversation = log.talk("Where is the zeppelin?")
    page = unescape(log.operator.get(LOG, {"q": "zeppelin"}).content.decode())
    turn = conversation.turns.get()
    assert f'href="/console/conversations/{conversation.uuid}/?turn={turn.uuid}#turn-{turn.uuid}"' in page


def test_hits_are_redacted_and_name_nobody(log):
    log.talk("Ana Lima here, call 13812345678 about the zeppelin")
    found = hits(log.operator.get(LOG, {"q": "zeppelin"}))
    assert found == [f"Person {log.ana.uuid.hex[:8]} here, call [phone] about the <mark>zeppelin</mark>"]


def test_deleted_conversations_are_found_and_filters_hold(log):
    log.talk("zeppelin one", deleted=True)
    log.talk("zeppelin two", rating="bad")
    assert len(hits(log.operator.get(LOG, {"q": "zeppelin"}))) == 2
    assert hits(log.operator.get(LOG, {"q": "zeppelin", "rating": "bad"})) == ["<mark>zeppelin</mark> two"]
    assert hits(log.operator.get(LOG, {"q": "zeppelin", "tool": "none"})) == []


def test_many_conversations_are_filtered_after_the_words(log, monkeypatch):
    monkeypatch.setattr("chatweb.console.log.hits.FEW", 0)
    log.talk("zeppelin one", rating="good")
    log.talk("zeppelin two", rating="bad")
    assert hits(log.operator.get(LOG, {"q": "zeppelin", "rating": "bad"})) == ["<mark>zeppelin</mark> two"]


def test_pages_of_hits_follow_each_other(log, monkeypatch):
    monkeypatch.setattr(reviewing, "PAGE", 2)
    for number in range(5):
        log.talk(f"zeppelin {number}")
    seen, address = [], f"{LOG}?q=zeppelin"
    while address:
        page = log.operator.get(address)
        seen += hits(page)
        onward = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = unescape(onward[1]) if onward else None
    assert [hit[-1] for hit in seen] == ["4", "3", "2", "1", "0"]


def test_a_search_that_takes_long_says_how_far_it_came_and_goes_on(log, monkeypatch):
    log.talk("飞艇")
    for number in range(6):
        log.talk(f"weather {number}")
    monkeypatch.setattr(reviewing, "FIRST_WINDOW", 3)
    monkeypatch.setattr(reviewing, "LAST_WINDOW", 3)
    monkeypatch.setattr(reviewing, "BUDGET_SECONDS", -1)
    page = log.operator.get(LOG, {"q": "飞艇"})
    assert "Searched back to" in page.content.decode()
    monkeypatch.setattr(reviewing, "BUDGET_SECONDS", 60)
    onward = unescape(re.search(r'rel="next" href="([^"]+)"', page.content.decode())[1])
    assert hits(log.operator.get(onward)) == ["<mark>飞艇</mark>"]


def test_the_operators_door_is_closed_to_others(log):
    log.talk("zeppelin")
    log.ana.is_operator = False
    assert reviewing.find_for(log.ana, ("zeppelin",)).passages == []
    assert log.owner.get(LOG, {"q": "zeppelin"}).status_code == 403


def test_what_is_hostile_stays_text(log):
    log.talk("<script>alert(1)</script> zeppelin", name="<img src=x>")
    page = log.operator.get(LOG, {"q": "zeppelin"}).content.decode()
    assert "<script>alert" not in page and "<img src=x>" not in page
