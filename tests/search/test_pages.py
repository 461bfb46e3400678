"""The way from a hit to its turn, and the page of hits as a browser without scripts has it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from chatweb.models import Turn
from chatweb.search.finding import PAGE

pytestmark = pytest.mark.django_db
PAGES = {"HTTP_ACCEPT": "text/html"}
DATA = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def long_talk(alice, begin, client):
    conversation = begin(alice)
    turns = Turn.objects.bulk_create(
        Turn(conversation=conversation, client_id=uuid4(), ordinal=number, state="completed")
        for number in range(1, 501)
    )
    client.force_login(alice)
    return conversation, turns


def test_a_conversation_opens_as_far_back_as_the_turn(client, long_talk, django_assert_num_queries) -> None:
    conversation, turns = long_talk

    def ordinals(path: str, **query: object) -> list[int]:
        page = client.get(path, query, **DATA).json()
        return [turn["ordinal"] for turn in page["turns"]]

    opened = f"/c/{conversation.uuid}/"
    assert ordinals(opened) == list(range(471, 501))
    assert ordinals(opened, turn=turns[479].uuid) == list(range(471, 501))
    assert ordinals(opened, turn=turns[399].uuid) == list(range(397, 501))
    assert ordinals(opened, turn=turns[0].uuid) == list(range(201, 501))
    older = f"{opened}turns/"
    assert ordinals(older, before=201, until=turns[0].uuid) == list(range(1, 201))
    assert ordinals(older, before=471, until=turns[399].uuid) == list(range(397, 471))
    for nonsense in (uuid4(), "x", ""):
        assert ordinals(opened, turn=nonsense) == list(range(471, 501))
        assert ordinals(older, before=471, until=nonsense) == list(range(441, 471))


def test_the_way_back_costs_few_queries(client, long_talk, django_assert_max_num_queries) -> None:
    conversation, turns = long_talk

    def older() -> None:
        client.get(f"/c/{conversation.uuid}/turns/", {"before": 501, "until": turns[0].uuid}, **DATA)

    older()  # what a process keeps of the site's rules is read once
    with django_assert_max_num_queries(13):
        older()


def test_a_strangers_turn_leads_nowhere(client, long_talk, bob, begin, say) -> None:
    conversation, _ = long_talk
    theirs = say(begin(bob), "secret")
    page = client.get(f"/c/{conversation.uuid}/", {"turn": theirs.uuid}, **DATA)
    assert len(page.json()["turns"]) == 30 and "secret" not in page.content.decode()


def test_pages_of_hits_follow_one_another_without_scripts(client, alice, begin, say) -> None:
    client.force_login(alice)
    conversation = begin(alice, "Rain & co")
    for number in range(PAGE + 3):
        say(conversation, f"rain {number}.")
    first = client.get("/search/", {"q": "rain && after:soon"}, **PAGES).content.decode()
    assert "“after:soon” names no day." in first and "Nothing was found." in first
    first = client.get("/search/", {"q": "rain"}, **PAGES).content.decode()
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = client.get(more[1].replace("&amp;", "&"), **PAGES).content.decode()
    numbers = [int(number) for page in (first, second) for number in re.findall(r"</mark> (\d+)\.", page)]
    assert numbers == list(reversed(range(PAGE + 3)))
    assert "<mark>Rain</mark> &amp; co" in second and 'rel="next"' not in second


def test_an_empty_search_says_what_it_is_for(client, alice) -> None:
    client.force_login(alice)
    for typed in ("", "   ", "bot:"):
        page = client.get("/search/", {"q": typed}, **PAGES).content.decode()
        assert "Finds what you asked" in page and "Nothing was found" not in page
