"""Reads the directives for tests out of a question (listed in the package's docstring). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

_WORD = re.compile(r"(?<!\S)([a-z_]+)=(\S+)")
_POINT = re.compile(
    r"(before_submit|submitted|accepted|created|first|delta:\d+|last|ending|completed|cancelling)\Z"
)
LATER_POINTS = {"before_submit", "submitted", "cancelling"}
CALLS = {"rain", "file", "position", "infos", "book", "broken", "mixed"}
ASKS = {"form", "photo", "plugin", "plugin6", "signin", "options"}


@dataclass(frozen=True)
class Directives:
    """None means: not said."""

    tokens: int | None = None
    rate: float | None = None
    think: int = 0
    answers: int = 1
    follow_ups: int | None = None
    content_type: str = ""
    first_delay: float = 0.0
    drop_after: int | None = None
    stall_after: int | None = None
    hang_after: int | None = None
    cut_after: int | None = None
    hold: str = ""
    hold_at: str = ""
    error: int | None = None
    error_event: int | None = None
    refuse: int | None = None
    refuse_submit: tuple[int, int] | None = None  # code, how many times
    expires: float | None = None
    expires_as: str = "failed"
    calls: tuple[tuple[str, ...], ...] = ()  # rounds of calls
    asks: tuple[str, ...] = ()
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


def _refusals(text: str) -> tuple[int, int]:
    code, _, times = text.partition(":")
    return _count(code), _count(times or "1")


def _content_type(text: str) -> str:
    if text not in {"card", "object_string", "image"}:
        raise ValueError(text)
    return text


def _status(text: str) -> str:
    if text not in {"failed", "expired"}:
        raise ValueError(text)
    return text


def _known_words(text: str, known: set[str]) -> tuple[str, ...]:
    words = tuple(text.split(","))
    if not known.issuperset(words):
        raise ValueError(text)
    return words


def _rounds(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(_known_words(each, CALLS) for each in text.split("/"))


_count = _at_least_zero(int)
_amount = _at_least_zero(float)
_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "tokens": ("tokens", _count),
    "rate": ("rate", _amount),
    "think": ("think", _count),
    "answers": ("answers", _count),
    "follow_ups": ("follow_ups", _count),
    "as": ("content_type", _content_type),
    "first_delay": ("first_delay", _amount),
    "drop_after": ("drop_after", _count),
    "stall_after": ("stall_after", _count),
    "hang_after": ("hang_after", _count),
    "cut_after": ("cut_after", _count),
    "hold": ("hold", str),
    "hold_at": ("hold_at", _point),
    "error": ("error", _count),
    "error_event": ("error_event", _count),
    "refuse": ("refuse", _count),
    "refuse_submit": ("refuse_submit", _refusals),
    "expires": ("expires", _amount),
    "expires_as": ("expires_as", _status),
    "call": ("calls", _rounds),
    "ask": ("asks", lambda text: _known_words(text, ASKS)),
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


def carry_over(first: Directives, own: Directives) -> Directives:
    """What the beginning said about its answers, unless the answer says it itself."""
    if not own.hold and first.hold_at in LATER_POINTS:
        own = replace(own, hold=first.hold, hold_at=first.hold_at)
    if own.expires is None:
        own = replace(own, expires=first.expires, expires_as=first.expires_as)
    return own
