"""One reader for every shape in which a question or an input form comes (wire-workflows 3.2, 3.3, 3.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .events import Field, Question
from .text import clean
from .values import mapping, sequence, storable, text_of

LINK = re.compile(r"https?://[^\s<>\"'()\[\]（）]+")
STRINGS_IN_STRINGS = 3  # JSON inside JSON strings, as deep as anybody sends it

# Kinds of file hidden behind the type "string" (wire-workflows 3.3).
ASSIST_TYPES = {
    1: "file",
    2: "image",
    3: "doc",
    4: "code",
    5: "ppt",
    6: "txt",
    7: "excel",
    8: "audio",
    9: "zip",
    10: "video",
    11: "svg",
    12: "voice",
    10000: "time",
}
PARAMETER_TYPES = {"float": "number", "list": "array"}


def read_question(data: object, id_: str = "", interrupt_type: int | None = None) -> Question | None:
    """The question in `data` (text or parsed), or None when there is none in it."""
    found = _read(unwrap(data))
    if found is None:
        return None
    text, options, fields = found
    return Question(id_, text, options, fields, interrupt_type, first_link(text))


def is_question(content: str) -> bool:
    """Whether a message is only the machine's form of a question. Strict: a bot may answer in JSON."""
    if not content.lstrip().startswith("{"):
        return False
    value = mapping(unwrap(content))
    if "x_properties" in value or "messages" in value:
        return _read(value) is not None
    if value.get("type") == "question" or value.get("content_type") in ("option", "form_schema"):
        return _read(value) is not None
    return False


def read_parameters(required_parameters: object) -> dict[str, Field]:
    """`required_parameters` of an interrupt: a map, each value an object or JSON of one."""
    fields = {}
    for name, value in mapping(unwrap(required_parameters)).items():
        spec = mapping(unwrap(value))
        fields[clean(name)] = Field(
            type=text_of(spec.get("type")) or "string",
            required=spec.get("required") is True,
            description=text_of(spec.get("description")),
            default=storable(spec.get("default_value")),
            schema=storable(spec.get("items") or spec.get("properties")),
        )
    return fields


def first_link(text: str) -> str:
    found = LINK.search(text)
    return found.group().rstrip(".,;:!?。，；：！？") if found else ""


def unwrap(data: object) -> Any:
    """JSON out of a string, also when it was put into a string twice; other text as it is."""
    for _ in range(STRINGS_IN_STRINGS):
        if not isinstance(data, str) or not data.lstrip().startswith(("{", "[", '"')):
            return data
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            return data
    return data


Found = tuple[str, tuple[str, ...], dict[str, Field]]


def _read(value: Any) -> Found | None:
    if isinstance(value, str):
        return (clean(value), (), {}) if value.strip() else None
    if isinstance(value, list):
        return ("", (), _schema_fields(value)) if _is_schema(value) else None
    if not isinstance(value, dict):
        return None
    if "x_properties" in value:
        card = unwrap(mapping(unwrap(value["x_properties"])).get("workflow_card_info"))
        return _read_card(mapping(card))
    if "card_type" in value:
        return _read_card(value)
    if isinstance(value.get("messages"), list):
        return _read_last(value["messages"])
    if "question" in value or "options" in value:
        return text_of(value.get("question")), _options(value.get("options")), {}
    if "content" in value:
        return _read(unwrap(value["content"]))
    return None


def _read_last(messages: list[Any]) -> Found | None:
    """A history: its last question is the one that is asked now, answers stand between."""
    for message in reversed(messages):
        if isinstance(message, dict) and message.get("type") != "answer":
            return _read(message)
    return None


def _read_card(card: Mapping[str, Any]) -> Found | None:
    asked = mapping(unwrap(card.get("question_card_data")))
    if asked:
        title = asked.get("Title", asked.get("title"))
        return text_of(title), _options(asked.get("Options", asked.get("options"))), {}
    form = sequence(unwrap(card.get("input_card_data")))
    return ("", (), _schema_fields(form)) if _is_schema(form) else None


def _options(value: object) -> tuple[str, ...]:
    """Names of options: strings, {name} or {key}."""
    names = []
    for option in sequence(unwrap(value)):
        if isinstance(option, dict):
            option = option.get("name") or option.get("key")
        if option not in (None, ""):
            names.append(text_of(option))
    return tuple(names)


def _is_schema(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(e, dict) and "name" in e and "type" in e for e in value)


def _schema_fields(schema: list[dict[str, Any]]) -> dict[str, Field]:
    """A node's outputSchema. What is false or empty is left out on the wire."""
    fields = {}
    for element in schema:
        kind = text_of(element.get("type"))
        assist = element.get("assistType")
        if kind == "string" and isinstance(assist, int):
            kind = ASSIST_TYPES.get(assist, kind)
        fields[text_of(element["name"])] = Field(
            type=PARAMETER_TYPES.get(kind, kind),
            required=element.get("required") is True,
            description=text_of(element.get("description")),
            default=storable(element.get("defaultValue")),
            schema=storable(element.get("schema")),
        )
    return fields
