"""What is typed into the search field, and the folding both sides go through."""

from __future__ import annotations

from datetime import date

import pytest

from chatweb.search.fold import fold, fold_with_places
from chatweb.search.query import Problem, Query, parse
from chatweb.search.snippet import snippet


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Rain  in ULM", ("rain", "in", "ulm")),
        ('"rain in" Ulm', ("rain in", "ulm")),
        ("“rain in” Ulm", ("rain in", "ulm")),
        ('"never closed', ("never closed",)),
        ("天气 预报", ("天气", "预报")),
        ("http://x.example/a?b https:x", ("http://x.example/a?b", "https:x")),
        ("12:30 a:b", ("12:30", "a:b")),
        ("rain rain", ("rain",)),
        ("bot: has: rain", ("rain",)),
        ('* ` "" :', (":",)),
        ("", ()),
    ],
)
def test_words_and_phrases(typed: str, words: tuple[str, ...]) -> None:
    assert parse(typed) == Query(words=words)


def test_prefixes_narrow_down_and_may_come_in_any_keyboards_signs() -> None:
    query = parse('bot：天气 BOT:"City weather" has:file is:waiting in:archived rain')
    assert query.bots == ("天气", "city weather")
    assert (query.has_file, query.is_waiting, query.is_archived) == (True, True, True)
    assert (query.words, query.problems) == (("rain",), [])


@pytest.mark.parametrize(
    ("typed", "after", "before"),
    [
        ("after:2026-11-21", date(2026, 11, 21), None),
        ("after:2026-11 before:2026-12", date(2026, 11, 1), date(2026, 12, 1)),
        ("before:2026", None, date(2026, 1, 1)),
        ("before:2026/2/9", None, date(2026, 2, 9)),
    ],
)
def test_dates_are_days_months_or_years(typed: str, after: date | None, before: date | None) -> None:
    query = parse(typed)
    assert (query.after, query.before, query.problems) == (after, before, [])


def test_what_is_not_understood_is_said_and_the_rest_is_searched() -> None:
    query = parse("before:2026-02-30 after:soon has:wings rain")
    assert query.words == ("rain",)
    assert query.problems == [
        Problem("before", "2026-02-30"),
        Problem("after", "soon"),
        Problem("has", "wings"),
    ]
    assert parse("has:wings").is_empty


def test_an_endless_query_is_cut() -> None:
    assert len(parse(" ".join(f"w{number}" for number in range(500))).words) == 12


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("Crème Brûlée", "creme brulee"),
        ("cre\u0300me", "creme"),
        ("Straße", "strasse"),
        ("ｶﾞ ガ", "カ\u3099 ガ"),
        ("İstanbul", "istanbul"),
        ("so **much** `code`\n\n rain", "so much code rain"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("한글", "한글"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
    with_places, places = fold_with_places(text)
    assert with_places.strip() == folded
    assert len(places) == len(with_places) and places == sorted(places)


def test_a_snippet_shows_the_first_hit_and_marks_every_word() -> None:
    text = "Nothing here.\n" * 40 + "Then **Rain**, in Ülm.\n" + "And so on. " * 40
    pieces = snippet(text, ["rain", "ulm", "nothing like it"])
    assert [piece for piece, is_hit in pieces if is_hit] == ["Rain", "Ülm"]
    whole = "".join(piece for piece, _ in pieces)
    assert "Then Rain, in Ülm. And so on." in whole
    assert whole.startswith("… ") and whole.endswith(" …") and len(whole) < 230


def test_a_snippet_of_chinese_and_of_overlapping_words() -> None:
    assert snippet("明天的天气预报说有雨", ["天气预", "气预报"]) == [
        ("明天的", False),
        ("天气预报", True),
        ("说有雨", False),
    ]
    assert snippet("no words, only filters", []) == [("no words, only filters", False)]
