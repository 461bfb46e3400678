"""Typed fields of an input node, and what a reply makes of them (wire-workflows 3.3). Pure."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

FILE_TYPES = {"file": 1, "image": 2, "doc": 3, "audio": 8, "video": 10}  # -> assistType
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?\Z")


@dataclass(frozen=True)
class FormField:
    """`properties` of an object, `items` of an array: the type of its elements. `is_strict`: a time has the
    shape of one."""

    name: str
    type: str
    required: bool = False
    description: str = ""
    default: str = ""
    properties: tuple[FormField, ...] = ()
    items: str = ""
    is_strict: bool = False


class OwnReply(str, ABC):
    """A reply that reads a form in a way of its own."""

    __slots__ = ()

    @abstractmethod
    def read(self, fields: tuple[FormField, ...]) -> dict[str, Any]:
        """The values, or what the form takes for them."""


def read_form(reply: str, fields: tuple[FormField, ...]) -> dict[str, Any] | None:
    """A JSON object or lines `name:value` as typed values; None when one is missing or of the wrong type."""
    if isinstance(reply, OwnReply):
        return reply.read(fields)
    return _read_values(_pairs(reply), fields)


def _read_values(raw: dict[str, Any], fields: tuple[FormField, ...]) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    for each in fields:
        given = raw.get(each.name)
        if given is None or given == "":
            if each.required and not each.default:
                return None
            given = each.default
        if given == "":
            continue
        value = convert(given, each)
        if value is None:
            return None
        values[each.name] = value
    return values


def parse_object(text: str) -> dict[str, Any]:
    """{} for what is no JSON object."""
    return _parse(text, dict) or {}


def _pairs(reply: str) -> dict[str, Any]:
    value = parse_object(reply)
    if value:
        return value
    lines = (line.partition(":") for line in reply.strip().strip("{}").splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


def convert(given: Any, field: FormField) -> Any:
    """None when the value is not of the type."""
    text = given if isinstance(given, str) else json.dumps(given)
    match field.type:
        case "integer":
            return int(text) if text.lstrip("-").isdecimal() else None
        case "boolean":
            return {"true": True, "false": False}.get(text.lower())
        case "number":
            return _number(text)
        case "time" if field.is_strict:
            return text if _TIME.match(text) else None
        case "object":
            value = _parse(text, dict)
            return None if value is None else _read_values(value, field.properties)
        case "array":
            return _array(text, field.items)
        case kind if kind in FILE_TYPES:
            return _file(text)
    return text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _array(text: str, kind: str) -> list[Any] | None:
    elements = _parse(text, list)
    if elements is None:
        return None
    if kind == "string":
        return elements if all(isinstance(each, str) for each in elements) else None
    values = [convert(each, FormField("", kind)) for each in elements]
    return None if None in values else values


def _file(text: str) -> str | None:
    """The id of `{"file_id": "…"}`, or an address. Whether there is such a file is not asked."""
    if text.startswith("https://"):
        return text
    file_id = (_parse(text, dict) or {}).get("file_id")
    return file_id if isinstance(file_id, str) and file_id else None


def _parse(text: str, kind: type) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, kind) else None


def parameter_of(field: FormField) -> dict[str, Any]:
    """An entry of `required_parameters`, without the name."""
    parameter: dict[str, Any] = {"type": field.type, "required": field.required}
    if field.description:
        parameter["description"] = field.description
    if field.default:
        parameter["default_value"] = field.default
    if field.properties:
        parameter["properties"] = {each.name: parameter_of(each) for each in field.properties}
    if field.items:
        parameter["items"] = {"type": field.items}
    return parameter


def card_element(field: FormField) -> dict[str, Any]:
    """An element of a card: description, default and what is nested are lost there."""
    kinds = {"time": "string", "number": "float", "array": "list"} | dict.fromkeys(FILE_TYPES, "string")
    element: dict[str, Any] = {"type": kinds.get(field.type, field.type), "name": field.name}
    if field.required:
        element["required"] = True
    return element


def schema_element(field: FormField) -> dict[str, Any]:
    """An element of a node's outputSchema."""
    element = card_element(field)
    if field.type == "time":
        element["assistType"] = 10000
    if field.type in FILE_TYPES:
        element["assistType"] = FILE_TYPES[field.type]
    if field.description:
        element["description"] = field.description
    if field.default:
        element["defaultValue"] = field.default
    if field.properties:
        element["schema"] = [schema_element(each) for each in field.properties]
    if field.items:
        element["schema"] = {"type": field.items}
    return element
