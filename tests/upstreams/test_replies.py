"""What answers to forms look like on the wire."""

from __future__ import annotations

import json

import pytest

from chatweb.upstreams.replies import form_reply


def test_json_keeps_what_lines_cannot():
    values = {"note": "one:\ntwo", "days": 3, "ok": False, "tags": ["a"], "city": "北京"}
    reply = form_reply(values, as_json=True)
    assert json.loads(reply) == values
    assert "北京" in reply


def test_json_leaves_out_what_nobody_touched():
    assert json.loads(form_reply({"city": "", "days": None, "count": 0}, as_json=True)) == {"count": 0}


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Paris", "a:Paris"),
        ("10:30", "a:10:30"),
        ("one\r\ntwo\n\n three", "a:one two three"),
        ("one\u2028two\x85three", "a:one two three"),
        (3, "a:3"),
        (2.5, "a:2.5"),
        (True, "a:true"),
        (None, "a:"),
        ("", "a:"),
        ({"x": ["é"]}, 'a:{"x": ["é"]}'),
        ('{"file_id":"81"}', 'a:{"file_id":"81"}'),
    ],
)
def test_a_line_holds_its_value(value, line):
    assert form_reply({"a": value}, as_json=False) == line


def test_one_line_a_field_in_their_order():
    assert form_reply({"b": 1, "a": None, "c": "x"}, as_json=False) == "b:1\na:\nc:x"


def test_no_value_makes_a_field_of_its_own():
    assert form_reply({"a": "x\nb:stolen"}, as_json=False) == "a:x b:stolen"
