"""Start parameters of workflows as JSON Schema."""

from __future__ import annotations

import pytest

from chatweb.upstreams.parameters import schema_of_parameters


def schema_of(**spec):
    schema = schema_of_parameters({"p": spec})
    assert schema is not None
    return schema["properties"]["p"]


def test_an_object_with_what_is_required():
    schema = schema_of_parameters(
        {
            "city": {"type": "string", "required": True, "description": "Where"},
            "days": {"type": "integer", "required": False, "default_value": "3"},
            "USER_INPUT": {"type": "string", "required": True},
            "CONVERSATION_NAME": {"type": "string", "default_value": ""},
        }
    )
    assert schema == {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Where"},
            "days": {"type": "integer", "default": 3},
        },
        "required": ["city"],
    }


@pytest.mark.parametrize("parameters", [{}, None, "", "[]", {"USER_INPUT": {"type": "string"}}])
def test_nothing_to_start_with(parameters):
    assert schema_of_parameters(parameters) is None


@pytest.mark.parametrize(
    ("type_", "schema"),
    [
        ("string", {"type": "string"}),
        ("number", {"type": "number"}),
        ("boolean", {"type": "boolean"}),
        ("time", {"type": "string", "format": "date-time"}),
        ("image", {"type": "string", "format": "file", "x-file": "image"}),
        ("excel", {"type": "string", "format": "file", "x-file": "excel"}),
        ("file", {"type": "string", "format": "file", "x-file": "file"}),
        ("default", {"type": "string", "format": "file", "x-file": "file"}),
        ("object", {"type": "object"}),
        ("array", {"type": "array"}),
        ("something new", {}),
    ],
)
def test_every_type(type_, schema):
    assert schema_of(type=type_) == schema


def test_what_is_inside_objects_and_lists():
    inner = {"kind": {"type": "string", "required": True}}
    assert schema_of(type="array", items={"type": "object", "properties": inner}) == {
        "type": "array",
        "items": {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]},
    }
    assert schema_of(type="array", items={"type": "image"})["items"]["x-file"] == "image"


@pytest.mark.parametrize(
    ("type_", "given", "default"),
    [
        ("string", "3", "3"),
        ("integer", "3", 3),
        ("number", "2.5", 2.5),
        ("boolean", "True", True),
        ("array", '["a"]', ["a"]),
        ("object", '{"a":1}', {"a": 1}),
        ("integer", 0, 0),
        ("boolean", False, False),
    ],
)
def test_a_default_has_its_type(type_, given, default):
    assert schema_of(type=type_, default_value=given)["default"] == default


@pytest.mark.parametrize(
    ("type_", "given"),
    [("integer", "many"), ("boolean", "3"), ("array", "{}"), ("integer", "2.5"), ("string", "")],
)
def test_a_default_of_another_type_is_none(type_, given):
    assert "default" not in schema_of(type=type_, default_value=given)


def test_an_endless_schema_ends():
    spec = {"type": "string"}
    for _ in range(500):
        spec = {"type": "array", "items": spec}
    assert schema_of(**spec)["items"]["items"]["type"] == "array"
