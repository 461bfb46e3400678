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
