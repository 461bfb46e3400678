"""The mapping as a spreadsheet: cells that a spreadsheet cannot run, and what people send back. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RUNS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
# Headers are read in either language, whatever the reader's is, and whatever their case.
NAMES = {
    "user": ("user", "user name", "username", "用户", "用户名"),
    "connection": ("connection", "连接"),
    "key": ("coze user_id", "user_id", "key", "标识"),
}
MOST_LINES = 20_000


class Unreadable(Exception):
    """No table of ours; `reason`: "encoding", "headers", "too_long" or "table"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """`number` as an editor counts lines, the headers being the first."""

    number: int
    user: str
    connection: str
    key: str


def safe(cell: object) -> str:
    """
    >>> safe("=1+1"), safe("ana"), safe(3)
    ("'=1+1", 'ana', '3')
    """
    text = str(cell)
    return f"'{text}" if text.startswith(RUNS) else text


def plain(cell: str) -> str:
    """What `safe` was made of."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNS) else text


def row(cells: Sequence[object]) -> str:
    """A line of CSV as spreadsheets read it."""
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) for cell in cells])
    return out.getvalue()


def decoded(content: bytes) -> str:
    """Text as Excel saves it: UTF-8, UTF-16 with a mark, or the Chinese code page. Raises Unreadable."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def lines_of(text: str) -> list[Line]:
    """The table's lines, those with nothing in them left out. Raises Unreadable."""
    text = text.removeprefix(BOM)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return list(_lines(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error as bad:
        raise Unreadable("table") from bad


def _lines(table: Iterable[list[str]]) -> Iterable[Line]:
    reader = iter(table)
    headers = [cell.strip().lower() for cell in next(reader, [])]
    places = {name: _place(headers, words) for name, words in NAMES.items()}
    for count, cells in enumerate(reader):
        if count >= MOST_LINES:
            raise Unreadable("too_long")
        if any(cell.strip() for cell in cells):
            given = {
                name: plain(cells[place]) if place < len(cells) else "" for name, place in places.items()
            }
            yield Line(count + 2, **given)


def _place(headers: list[str], words: tuple[str, ...]) -> int:
    for word in words:
        if word in headers:
            return headers.index(word)
    raise Unreadable("headers")
