"""Links to pictures: whose they are, how long, and what a person gets when there is no picture."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from chatweb.picture_links import STEP_SECONDS, VALID_SECONDS, link_to, named_in, url_in
from chatweb.turns.commands import pictures
from chatweb.upstreams.pictures import Picture

URL = "https://pictures.example/icon.png?sign=secret"
PICTURE = Picture(b"\x89PNG\r\n\x1a\n", "image/png")


def token_of(link: str) -> str:
    return link.removeprefix("/pictures/").removesuffix("/")


@pytest.fixture
def hours_pass(monkeypatch) -> Callable[[float], None]:
    def pass_(seconds: float) -> None:
        now = time.time() + seconds
        monkeypatch.setattr(time, "time", lambda: now)

    return pass_


def test_a_link_leads_its_person_to_its_address_and_nobody_else() -> None:
    token = token_of(link_to(7, URL))
    assert url_in(token, 7) == URL
    assert url_in(token, 8) is None
    assert link_to(7, "") == ""


def test_a_link_is_good_for_hours_and_not_for_ever(hours_pass) -> None:
    token = token_of(link_to(7, URL))
    hours_pass(VALID_SECONDS - STEP_SECONDS - 1)
    assert url_in(token, 7) == URL
    hours_pass(STEP_SECONDS + 2)
    assert url_in(token, 7) is None


def test_an_expired_link_is_answered_with_nothing(db, client: Client, hours_pass) -> None:
    user = User.objects.create_user("demo", password="a long passphrase")
    link = link_to(user.pk, URL)
    hours_pass(VALID_SECONDS + 1)
    client.force_login(user)
    answer = client.get(link)
    assert (answer.status_code, answer.content) == (404, b"")


def test_an_address_of_this_network_is_answered_with_nothing_and_logged_without_its_query(
    db, client: Client, caplog
) -> None:
    user = User.objects.create_user("demo", password="a long passphrase")
    client.force_login(user)
    with caplog.at_level(logging.INFO):
        answer = client.get(link_to(user.pk, "http://me:pass@127.0.0.1/icon.png?sign=secret"))
        assert (answer.status_code, answer.content) == (404, b"")
        answer = client.get(link_to(user.pk, "http://127.0.0.1/icon.png?sign=secret"))
        assert (answer.status_code, answer.content) == (404, b"")
    assert "http://127.0.0.1/icon.png" in caplog.text
    assert "secret" not in caplog.text and "me:pass" not in caplog.text
    assert "/pictures/" not in caplog.text  # a link holds the whole address


def test_pictures_are_kept_for_a_while_and_failures_briefly(monkeypatch) -> None:
    kept = pictures.Kept()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    kept.keep("a", PICTURE)
    kept.keep("b", None)
    assert (kept.find("a"), kept.find("b"), kept.find("c")) == ((True, PICTURE), (True, None), (False, None))
    now += kept.SECONDS_WITHOUT + 1
    assert (kept.find("a")[0], kept.find("b")[0]) == (True, False)
    now += kept.SECONDS
    assert not kept.find("a")[0]


def test_what_is_kept_has_a_bound() -> None:
    kept = pictures.Kept()
    large = Picture(bytes(kept.MOST_BYTES_EACH), "image/png")
    for number in range(20):
        kept.keep(str(number), large)
    assert [number for number in range(20) if kept.find(str(number))[0]] == [*range(12, 20)]
    kept.keep("huge", Picture(bytes(kept.MOST_BYTES_EACH + 1), "image/png"))
    assert not kept.find("huge")[0]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("![a](https://a.example/b.png)", "https://a.example/b.png"),
        ('![a](<https://a.example/b c.png> "t")', "https://a.example/b%20c.png"),
        ("![a](https://a.example/图.png)", "https://a.example/%E5%9B%BE.png"),
        ("![a](https://a.example/?b&amp;c=1)", "https://a.example/?b&c=1"),
        (r'[{"type":"image","file_url":"https:\/\/a.example\/b.png"}]', "https://a.example/b.png"),
        ("![a][1]\n\n[1]: https://a.example/b.png", "https://a.example/b.png"),
    ],
)
def test_an_address_is_found_however_it_was_written(text: str, address: str) -> None:
    assert named_in(text, [address]) == [address]


@pytest.mark.parametrize(
    "address", ["", "https://a.example", "https://a", "https://b.example/", "/b.png", "a"]
)
def test_what_the_text_does_not_name_is_no_address_of_it(address: str) -> None:
    assert named_in("![a](https://a.example.org/b.png?c)", [address]) == []
