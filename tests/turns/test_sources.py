"""What a bot read, out of whatever an upstream says about it."""

from __future__ import annotations

import json

import pytest

from chatweb.turns.sources import MOST, sources_in


def recall(*chunks: object) -> tuple[str, str]:
    data = json.dumps({"chunks": chunks, "status_code": 0})
    return "verbose", json.dumps({"msg_type": "knowledge_recall", "data": data})


def chunk(text: str, document: str = "", **more: object) -> dict[str, object]:
    return {
        "slice": text,
        "score": 0.5,
        "meta": {"dataset": {"name": "Shelf"}, "document": {"name": document, **more}},
    }


def test_chunks_of_a_recall_are_numbered_as_they_were_read_each_once() -> None:
    told = sources_in(
        [recall(chunk("a", "Book"), chunk("b")), recall(chunk("a", "Book"), chunk("c", "Book"))]
    )
    assert [(one["title"], one["text"]) for one in told] == [("Book", "a"), ("Shelf", "b"), ("Book", "c")]


def test_only_addresses_of_the_web_are_named() -> None:
    told = sources_in([recall(chunk("a", url="https://a.example/"), chunk("b", url="javascript:alert(1)"))])
    assert [one["url"] for one in told] == ["https://a.example/", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain words.", [{"title": "", "text": "Plain words.", "url": ""}]),
        (
            '["one", "two"]',
            [{"title": "", "text": "one", "url": ""}, {"title": "", "text": "two", "url": ""}],
        ),
        ('{"title": "T", "content": "c"}', [{"title": "T", "text": "c", "url": ""}]),
    ],
)
def test_the_older_form_is_text_or_json(text: str, expected: object) -> None:
    assert sources_in([("knowledge", text)]) == expected


@pytest.mark.parametrize(
    "message",
    [
        ("verbose", "{}"),
        ("verbose", "no json"),
        ("verbose", json.dumps({"msg_type": "generate_answer_finish", "data": "x"})),
        ("verbose", json.dumps({"msg_type": "knowledge_recall", "data": "broken {"})),
        (
            "verbose",
            json.dumps({"msg_type": "knowledge_recall", "data": {"chunks": [None, 1, {}, {"slice": " "}]}}),
        ),
        ("knowledge", " "),
        ("knowledge", "[" * 100_000),
        ("answer", "{}"),
    ],
)
def test_nothing_comes_of_what_names_no_passage(message: tuple[str, str]) -> None:
    told = sources_in([message])
    assert told == [] or told[0]["text"].startswith("[[[")


def test_there_is_an_end_to_it() -> None:
    [first, *_] = told = sources_in([recall(*(chunk(f"{number} " + "x" * 9000) for number in range(200)))])
    assert len(told) == MOST and len(first["text"]) == 4000
