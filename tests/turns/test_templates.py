"""Outputs that admins wrote, filled with what a model wrote."""

from __future__ import annotations

import json

import pytest

from chatweb.turns.templates import TemplateFault, check_template, fill_template, places_of

ARGUMENTS = json.dumps(
    {
        "city": "Oslo",
        "days": ["Mon", "Tue"],
        "place": {"street": "Karl Johans gate", "number": 22, "is_open": True},
        "saying": 'He said "no"\\\n',
        "城市": "奥斯陆",
    }
)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("No rain in {city}.", "No rain in Oslo."),
        ("{place.street} {place.number}", "Karl Johans gate 22"),
        ("{days.1}, {place.is_open}, {days}", 'Tue, true, ["Mon", "Tue"]'),
        ("{城市}", "奥斯陆"),
        ("{city}", "Oslo"),
        ("{nothing}{place.nothing}{city.nothing}{days.7}.", "."),
        ("{{city}} is {city}, {{{city}}}", "{city} is Oslo, {Oslo}"),
        ("", ""),
        ("a lone { and }", "a lone { and }"),
    ],
)
def test_a_text(template: str, filled: str):
    assert fill_template(template, ARGUMENTS) == filled


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ('{"rain": 0.2, "where": "{city}"}', {"rain": 0.2, "where": "Oslo"}),
        ('{"said": "<{saying}>"}', {"said": '<He said "no"\\\n>'}),
        ('{"a": {"b": {place}}}', {"a": {"b": json.loads(ARGUMENTS)["place"]}}),
        ('{"a":{"b":{saying}}}', {"a": {"b": 'He said "no"\\\n'}}),
        ("[{days}, {days.0}, {nothing}]", [["Mon", "Tue"], "Mon", None]),
        ('{"all": "{place} {nothing}"}', {"all": json.dumps(json.loads(ARGUMENTS)["place"]) + " "}),
        ('{"braces": "{{city}} \\"{city}\\" {{"}', {"braces": '{city} "Oslo" {'}),
        ('"just {city}"', "just Oslo"),
        ('{"approved": true}', {"approved": True}),
        ("{}", {}),
    ],
)
def test_json_stays_json(template: str, value: object):
    check_template(template)
    assert json.loads(fill_template(template, ARGUMENTS)) == value


@pytest.mark.parametrize(
    "arguments",
    ["", "not JSON", "[1]", '"text"', "null", '{"city": ', "[" * 100_000, "1" * 5000],
    ids=["empty", "words", "list", "string", "null", "cut", "deep", "long number"],
)
def test_arguments_that_are_no_object_leave_the_places_empty(arguments: str):
    assert fill_template("<{city}>", arguments) == "<>"
    assert fill_template('{"city": {city}}', arguments) == '{"city": null}'


def test_numbers_that_json_does_not_have_become_null():
    filled = fill_template('[{a}, {b}, {c}, "{a}"]', '{"a": NaN, "b": 1e999, "c": 12345678901234567890123}')
    assert json.loads(filled, parse_constant=pytest.fail) == [None, None, 12345678901234567890123, ""]


def test_arguments_as_deep_as_can_be_read_do_no_harm():
    for depth in range(800, 1001, 4):
        assert fill_template("{a}", '{"a": ' + "[" * depth + "]" * depth + "}") != "{a}"


def test_what_no_database_stores_is_replaced():
    arguments = '{"a": "x\\ud800y\\u0000z"}'
    assert fill_template("{a}", arguments) == "x\ufffdy\ufffdz"
    assert json.loads(fill_template('{"a": "{a}", "b": {a}}', arguments)) == {
        "a": "x\ufffdy\x00z",
        "b": "x\ufffdy\x00z",
    }


def test_values_are_not_filled_in_again():
    assert fill_template("{a} {b}", '{"a": "{b}", "b": "{a}"}') == "{b} {a}"


def test_the_reason_outranks_an_argument_of_that_name():
    template = '{"approved": false, "reason": "{reason}"}'
    filled = fill_template(template, '{"reason": "mine"}', reason='too "far"')
    assert json.loads(filled) == {"approved": False, "reason": 'too "far"'}


@pytest.mark.parametrize(
    "template", ["Rain in {city}", "{{", "{a}{b.c}", '{"a": {b}}', "[see](there) {x}", ""]
)
def test_good_templates(template: str):
    check_template(template)


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("Rain in {two words}", "A place is written"),
        ("Rain in {city", "A place is written"),
        ("{city}}", "A place is written"),
        ('{"a": }', "looks like JSON"),
        ('{"a": NaN}', "looks like JSON"),
        ('{"a": "{b}}', "looks like JSON"),
        ("[{a} {b}]", "looks like JSON"),
        ("x" * 65_537, "At most 64 KB"),
    ],
)
def test_templates_that_would_surprise(template: str, sentence: str):
    with pytest.raises(TemplateFault, match=sentence):
        check_template(template)


def test_the_places_of_a_template():
    assert places_of('{"a": "{b} {c.d}", "e": {b}}') == ["b", "c.d"]
    assert places_of("{b} {{c}}") == ["b"]
