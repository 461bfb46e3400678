"""429 for whoever asks too often: with a time, in the reader's language, and nothing done."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import User
from chatweb import rate_limits
from chatweb.models import Turn
from chatweb.rates import DEFAULTS, DOORS, Rate, rate_of, rates_from

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def signed_in(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture(autouse=True)
def at(monkeypatch) -> list[float]:
    """The clock of the counts."""
    moment = [1_000_000.0 * 60]
    monkeypatch.setattr(rate_limits.time, "time", lambda: moment[0])
    return moment


def once(settings, *names: str) -> None:
    """One a minute of each."""
    settings.RATE_LIMITS = dict(DEFAULTS) | {name: Rate(1, 60) for name in names}


def ask(client: Client, conversation: Any, **headers: str) -> Any:
    body = {"client_id": str(uuid4()), "text": "hello"}
    path = reverse("ask", args=[conversation.uuid])
    return client.post(path, json.dumps(body), "application/json", **(JSON | headers))


def test_the_second_question_of_a_minute_is_refused_until_the_next(
    signed_in, conversation, settings, at
) -> None:
    once(settings, "ask")
    at[0] += 42
    assert ask(signed_in, conversation).status_code == 202
    refused = ask(signed_in, conversation, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert (refused.status_code, refused["Retry-After"], refused["Cache-Control"]) == (429, "19", "no-store")
    assert refused.json()["error"]["reason"] == "too_often"
    assert refused.json()["error"]["sentence"] == "操作太频繁了，请在 19 秒后重试。"
    assert Turn.objects.count() == 1
    at[0] += 19
    assert ask(signed_in, conversation).status_code == 202


def test_a_browser_without_scripts_gets_a_page_that_says_so(signed_in, conversation, settings) -> None:
    once(settings, "ask")
    path = reverse("ask", args=[conversation.uuid])
    answers = [signed_in.post(path, {"text": "hello"}, HTTP_ACCEPT="text/html") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 429]
    assert "That was too often. Try again in 61 seconds." in answers[1].content.decode()
    assert answers[1]["Retry-After"] == "61"


def test_a_person_is_counted_across_browsers_and_apart_from_others(conversation, ana, settings) -> None:
    once(settings, "ask")
    here, there, theirs = Client(), Client(), Client()
    here.force_login(ana)
    there.force_login(ana)
    theirs.force_login(User.objects.create_user("ben", password="x"))
    statuses = [ask(one, conversation).status_code for one in (here, there, theirs)]
    assert statuses == [202, 429, 404]


FILE = uuid4()
ASKED = {
    "ask": ("/conversations/", "POST"),
    "command": ("/settings/", "POST"),
    "upload": (f"/files/{FILE}/renew/", "POST"),
    "search": ("/search/?q=x", "GET"),
    "export": (f"/c/{FILE}/export/", "GET"),
    "archive": ("/settings/my-data/download/", "POST"),
    "picture": ("/pictures/x/", "GET"),
    "view_as": (f"/admin/accounts/user/{FILE}/view-as/", "POST"),
    "probe": ("/readyz", "GET"),
    "token": ("/receipts/x/", "GET"),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_rate_holds_where_it_is_said_to(signed_in, settings, name) -> None:
    once(settings, name)
    path, method = ASKED[name]
    first, second = (signed_in.generic(method, path, **JSON) for _ in range(2))
    assert first.status_code != 429
    assert (second.status_code, second.get("Retry-After")) == (429, "61")


@pytest.mark.parametrize("name", ["probe", "token"])
def test_strangers_are_counted_by_address(client, settings, name) -> None:
    once(settings, name)
    path, _ = ASKED[name]
    from_here = [client.get(path, REMOTE_ADDR="10.0.0.1") for _ in range(2)]
    assert (from_here[1].status_code, from_here[1]["Retry-After"]) == (429, "61")
    assert client.get(path, REMOTE_ADDR="10.0.0.2").status_code == from_here[0].status_code != 429
    # A network of one's own is one address, and nobody believes what a stranger says of themselves.
    forged = {"HTTP_X_FORWARDED_FOR": "10.9.9.9", "REMOTE_ADDR": "10.0.0.1"}
    assert client.get(path, **forged).status_code == 429
    neighbours = [client.get(path, REMOTE_ADDR=f"2408:8000::{n}").status_code for n in (1, 2)]
    assert neighbours == [from_here[0].status_code, 429]


def test_every_name_of_the_table_is_an_address_of_the_site() -> None:
    gone = []
    for name, _ in DOORS:
        if name not in {"openid_connect_login", "openid_connect_callback"}:
            space, _, plain = name.rpartition(":")
            known = get_resolver().namespace_dict[space][1] if space else get_resolver()
            gone += [] if plain in known.reverse_dict else [name]
    assert gone == []


def test_whatever_writes_is_counted_and_the_ways_out_are_open() -> None:
    assert rate_of("pin", "POST", is_signed_in=True) == "command"
    assert rate_of("console_define_queue", "DELETE", is_signed_in=True) == "command"
    assert rate_of("pin", "POST", is_signed_in=False) == rate_of("start", "GET", is_signed_in=True) == ""
    assert rate_of("account_logout", "POST", is_signed_in=True) == ""
    assert rate_of("search", "HEAD", is_signed_in=True) == "search"


def test_a_site_writes_its_own_rates() -> None:
    assert rates_from(["ask=5/h", " export=0/s"])["ask"] == Rate(5, 3600)
    for wrong in ("ask", "ask=many/m", "ask=5/w", "nothing=5/m", "ask=-1/m"):
        with pytest.raises(ValueError, match=wrong):
            rates_from([wrong])


def test_nought_is_no_limit(signed_in, conversation, settings) -> None:
    settings.RATE_LIMITS = dict(DEFAULTS) | {"ask": Rate(0, 60)}
    assert {ask(signed_in, conversation).status_code for _ in range(3)} == {202}


def test_a_cache_that_is_down_stops_nobody(signed_in, conversation, settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert rate_limits.seconds_to_wait("ask", "by:1") == 0


SIGN_IN = {
    "login": ("account_login", {"login": "x", "password": "y"}),
    "signup": ("account_signup", {}),
    "reset_password": ("account_reset_password", {"email": "x@example.com"}),
}


@pytest.mark.parametrize("action", SIGN_IN)
def test_the_ways_in_are_limited_too_and_say_when(client, settings, action) -> None:
    settings.ACCOUNT_RATE_LIMITS = {action: "1/m/ip"}
    settings.SIGN_UP = "open"
    name, fields = SIGN_IN[action]
    _, second = (client.post(reverse(name), fields) for _ in range(2))
    assert (second.status_code, second.get("Retry-After")) == (429, "60")
