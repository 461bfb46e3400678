"""A conversation as a file, from the running site (M-040)."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest

from tests.visitor import Visitor


@pytest.fixture(scope="module")
def answered(demo: Visitor, weather: str) -> str:
    """A conversation in which a card was answered."""
    conversation, turn = demo.begin(weather, "export this rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: '{"probability": 0.25}'})
    demo.wait_for(conversation, turn, "completed")
    demo.post(f"/c/{conversation}/rename/", {"name": "天气\r\nX: y/../z"})
    return conversation


def test_json_holds_what_the_page_holds(demo, answered):
    answer = demo.http.get(f"/c/{answered}/export/", params={"format": "json"})
    written = json.loads(answer.text)
    [shown], [kept] = demo.turns(answered), written["turns"]
    assert kept == {name: shown[name] for name in kept}
    assert kept["actions"][0]["output"] == '{"probability": 0.25}'
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("format_", "suffix"), [("markdown", ".md"), ("html", ".html"), ("json", ".json")])
def test_it_is_saved_under_the_conversations_name(demo, answered, format_, suffix):
    answer = demo.http.get(f"/c/{answered}/export/", params={"format": format_})
    assert answer.status_code == 200
    assert "x" not in {name.lower() for name in answer.headers}
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    name = unquote(disposition.partition("utf-8''")[2])
    assert name.startswith("天气 X- y-..-z ")
    assert name.endswith(suffix)
    assert "no-store" in answer.headers["cache-control"]
    assert "export this" in answer.text


def test_another_format_is_not_there(demo, answered):
    assert demo.http.get(f"/c/{answered}/export/", params={"format": "exe"}).status_code == 404
