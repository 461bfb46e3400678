"""Values against a JSON Schema that an admin registered. Pure."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match
from referencing import Registry
from referencing.exceptions import Unresolvable


def misfit(value: Any, schema: dict[str, Any]) -> str:
    """Why the value does not fit, or "" when it does. A schema that is none, or points outside, fits all:
    what an admin got wrong must not lock anybody out."""
    # An empty registry: nothing is ever fetched from anywhere.
    validator = Draft202012Validator(schema, registry=Registry())
    try:
        Draft202012Validator.check_schema(schema)
        error = best_match(validator.iter_errors(value))
    except (SchemaError, Unresolvable, re.error, RecursionError):
        return ""
    return error.message if error else ""


TITLES = {"x-titles": "title", "x-descriptions": "description"}


def in_language(schema: Any, language: str) -> Any:
    """The schema with titles and descriptions of that language ("en" or "zh"), where an admin wrote them as
    `x-titles` and `x-descriptions`; they mean nothing to JSON Schema."""
    if isinstance(schema, list):
        return [in_language(one, language) for one in schema]
    if not isinstance(schema, dict):
        return schema
    words = {name: schema[key][language] for key, name in TITLES.items() if _has(schema.get(key), language)}
    rest = {key: in_language(one, language) for key, one in schema.items() if key not in TITLES}
    return rest | words


def _has(words: Any, language: str) -> bool:
    return isinstance(words, dict) and isinstance(words.get(language), str) and bool(words[language])
