"""One reader for every shape of a question (wire-workflows 3)."""

from __future__ import annotations

import pytest

from chatweb.upstreams.events import Field
from chatweb.upstreams.interrupts import read_interrupt
from chatweb.upstreams.questions import ASSIST_TYPES, is_question, read_parameters, read_question

from .samples import CARD, FORM_SCHEMA, OPTION, dumps

TEXT = {"type": "question", "content_type": "text", "content": "City?", "id": "1_0"}
INPUT_CARD = dumps(
    {
        "x_properties": dumps(
            {"workflow_card_info": {"card_type": "INPUT", "input_card_data": dumps(FORM_SCHEMA[:1])}}
        )
    }
)


@pytest.mark.parametrize(
    ("data", "text", "options", "fields"),
    [
        (OPTION, "Which city?", ("Paris", "Rome"), []),
        (dumps(OPTION), "Which city?", ("Paris", "Rome"), []),
        (dumps(dumps(OPTION)), "Which city?", ("Paris", "Rome"), []),
        (CARD, "Which city?", ("Paris", "Rome"), []),
        (INPUT_CARD, "", (), ["city"]),
        (
            {"messages": [TEXT, {"type": "answer", "content": "Paris"}, OPTION]},
            "Which city?",
            ("Paris", "Rome"),
            [],
        ),
        ({"messages": [OPTION, TEXT, {"type": "answer", "content": "x"}]}, "City?", (), []),
        ({"content_type": "text", "content": "City?"}, "City?", (), []),
        ({"content_type": "text", "content": dumps(FORM_SCHEMA)}, "", (), ["city", "when", "tags"]),
        ({"content_type": "form_schema", "content": FORM_SCHEMA}, "", (), ["city", "when", "tags"]),
        (
            {"question": "Q", "options": ["A", {"key": "B"}, {"name": "C"}, {}, None]},
            "Q",
            ("A", "B", "C"),
            [],
        ),
        ("Just words?", "Just words?", (), []),
    ],
)
def test_every_shape(data, text, options, fields):
    question = read_question(data, "7300/1", 2)
    assert question is not None
    assert (question.text, question.options, list(question.fields)) == (text, options, fields)
    assert (question.id, question.interrupt_type) == ("7300/1", 2)


@pytest.mark.parametrize(
    "data", ["", "  ", None, 5, [], {}, {"messages": []}, {"x_properties": "{}"}, {"content": ""}]
)
def test_nothing_is_no_question(data):
    assert read_question(data) is None


@pytest.mark.parametrize("number", ASSIST_TYPES)
def test_kinds_of_files_behind_strings(number):
    form = [{"type": "string", "name": "it", "assistType": number}]
    question = read_question(form)
    assert question is not None
    assert question.fields["it"].type == ASSIST_TYPES[number]


def test_a_schema_s_other_words():
    form = [
        {"type": "float", "name": "price", "description": "In euro", "defaultValue": "1.5", "required": True},
        {"type": "list", "name": "tags", "schema": {"type": "string"}},
        {"type": "string", "name": "odd", "assistType": 999},
    ]
    question = read_question(form)
    assert question is not None
    assert dict(question.fields) == {
        "price": Field("number", True, "In euro", "1.5"),
        "tags": Field("array", schema={"type": "string"}),
        "odd": Field("string"),
    }


def test_required_parameters_also_as_json_in_json():
    parameters = dumps({"days": dumps({"type": "integer", "default_value": "3"}), "bad": 5})
    assert read_parameters(parameters) == {"days": Field("integer", default="3"), "bad": Field()}


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (dumps(OPTION), True),
        (CARD, True),
        (dumps({"messages": [TEXT]}), True),
        (dumps({"content_type": "form_schema", "content": dumps(FORM_SCHEMA)}), True),
        ('{"output":"rain"}', False),
        ('{"content_type":"text","content":"a bot may say so"}', False),
        ('{"content":"half', False),
        ("Where to?", False),
        ("", False),
    ],
)
def test_only_the_machine_s_form_is_withheld_from_people(content, is_one):
    assert is_question(content) is is_one


@pytest.mark.parametrize(
    ("data", "link"),
    [
        ("Sign in: [here](https://auth.example/x?a=1)", "https://auth.example/x?a=1"),
        ('{"url":"https://auth.example/y"}', "https://auth.example/y"),
        ("请登录 https://auth.example/z。", "https://auth.example/z"),
        ("no link", ""),
    ],
)
def test_where_to_sign_in(data, link):
    action = read_interrupt({"event_id": "1/2", "type": 7, "data": data})
    assert action.questions[0].link == link


@pytest.mark.parametrize(
    ("data", "name", "arguments"),
    [
        ('{"name":"rain","arguments":"{\\"a\\":1}"}', "rain", '{"a":1}'),
        ('{"name":"rain","arguments":{"a":1}}', "rain", '{"a": 1}'),
        ('{"content_type":"text","content":"do it"}', "Node", "do it"),
        ("plain", "Node", "plain"),
    ],
)
def test_a_local_plugin_s_payload_is_taken_as_it_comes(data, name, arguments):
    (call,) = read_interrupt({"event_id": "1/2", "type": 1, "data": data}, "Node").calls
    assert (call.id, call.name, call.arguments, call.interrupt_type) == ("1/2", name, arguments, 1)


def test_what_waits_knows_its_node_and_what_to_echo():
    (question,) = read_interrupt({"event_id": "7300/6301/2", "type": "2", "data": "City?"}, "Q").questions
    assert (question.id, question.interrupt_type, question.title) == ("7300/6301/2", 2, "Q")
    (call,) = read_interrupt({"event_id": "7300/6302", "type": 6, "data": '{"name":"rain"}'}, "P").calls
    assert (call.id, call.interrupt_type, call.title, call.name) == ("7300/6302", 6, "P", "rain")
