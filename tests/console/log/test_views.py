"""Saved views: filters under a name, one's own or shared."""

from __future__ import annotations

from html import unescape

import pytest

from accounts.models import User
from chatweb.models import SavedView

from .conftest import client_of

LOG, SAVE, VIEWS = "/console/conversations/", "/console/views/save/", "/console/views/"


@pytest.fixture
def colleague(log):
    return client_of(User.objects.create(username="otto", is_operator=True))


def save(client, name="Bad ones", query="rating=bad&sort=worst", **more):
    return client.post(SAVE, {"name": name, "query": query, **more})


def test_a_view_is_saved_under_a_name_and_opened_from_the_log(log):
    log.talk("a", rating="bad")
    answer = save(log.operator)
    view = SavedView.objects.get()
    assert answer.headers["Location"] == f"{LOG}?rating=bad&sort=worst&view={view.uuid}"
    page = unescape(log.operator.get(answer.headers["Location"]).content.decode())
    assert f'href="{LOG}?rating=bad&sort=worst&view={view.uuid}" aria-current="true">Bad ones' in page


def test_the_same_name_again_replaces_the_view(log):
    save(log.operator)
    save(log.operator, query="state=failed")
    assert SavedView.objects.get().query == "state=failed"


def test_what_is_no_filter_and_whoever_is_named_is_not_saved(log):
    save(log.operator, query="rating=bad&evil=1&user=Ana+Lima&after=x")
    assert SavedView.objects.get().query == "rating=bad"


def test_a_view_is_ones_own_until_it_is_shared(log, colleague):
    save(log.operator)
    assert "Bad ones" not in colleague.get(LOG).content.decode()
    view = SavedView.objects.get()
    log.operator.post(f"{VIEWS}{view.uuid}/", {"name": "Bad ones", "query": view.query, "is_shared": "on"})
    assert "Bad ones" in colleague.get(LOG).content.decode()
    assert colleague.post(f"{VIEWS}{view.uuid}/", {"name": "Mine"}).status_code == 404
    assert colleague.post(f"{VIEWS}{view.uuid}/delete/").status_code == 404
    assert SavedView.objects.get().name == "Bad ones"


def test_a_view_is_renamed_and_deleted(log):
    save(log.operator)
    save(log.operator, name="Other")
    view = SavedView.objects.get(name="Other")
    taken = log.operator.post(f"{VIEWS}{view.uuid}/", {"name": "Bad ones"})
    assert taken.status_code == 422 and b"another view of this name" in taken.content
    log.operator.post(f"{VIEWS}{view.uuid}/", {"name": "Worst"})
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Bad ones", "Worst"}
    log.operator.post(f"{VIEWS}{view.uuid}/delete/")
    assert SavedView.objects.get().name == "Bad ones"


def test_a_name_that_is_none_is_refused_and_nothing_typed_is_lost(log):
    answer = save(log.operator, name="   ", is_shared="on")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="rating=bad&amp;sort=worst"' in page and "checked" in page


def test_the_log_begins_with_the_default_view(log, colleague):
    save(log.operator, is_default="on")
    first = SavedView.objects.get()
    assert log.operator.get(LOG).headers["Location"] == f"{LOG}?{first.query}&view={first.uuid}"
    assert log.operator.get(f"{LOG}?all=1").status_code == 200
    assert colleague.get(LOG).status_code == 200
    save(log.operator, name="Other", query="", is_default="on")
    assert SavedView.objects.get(is_default=True).name == "Other"


@pytest.mark.parametrize("who", ["owner", "admin", "stranger"])
def test_nobody_else_reads_or_changes_views(log, who):
    save(log.operator)
    view = SavedView.objects.get()
    client = getattr(log, who)
    answers = [
        client.get(VIEWS), save(client, name="x"), client.post(f"{VIEWS}{view.uuid}/delete/"),
        client.post(f"{VIEWS}{view.uuid}/", {"name": "x"}),
    ]  # fmt: skip
    expected = 302 if who == "stranger" else 403
    assert [answer.status_code for answer in answers] == [expected] * 4
    assert SavedView.objects.get().name == "Bad ones"
