"""Values as upstreams really send them: numbers as strings, nulls, other names (wire-workflows 1.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .events import Usage
from .text import clean

raw_decode = json.JSONDecoder().raw_decode


def parse(text: str | bytes) -> Any:
    """The JSON value, or None for what is none (also for nesting too deep to be meant)."""
    try:
        if type(text) is str:
            value, end = raw_decode(text)  # what json.loads does after looking for blanks: half the time
            if end == len(text):
                return value
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def as_object(text: str) -> dict[str, Any]:
    value = parse(text)
    return value if isinstance(value, dict) else {}


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """Text as it can be stored; null is "", anything that is no text is shown as JSON."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    return clean(json.dumps(value, ensure_ascii=False))


def ident(value: object) -> str:
    """An id as text, never a float. "0" is as good as absent (quirks 14, 44)."""
    if isinstance(value, str):
        return "" if value == "0" else clean(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value else ""
    return ""


def whole_number(value: object) -> int:
    """A count or a time in seconds, also from a string; 0 for what is none."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 20 else 0
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18:
        return int(value)
    return 0


def storable(value: Any) -> Any:
    """Any JSON value with its texts as databases take them."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): storable(item) for key, item in value.items()}
    return value


def string_map(value: object) -> dict[str, str]:
    return {clean(key): text_of(item) for key, item in mapping(value).items()}


def usage_of(value: object) -> Usage | None:
    """Tokens under any of their names; None when absent or {} (quirks 15, 41)."""
    counts = mapping(value)
    if not counts:
        return None
    given = _first(counts, "input_count", "input_tokens", "prompt_tokens")
    made = _first(counts, "output_count", "output_tokens", "completion_tokens")
    total = whole_number(_first(counts, "token_count", "total_tokens"))
    if given is not None or made is not None:
        # Studio's chatflow counts the output twice in its sum.
        total = max(0, whole_number(given)) + max(0, whole_number(made)) or total
    return Usage(max(0, total), max(0, whole_number(given)), max(0, whole_number(made)))


def _first(counts: Mapping[str, Any], *names: str) -> Any:
    return next((counts[name] for name in names if counts.get(name) is not None), None)


def execute_id_of(debug_url: str) -> str:
    """The run a debug page is about (wire-workflows 1.3)."""
    try:
        query = parse_qs(urlsplit(debug_url).query)
    except ValueError:
        return ""
    return ident(query.get("execute_id", [""])[0])
