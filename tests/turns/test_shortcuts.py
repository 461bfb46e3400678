"""Shortcut commands: the question each makes, and how it is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatweb.turns.shortcuts import SentFile, command_of, question_of, shortcuts_of

# Those of tests/js/shortcut-commands.test.js: what a tab shows at once is what the server makes of it.
CASES = json.loads((Path(__file__).parents[1] / "shortcut_questions.json").read_text())
TOOL = {"name": "translate", "type": "plugin"}


def described(case: dict[str, Any]) -> dict[str, Any]:
    """The shortcut of a case as an upstream describes it."""
    components = [
        {"name": name, "type": "select" if "enum" in one else "text", "options": one.get("enum"), **default}
        for name, one in case["schema"]["properties"].items()
        for default in [{"default_value": one["default"]} if "default" in one else {}]
    ]
    hidden = [
        {"name": name, "type": "text", "default_value": value, "is_hide": True}
        for name, value in case["hidden"].items()
    ]
    return {"id": "1", "query_template": case["template"], "components": components + hidden}


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_the_question_says(case: dict[str, Any]) -> None:
    [shortcut] = shortcuts_of([described(case["shortcut"])])
    assert question_of(shortcut, case["values"]) == case["question"]


def test_it_is_sent_by_component_names_with_defaults_and_files() -> None:
    components = [
        {"name": "text", "type": "text"},
        {"name": "photo", "type": "file", "options": ["image"], "tool_parameter": "input_image"},
        {"name": "language", "type": "text", "default_value": "French", "is_hide": True},
        {"name": "note", "type": "text"},
    ]
    raw = {"id": 7, "query_template": "{{text}} {{photo}} {{language}}", "components": components}
    [shortcut] = shortcuts_of([raw])
    given = {"text": "Küche", "photo": SentFile("sky.png", "81", "image/png"), "language": "Klingon"}
    assert question_of(shortcut, given) == "Küche sky.png French"
    command = command_of(shortcut, given)
    assert command is not None
    assert command["command_id"] == "7"
    assert {name: json.loads(items) for name, items in command["parameters"].items()} == {
        "text": [{"type": "text", "text": "Küche"}],
        "photo": [{"type": "image", "file_id": "81"}],
        "language": [{"type": "text", "text": "French"}],
    }


@pytest.mark.parametrize("more", [{"tool": TOOL}, {"agent_id": "5"}])
def test_only_what_is_no_more_than_words_is_asked_in_words(more: dict[str, Any]) -> None:
    plain = {"id": "1", "query_template": "Hello", "components": None, "tool": {}, "agent_id": "0"}
    [shortcut] = shortcuts_of([plain])
    assert command_of(shortcut, {}) is None
    [shortcut] = shortcuts_of([plain | more])
    assert command_of(shortcut, {}) == {"command_id": "1", "parameters": {}}


@pytest.mark.parametrize(
    "raw",
    [None, "x", [None, 3, "x"], [{}], [{"id": "1"}], [{"query_template": "x"}], {"id": "1"}],
)
def test_what_cannot_be_used_is_left_out(raw: Any) -> None:
    assert shortcuts_of(raw) == []


def test_what_is_odd_is_read_as_well_as_it_goes() -> None:
    component = {
        "name": "a",
        "type": "hologram",
        "options": "b",
        "default_value": {"type": "text", "value": "c"},
    }
    raw = {
        "id": 1,
        "command": "/go",
        "query_template": "{{a}}",
        "components": [component, None, {}],
        "name": None,
    }
    [shortcut] = shortcuts_of([raw, raw])
    assert (shortcut.name, shortcut.command, shortcut.icon_url) == ("go", "go", "")
    assert shortcut.schema() == {
        "type": "object",
        "properties": {"a": {"type": "string", "default": "c"}},
        "required": [],
    }
