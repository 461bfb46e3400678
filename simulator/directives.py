"""Reads the directives for tests out of a question (listed in the package's docstring). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_WORD = re.compile(r"(?<!\S)([a-z_]+)=(\S+)")
_POINT = re.compile(r"(accepted|created|first|delta:\d+|last|ending|completed)\Z")


@dataclass(frozen=True)
class Directives:
    """None means: not said."""

    tokens: int | None = None
    rate: float | None = None
    think: int = 0
    answers: int = 1
    follow_ups: int | None = None
    first_delay: float = 0.0
    drop_after: int | None = None
    stall_after: int | None = None
    hang_after: int | None = None
    hold: str = ""
    hold_at: str = ""
    error: int | None = None
    error_event: int | None = None
    refuse: int | None = None
    garbage: bool = False
    busy_for: float = 3.0
    quirks: frozenset[str] = frozenset()


def _at_least_zero(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def convert(text: str) -> Any:
        value = kind(text)
        if not 0 <= value < 10_000_000_000:
            raise ValueError(text)
        return value

    return convert


def _point(text: str) -> str:
    if not _POINT.match(text):
        raise ValueError(text)
    return text


def _quirks(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


_count = _at_least_zero(int)
_amount = _at_least_zero(float)
_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "tokens": ("tokens", _count),
    "rate": ("rate", _amount),
    "think": ("think", _count),
    "answers": ("answers", _count),
    "follow_ups": ("follow_ups", _count),
    "first_delay": ("first_delay", _amount),
    "drop_after": ("drop_after", _count),
    "stall_after": ("stall_after", _count),
    "hang_after": ("hang_after", _count),
    "hold": ("hold", str),
    "hold_at": ("hold_at", _point),
    "error": ("error", _count),
    "error_event": ("error_event", _count),
    "refuse": ("refuse", _count),
    "garbage": ("garbage", lambda text: text == "1"),
    "busy_for": ("busy_for", _amount),
    "quirk": ("quirks", _quirks),
}


def read_directives(text: str) -> Directives:
    """A word that is no directive, or has a value that makes no sense, is ordinary text."""
    found: dict[str, Any] = {}
    for name, value in _WORD.findall(text):
        if name not in _READERS:
            continue
        target, convert = _READERS[name]
        try:
            found[target] = convert(value)
        except ValueError:
            continue
    return Directives(**found)
