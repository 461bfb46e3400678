"""Start parameters of a workflow as JSON Schema, draft 2020-12 (seed 002, OpenAPIParameter). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .questions import ASSIST_TYPES, unwrap
from .text import clean
from .values import mapping, parse, storable, text_of

JsonSchema = dict[str, Any]

# A chatflow gets these with every question: nobody fills them in.
BUILT_IN = frozenset({"USER_INPUT", "CONVERSATION_NAME"})
PLAIN = frozenset({"string", "integer", "number", "boolean"})
ANY_FILE = "default"
FILES = frozenset(ASSIST_TYPES.values()) - {"time"} | {ANY_FILE}
DEEPEST = 20  # as deep as a schema goes before the rest counts as anything


def schema_of_parameters(parameters: object) -> JsonSchema | None:
    """Schema of the object a workflow is started with, or None when it is started with nothing.

    Files are strings of format "file"; `x-file` says which kind ("file": any).
    """
    asked = {name: spec for name, spec in mapping(unwrap(parameters)).items() if name not in BUILT_IN}
    return _object(asked, 0) if asked else None


def _object(parameters: Mapping[str, Any], depth: int) -> JsonSchema:
    specs = {clean(name): mapping(unwrap(spec)) for name, spec in parameters.items()}
    schema: JsonSchema = {
        "type": "object",
        "properties": {name: _parameter(spec, depth + 1) for name, spec in specs.items()},
    }
    required = [name for name, spec in specs.items() if spec.get("required") is True]
    return schema | ({"required": required} if required else {})


def _parameter(spec: Mapping[str, Any], depth: int) -> JsonSchema:
    schema = _typed(spec, depth) if depth < DEEPEST else {}
    if description := text_of(spec.get("description")):
        schema["description"] = description
    default = _default(spec.get("default_value"), schema.get("type"))
    return schema if default is None else schema | {"default": default}


def _typed(spec: Mapping[str, Any], depth: int) -> JsonSchema:
    kind = text_of(spec.get("type")).lower()
    if kind in PLAIN:
        return {"type": kind}
    if kind == "time":
        return {"type": "string", "format": "date-time"}
    if kind in FILES:
        return {"type": "string", "format": "file", "x-file": "file" if kind == ANY_FILE else kind}
    if kind == "object":
        properties = mapping(unwrap(spec.get("properties")))
        return _object(properties, depth) if properties else {"type": "object"}
    if kind == "array":
        items = mapping(unwrap(spec.get("items")))
        return {"type": "array", "items": _parameter(items, depth + 1)} if items else {"type": "array"}
    return {}


def _default(value: object, kind: object) -> object:
    """The wire writes every default as text; None where there is none, or it is not of the type."""
    if value in (None, ""):
        return None
    if isinstance(value, str) and kind not in ("string", None):
        value = parse(value.lower() if kind == "boolean" else value)
    is_right = {
        "integer": type(value) is int or (type(value) is float and value.is_integer()),
        "number": type(value) in (int, float),
        "boolean": type(value) is bool,
        "object": type(value) is dict,
        "array": type(value) is list,
        "string": type(value) is str,
    }
    return storable(value) if is_right.get(str(kind), True) else None
