"""What a person typed into the search field, as a query. Pure.

Words and "phrases" must all occur; `bot:` `before:` `after:` `has:file` `is:waiting` `in:archived` narrow
down. Whatever looks like a prefix and is none is a word. What cannot be understood becomes a problem, and the
rest is searched for all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from .fold import fold

MOST_CHARS = 300
MOST_WORDS = 12
# As Chinese and other keyboards write them.
ALIKE = str.maketrans({"：": ":", "“": '"', "”": '"', "„": '"', "＂": '"', "«": '"', "»": '"'})
PIECE = re.compile(r'(?:(?P<prefix>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
# A day, a month or a year.
DAY = re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?")
SWITCHES = {("has", "file"): "has_file", ("is", "waiting"): "is_waiting", ("in", "archived"): "is_archived"}
DATES = ("before", "after")
PREFIXES = {"bot", *DATES, *(prefix for prefix, _ in SWITCHES)}
UNFINISHED = {f"{prefix}:" for prefix in PREFIXES}  # somebody is still typing


@dataclass(frozen=True, slots=True)
class Problem:
    """A prefix whose value says nothing."""

    prefix: str
    value: str


@dataclass(slots=True)
class Query:
    """`words`, `bots`: folded. `after` is the first day that counts, `before` the first that does not."""

    words: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None
    has_file: bool = False
    is_waiting: bool = False
    is_archived: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self == Query(problems=self.problems)


def parse(text: str) -> Query:
    """
    >>> parse('rain "in Ulm" bot:wea after:2026-11').words
    ('rain', 'in ulm')
    """
    query = Query()
    words: list[str] = []
    for piece in PIECE.finditer(text[:MOST_CHARS].translate(ALIKE)):
        prefix = (piece["prefix"] or "").lower()
        value = piece["word"] if piece["phrase"] is None else piece["phrase"]
        if prefix in PREFIXES:
            _narrow(query, prefix, value)
        elif piece[0].lower() not in UNFINISHED:
            words.append(fold(piece[0].replace('"', "")))
    query.words = tuple(dict.fromkeys(word for word in words if word))[:MOST_WORDS]
    return query


def _narrow(query: Query, prefix: str, value: str) -> None:
    switch = SWITCHES.get((prefix, value.lower()))
    if prefix == "bot" and fold(value):
        query.bots += (fold(value),)
    elif prefix in DATES and (day := day_of(value)) is not None:
        setattr(query, prefix, day)
    elif switch is not None:
        setattr(query, switch, True)
    else:
        query.problems.append(Problem(prefix, value))


def day_of(text: str) -> date | None:
    """The first day of what is named: a day, a month or a year. None if there is no such day."""
    named = DAY.fullmatch(text)
    if named is None:
        return None
    try:
        return date(int(named["year"]), int(named["month"] or 1), int(named["day"] or 1))
    except ValueError:
        return None
