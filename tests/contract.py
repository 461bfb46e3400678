"""The contract of the wire: tests/frames.json, and the tables of docs/protocol.md as JSON Schemas. Pure.

A type is a word of the document: `uuid`, `list of turn`, "one of `a` `b`", `time or null` …
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
FRAMES: Json = json.loads((ROOT / "tests/frames.json").read_text())
PROTOCOL = (ROOT / "docs/protocol.md").read_text()

WORDS: dict[str, Json] = {
    "uuid": {"type": "string", "format": "uuid"},
    "time": {"type": "string", "format": "date-time"},
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "any": {},
}
FIELD = re.compile(r"`(\w+)`: (.+)")


# --- the document ----------------------------------------------------------------------------------


def tables(document: str) -> dict[str, list[Json]]:
    """The rows of the tables below each heading, by heading: cells by column, code marks kept."""
    found: dict[str, list[Json]] = {}
    heading, columns = "", []
    for line in document.splitlines():
        if line.startswith("#"):
            heading, columns = line.strip("# "), []
        elif not line.startswith("|"):
            columns = []
        elif not columns:
            columns = cells(line)
        elif not line.startswith("|---"):
            found.setdefault(heading, []).append(dict(zip(columns, cells(line), strict=True)))
    return found


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


TABLES = tables(PROTOCOL)


def rows(column: str) -> dict[str, Json]:
    """Rows of every table that has this column, by what stands in it."""
    return {row[column].strip("`"): row for table in TABLES.values() for row in table if column in row}


# --- schemas ---------------------------------------------------------------------------------------


def type_schema(words: str, components: str) -> Json:
    """`components`: where named objects are, for example "#/components/schemas/". ValueError if unknown."""
    if words.endswith(" or null"):
        return {"anyOf": [type_schema(words.removesuffix(" or null"), components), {"type": "null"}]}
    if words.startswith("one of "):
        return {"enum": [value.strip('"') for value in re.findall(r"`([^`]+)`", words)]}
    if words.startswith("list of "):
        return {"type": "array", "items": type_schema(words.removeprefix("list of "), components)}
    if words.startswith("map of "):
        values = type_schema(words.removeprefix("map of "), components)
        return {"type": "object", "additionalProperties": values}
    if words in WORDS:
        return dict(WORDS[words])
    if words == "op" or words in TABLES:
        return {"$ref": components + words}
    raise ValueError(f"docs/protocol.md has no type {words}")


def object_schema(name: str, components: str) -> Json:
    """The object of a table whose rows are `field | type | meaning`."""
    properties = {}
    for row in TABLES[name]:
        described = {"description": row["meaning"]} if row["meaning"] else {}
        properties[row["field"].strip("`")] = type_schema(row["type"], components) | described
    return closed(properties, list(properties))


def fields_schema(cell: str, components: str, **constants: str) -> Json:
    """An object from a cell such as "`id`: uuid · `title`: text, optional", and what always says the same."""
    properties: Json = {key: {"const": value} for key, value in constants.items()}
    required = list(properties)
    for part in filter(None, cell.split(" · ")):
        match = FIELD.fullmatch(part)
        if match is None:
            raise ValueError(f"not a field of docs/protocol.md: {part}")
        name, words = match.groups()
        properties[name] = type_schema(words.removesuffix(", optional"), components)
        if words == words.removesuffix(", optional"):
            required.append(name)
    return closed(properties, required)


def closed(properties: Json, required: list[str]) -> Json:
    """What is not documented is not sent."""
    schema = {"type": "object", "properties": properties, "required": required}
    return schema | {"additionalProperties": False}


def object_names() -> list[str]:
    """Headings whose table describes an object, the page state apart: it is no part of any other."""
    return [name for name, table in TABLES.items() if "type" in table[0] and name != "Page state"]


def schemas(components: str) -> Json:
    """Every object of the document and `op`, by name."""
    ops = [op_schema(name, components) for name in rows("op")]
    return {name: object_schema(name, components) for name in object_names()} | {"op": {"oneOf": ops}}


def op_schema(name: str, components: str) -> Json:
    return described(rows("op")[name], fields_schema(rows("op")[name]["fields"], components, op=name))


def frame_schema(name: str, components: str) -> Json:
    row = rows("frame")[name]
    return described(row, fields_schema(row["fields"], components, type=name))


def described(row: Json, schema: Json) -> Json:
    return schema | ({"description": row["meaning"]} if row["meaning"] else {})


def mentioned(schema: Any, named: Json) -> set[str]:
    """Names of the objects that a schema refers to, by whatever way."""
    if isinstance(schema, list):
        return set().union(*(mentioned(one, named) for one in schema))
    if not isinstance(schema, dict):
        return set()
    found = set().union(*(mentioned(one, named) for one in schema.values()))
    name = schema["$ref"].rpartition("/")[2] if "$ref" in schema else ""
    return found | ({name} | mentioned(named[name], named) if name in named else set())


def examples_of(name: str) -> list[Json]:
    """The objects of tests/frames.json that are examples of a documented one."""
    return [example for key, example in FRAMES["objects"].items() if kind_of(key) == name]


def kind_of(key: str) -> str:
    """`turn_failed` is a turn; `tool_call` and `question` are the two kinds of action."""
    return "action" if key in ("tool_call", "question") else key.partition("_")[0]


# --- does a value fit ------------------------------------------------------------------------------

PYTHON_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def misfits(value: Any, schema: Json, named: Json, path: str = "$") -> Iterator[str]:
    """Where a value is not what the schema says; `named` holds what `$ref` names. Only our own keywords."""
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    for choice in ("anyOf", "oneOf"):
        if choice in schema and not any(fits(value, one, named) for one in schema[choice]):
            yield f"{path}: {value!r} is none of what it may be"
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "type" in schema:
        yield from misfits_of_type(value, schema, named, path)


def fits(value: Any, schema: Json, named: Json) -> bool:
    return not list(misfits(value, schema, named))


def misfits_of_type(value: Any, schema: Json, named: Json, path: str) -> Iterator[str]:
    kind = schema["type"]
    if value is not None if kind == "null" else type(value) is not PYTHON_TYPES[kind]:
        yield f"{path}: {value!r} is no {kind}"
    elif kind == "string" and not has_format(value, schema.get("format", "")):
        yield f"{path}: {value!r} is no {schema['format']}"
    elif kind == "array":
        for index, one in enumerate(value):
            yield from misfits(one, schema["items"], named, f"{path}[{index}]")
    elif kind == "object":
        yield from misfits_of_object(value, schema, named, path)


def misfits_of_object(value: Json, schema: Json, named: Json, path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{path}.{key} is missing" for key in schema.get("required", []) if key not in value)
    for key, one in value.items():
        others = schema.get("additionalProperties", False)
        if key in known or others is not False:
            yield from misfits(one, known.get(key, others), named, f"{path}.{key}")
        else:
            yield f"{path}.{key} is not documented"


def has_format(value: str, name: str) -> bool:
    try:
        if name == "uuid":
            return str(UUID(value)) == value
        if name == "date-time":
            return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
    return True


def printed(description: Json) -> str:
    """A description as its file holds it."""
    return json.dumps(description, ensure_ascii=False, indent=2) + "\n"
