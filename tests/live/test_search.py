"""Search through the front door, on each database the machine has: what is said is found, and by whom."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.postgres import postgres_cluster
from tests.process import running_site
from tests.visitor import Visitor

HIT = re.compile(r'<a class="hit" href="([^"]+)" data-kind="(\w+)">(.*?)</a>', re.DOTALL)
NAME = re.compile(r'<h2 class="found__name"><a href="([^"]+)"')
DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(scope="module", params=DATABASES)
def url(request, tmp_path_factory) -> Iterator[str]:
    if request.param == "sqlite":
        yield request.getfixturevalue("site").url
        return
    simulator = request.getfixturevalue("simulator")
    folder = tmp_path_factory.mktemp("postgresql")
    with (
        postgres_cluster() as database,
        running_site(folder, simulator.url, simulator.token, env={"DATABASE_URL": database}) as site,
    ):
        yield site.url


@pytest.fixture(scope="module")
def one(url) -> Iterator[Visitor]:
    visitor = Visitor(url, "demo")
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def other(url) -> Iterator[Visitor]:
    visitor = Visitor(url, "demo2")
    yield visitor
    visitor.close()


@pytest.fixture
def word() -> str:
    """One that nobody ever said before, in letters only."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex)


def results(visitor: Visitor, typed: str) -> str:
    page = visitor.http.get("/search/", params={"q": typed}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    return page.text[page.text.index('id="results"') :]


def hits(visitor: Visitor, typed: str) -> list[tuple[str, str, str]]:
    """(address, kind, text with its marks) of a page of hits."""
    return [
        (html.unescape(address), kind, " ".join(re.sub(r"<(?!/?mark)[^>]*>", " ", text).split()))
        for address, kind, text in HIT.findall(results(visitor, typed))
    ]


def said(visitor: Visitor, bot: str, text: str) -> tuple[str, str]:
    conversation, turn = visitor.begin(visitor.bot(bot), text)
    visitor.wait_for(conversation, turn, "completed")
    return conversation, turn


def test_a_question_and_its_answer_are_found_by_any_part_of_them(one, word) -> None:
    conversation, turn = said(one, "Echo", f"我想知道明天乌尔姆的天气 {word} rate=0 follow_ups=0")
    for typed in (f"乌尔姆 {word}", f"天气 {word}", f"明 {word}", word[5:14], f'"天气 {word}"', word.upper()):
        found = hits(one, typed)
        assert [kind for _, kind, _ in found] == ["answer", "question"], typed
        assert {address for address, _, _ in found} == {f"/c/{conversation}/?turn={turn}"}
    assert f"的<mark>天气</mark> <mark>{word}</mark> rate" in hits(one, f"天气 {word}")[0][2]
    assert hits(one, f"天汽 {word}") == []


def test_nobody_finds_the_words_of_another(one, other, word) -> None:
    conversation, _ = said(one, "Echo", f"秘密 {word} rate=0 follow_ups=0")
    one.post(f"/c/{conversation}/rename/", {"name": f"Name {word}"})
    for typed in (word, word[:2], f"秘密 {word}", f"bot:echo {word}"):
        assert word not in results(other, typed).replace(f"q={typed}", ""), typed
    listed = other.http.get("/search/places/", params={"q": word}).json()["conversations"]
    assert listed == [] != one.http.get("/search/places/", params={"q": word}).json()["conversations"]


def test_an_answer_with_escapes_that_no_database_takes_is_found(one, word) -> None:
    conversation, turn = one.begin(one.bot("Weather"), "in Ulm rate=0")
    [card] = one.wait_for_round(conversation, turn)
    one.answer(conversation, turn, {card["id"]: f'{{"rain": "a\\u0000b \\ud800 {word}"}}'})
    one.wait_for(conversation, turn, "completed")
    assert "action" in [kind for _, kind, _ in hits(one, word)]


def test_a_cards_words_are_found_while_it_waits(one, word) -> None:
    conversation, turn = one.begin(one.bot("Weather"), f"{word} Ulm rate=0")
    one.wait_for_round(conversation, turn)
    waiting = hits(one, "is:waiting location bot:weather")
    assert (f"/c/{conversation}/?turn={turn}", "action") in [hit[:2] for hit in waiting]
    assert {address for address, _, _ in hits(one, f"is:waiting {word}")} == {
        f"/c/{conversation}/?turn={turn}"
    }
    assert hits(one, f"is:waiting {word} bot:echo") == []


def test_names_follow_a_rename_and_a_deleted_conversation_is_gone_at_once(one, word) -> None:
    conversation, _ = said(one, "Echo", f"{word} rate=0 follow_ups=0")
    one.post(f"/c/{conversation}/rename/", {"name": f"雨季 {word[::-1]}"})
    assert NAME.findall(results(one, f"雨季 {word[::-1]}")) == [f"/c/{conversation}/"]
    one.post(f"/c/{conversation}/delete/")
    assert (hits(one, word), NAME.findall(results(one, "雨季"))) == ([], [])
    one.post(f"/c/{conversation}/restore/")
    assert len(hits(one, word)) == 2


def test_a_question_that_is_taken_back_or_changed_is_found_no_more(one, simulator, word) -> None:
    hold = f"h{uuid4().hex}"
    conversation, running = one.begin(one.bot("Echo"), f"tokens=3 rate=0 hold={hold} hold_at=first")
    simulator.reached(hold)
    first, second = one.ask(conversation, f"first {word}"), one.ask(conversation, f"second {word}")
    assert len(hits(one, word)) == 2
    one.post(f"/c/{conversation}/turns/{first}/edit/", {"text": "other rate=0"})
    one.post(f"/c/{conversation}/turns/{second}/withdraw/")
    assert hits(one, word) == []
    simulator.release(hold)
    one.wait_for(conversation, running, "completed")
    one.wait_for(conversation, first, "completed")
    assert hits(one, word) == []


def test_what_was_typed_is_never_markup(one, word) -> None:
    said(one, "Echo", f"<img src=x onerror=alert(1)> {word} rate=0 follow_ups=0")
    page = results(one, f"<img {word}")
    assert "<mark>&lt;img</mark> src=x" in page and "<img" not in page
    for typed in ('"', "\x00", "%", "_", "\\", "' OR 1=1 --", '" OR "', "NEAR(a b)", "😀", "before:9999-99"):
        results(one, f"{typed} {word}")


def test_signed_out_one_is_sent_to_sign_in(url) -> None:
    for path in ("/search/?q=x", "/search/places/"):
        answer = httpx.get(url + path, headers={"Accept": "text/html"}, trust_env=False)
        assert (answer.status_code, urlsplit(answer.headers["location"]).path) == (302, "/accounts/login/")
