"""Outputs that admins write with places in them: `{city}`, `{place.street}`, `{days.0}` (M-051, M-054). Pure.

A template that is JSON stays JSON whatever is put into it. There `{{` and `}}` mean braces only inside of
strings, since `}}` outside is how objects end; in any other template they always do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from math import isfinite
from typing import Any, NoReturn

from django.utils.translation import gettext as _

MOST_BYTES = 65_536
PLACE = re.compile(r"\{([^\W\d][\w-]*(?:\.[\w-]+)*)\}")
TEXT_PARTS = re.compile(rf"(?P<pair>\{{\{{|\}}\}})|{PLACE.pattern}|(?P<stray>[{{}}])")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # databases refuse them


class TemplateFault(ValueError):
    """Why a template cannot be used: one sentence for its author."""


class Kind(Enum):
    TEXT = "as it is"
    VALUE = "a place for JSON or, in a text, for words"
    IN_STRING = "a place inside of a JSON string"
    STRAY = "a brace that is neither doubled nor part of a place"


Piece = tuple[Kind, str]  # of a place: its path


def fill_template(template: str, arguments_text: str, **more: str) -> str:
    """The template with the arguments of a call put in; `more` outranks them: `reason="too far"`.

    `arguments_text` is what a model wrote, JSON or not. What it lacks becomes null in JSON, nothing in text.
    """
    values = {**_arguments(arguments_text), **more}
    pieces = _json_pieces(template)
    write = _as_text if pieces is None else _as_json
    filled = _joined(
        _text_pieces(template) if pieces is None else pieces,
        lambda kind, path: write(kind, _found(values, path)),
    )
    return UNSTORABLE.sub("\ufffd", filled)


def check_template(template: str) -> None:
    """Raise TemplateFault for what would not come out as its author thinks."""
    if len(template.encode()) > MOST_BYTES:
        raise TemplateFault(_("At most 64 KB."))
    if _json_pieces(template) is not None:
        return
    if _looks_like_json(template.strip()):
        raise TemplateFault(_("This looks like JSON, but is none: %(fault)s") % {"fault": _fault(template)})
    if any(kind is Kind.STRAY for kind, _text in _text_pieces(template)):
        raise TemplateFault(
            _("A place is written {name} or {name.part}. A brace of the text is doubled: {{ or }}.")
        )


def places_of(template: str) -> list[str]:
    """The paths that are filled in, each once, in the order they stand."""
    pieces = _json_pieces(template)
    return list(
        dict.fromkeys(
            text
            for kind, text in (_text_pieces(template) if pieces is None else pieces)
            if kind in {Kind.VALUE, Kind.IN_STRING}
        )
    )


def _looks_like_json(template: str) -> bool:
    return bool(re.match(r"\{\s*[\"}]", template)) or (template[:1] == "[" and template[-1:] == "]")


def _json_pieces(template: str) -> list[Piece] | None:
    """Pieces of a template that is a JSON object, array or string whatever its places hold; else None."""
    pieces = list(_scan_json(template))
    try:
        trial = json.loads(_trial(pieces), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return pieces if isinstance(trial, dict | list | str) else None


def _trial(pieces: Iterable[Piece]) -> str:
    return _joined(pieces, lambda kind, _path: "x" if kind is Kind.IN_STRING else "0")


def _fault(template: str) -> str:
    try:
        json.loads(_trial(_scan_json(template)), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return str(error)
    return ""


def _scan_json(template: str) -> Iterator[Piece]:
    is_in_string = False
    at = 0
    while at < len(template):
        pair = template[at : at + 2]
        if place := PLACE.match(template, at):
            yield (Kind.IN_STRING if is_in_string else Kind.VALUE), place[1]
            at = place.end()
        elif is_in_string and (pair in {"{{", "}}"} or pair.startswith("\\")):
            yield Kind.TEXT, pair if pair.startswith("\\") else pair[0]
            at += 2
        else:
            is_in_string ^= template[at] == '"'
            yield Kind.TEXT, template[at]
            at += 1


def _text_pieces(template: str) -> Iterator[Piece]:
    at = 0
    for match in TEXT_PARTS.finditer(template):
        yield Kind.TEXT, template[at : match.start()]
        if match["pair"]:
            yield Kind.TEXT, match["pair"][0]
        elif match["stray"]:
            yield Kind.STRAY, match["stray"]
        else:
            yield Kind.VALUE, match[2]
        at = match.end()
    yield Kind.TEXT, template[at:]


def _joined(pieces: Iterable[Piece], write: Callable[[Kind, str], str]) -> str:
    return "".join(
        write(kind, text) if kind in {Kind.VALUE, Kind.IN_STRING} else text for kind, text in pieces
    )


def _arguments(text: str) -> dict[str, Any]:
    """What the model wrote, if it is an object; its numbers stay numbers that JSON has."""
    try:
        found = json.loads(text, parse_constant=lambda _name: None, parse_float=_finite)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _finite(digits: str) -> float | None:
    return float(digits) if isfinite(float(digits)) else None


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _found(values: Any, path: str) -> Any:
    """The value at a dotted path through objects and lists; None where there is none."""
    for step in path.split("."):
        if isinstance(values, dict):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return None
    return values


def _as_text(_kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _dumped(value)


def _as_json(kind: Kind, value: Any) -> str:
    if kind is Kind.IN_STRING:
        return _dumped(_as_text(kind, value))[1:-1]
    return _dumped(value)


def _dumped(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:  # nested as deep as could just be read
        return "null"
