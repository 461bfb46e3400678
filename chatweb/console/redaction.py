"""What operators never read, on the screen or in an export: personal data found by patterns (M-099)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from chatweb.models import RedactionPattern

Redact = Callable[[str], str]
# Pattern and what stands in its place, in the order they are applied.
Rules = tuple[tuple[str, str], ...]

# The name of what was there stands in its place. Order counts: a key may hold what looks like a phone number.
# Each takes time in proportion to the text: what may stand before a match is looked at once only.
BUILT_IN: Mapping[str, str] = {
    "key": r"\b(?:pat|sk|ghp|xox[abp])[-_][A-Za-z0-9_-]{12,}\b",
    "mail": r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    "id card": (
        r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
    ),
    "phone": (
        r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"
        r"|(?<![\w.])\+\d{1,3}(?:[ -]?\d{2,4}){2,5}(?!\d)"
    ),
}

# The last word of a name that was cut, if it is more than letters: half a number, half an address.
CUT_END = re.compile(r"[\w@.%+-]*[\d@_.%+-][\w@.%+-]*…$")


def redactor(patterns: Mapping[str, str] | None = None) -> Redact:
    """A function that puts [name] in the place of everything a pattern finds.

    Without `patterns`: those of this site as they are now, in one query.
    """
    if patterns is not None:
        return _by(tuple((pattern, f"[{name}]") for name, pattern in patterns.items()))
    return _by(rules_of_site())


def rules_of_site() -> Rules:
    """The built-in ones that no row switches off, then the site's own."""
    rows = list(RedactionPattern.objects.order_by("pk"))
    off = {row.built_in for row in rows if row.built_in and not row.is_active}
    instead = {row.built_in: row.replacement for row in rows if row.built_in and row.replacement}
    built_in = [(BUILT_IN[name], instead.get(name) or f"[{name}]") for name in BUILT_IN if name not in off]
    own = [
        (row.expression, row.replacement or f"[{row.name}]")
        for row in rows
        if row.is_active and row.expression and not row.built_in
    ]
    return (*built_in, *own)


@lru_cache(maxsize=32)
def _by(rules: Rules) -> Redact:
    # A backslash of the replacement means itself.
    compiled = [(re.compile(pattern), instead.replace("\\", "\\\\")) for pattern, instead in rules]

    def redact(text: str) -> str:
        for rule, literal in compiled:
            text = rule.sub(literal, text)
        return text

    return redact


def redact_name(name: str, redact: Redact) -> str:
    """A name that was cut from a question may end within what a pattern would have found: without it."""
    cut = CUT_END.search(name)
    return redact(name[: cut.start()]) + "…" if cut else redact(name)


def redact_json(text: str, redact: Redact, indent: int | None = None) -> str:
    """A JSON text that stays JSON, redacted inside its strings, names and numbers and in JSON within strings.

    What is no JSON is redacted as text. `indent` as in json.dumps; without it, clean JSON stays as it was.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return redact(text)
    try:
        clean = redact_value(value, redact)
        if indent is None and clean == value and type(clean) is type(value):
            return text
        return json.dumps(clean, ensure_ascii=False, indent=indent)
    except RecursionError:
        return redact(text)


def redact_value(value: Any, redact: Redact) -> Any:
    """A value of JSON, with everything in it redacted. A number that is personal data becomes a string."""
    if isinstance(value, str):
        return _inner(value, redact)
    if isinstance(value, list):
        return [redact_value(each, redact) for each in value]
    if isinstance(value, dict):
        return {redact(name): redact_value(each, redact) for name, each in value.items()}
    if isinstance(value, bool) or value is None:
        return value
    said = str(value)
    clean = redact(said)
    return value if clean == said else clean


def _inner(text: str, redact: Redact) -> str:
    """Upstreams put JSON into strings of JSON: what is escaped in there must be found too."""
    return redact_json(text, redact) if text.lstrip()[:1] in ("{", "[") else redact(text)
