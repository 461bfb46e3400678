"""Before and after of one field, as pieces that are the same, gone or new. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

WORD = re.compile(r"\w+|\s+|[^\w\s]")
MOST_WORDS = 2_000  # of a text that is compared word by word

Piece = tuple[str, bool]  # a text, and whether it is on this side only


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    before: list[Piece]
    after: list[Piece]
    is_secret: bool = False


def differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Difference]:
    """One for each field that either side has, by name."""
    was, now = before or {}, after or {}
    return [difference(name, was.get(name), now.get(name)) for name in dict.fromkeys([*was, *now])]


def difference(name: str, before: Any, after: Any) -> Difference:
    if isinstance(after, dict) and set(after) == {"secret"}:
        return Difference(name, [], [(secret_words(after["secret"]), False)], is_secret=True)
    old, new = readable(before), readable(after)
    return Difference(name, *pieces(old, new))


def secret_words(change: str) -> str:
    words = {"set": _("set; never shown"), "removed": _("removed")}
    return words.get(change, _("changed; never shown"))


def readable(value: Any) -> str:
    """As a person would write it: `Helper (7)`, one line an entry of a list, indented JSON.

    >>> readable([{"id": "1", "name": "Sales"}, {"id": "2", "name": "Support"}])
    'Sales (1)\\nSupport (2)'
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict) and set(value) == {"id", "name"}:
        return f"{value['name']} ({value['id']})"
    if isinstance(value, list) and all(is_plain(one) for one in value):
        return "\n".join(readable(one) for one in value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


def is_plain(value: Any) -> bool:
    return set(value) == {"id", "name"} if isinstance(value, dict) else isinstance(value, str | int | float)


def pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they differ, by words, or by lines where there are too many.

    >>> pieces("a red bot", "a blue bot")
    ([('a ', False), ('red', True), (' bot', False)], [('a ', False), ('blue', True), (' bot', False)])
    """
    if not old or not new:
        return ([(old, True)] if old else []), ([(new, True)] if new else [])
    was, now = WORD.findall(old), WORD.findall(new)
    if max(len(was), len(now)) > MOST_WORDS:
        was, now = old.splitlines(keepends=True), new.splitlines(keepends=True)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if a < b:
            left.append(("".join(was[a:b]), kind != "equal"))
        if c < d:
            right.append(("".join(now[c:d]), kind != "equal"))
    return left, right
