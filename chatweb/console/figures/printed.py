"""Rows of a figure's table as HTML. Put together here, not by the template: a page has up to 9 000 cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .drawings import Column
from .log import log_of
from .measures import Unit, Value
from .shown import shown, shown_step, shown_tick
from .wanted import Wanted


def bare(value: Value) -> str:
    """What is machine-readable, in the CSV and for the canvas; whole numbers without a point."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def heads_of(wanted: Wanted) -> list[SafeString]:
    """The first cell of each step: its name, its tick, its conversations in the log."""
    address, by_hour, language = log_of(wanted), wanted.period.by_hour, get_language()
    heads = []
    for moment in wanted.period.starts:
        tick, step = names_of(moment.replace(tzinfo=None), by_hour, language)
        head = '<th scope="row" data-tick="{}"><a href="{}">{}</a></th>'
        heads.append(format_html(head, tick, address(moment), step))
    return heads


@lru_cache(maxsize=10_000)
def names_of(clock: datetime, by_hour: bool, language: str | None) -> tuple[str, str]:
    """A step by its reader's clock, for the axis and for the table. Formatting dates is slow."""
    return shown_tick(clock, by_hour), shown_step(clock, by_hour)


def rows_of(heads: Sequence[SafeString], columns: Sequence[Column], unit: Unit) -> SafeString:
    """A row a step: `heads` and the columns have one entry for each."""
    cells = zip(*(cells_of(column.values, unit) for column in columns), strict=True)
    rows = (f"<tr>{head}{''.join(row)}</tr>" for head, row in zip(heads, cells, strict=True))
    return mark_safe("\n".join(rows))  # noqa: S308 - of escaped parts


def cells_of(values: Sequence[Value], unit: Unit) -> Iterator[str]:
    language = get_language()
    return (cell_of(value, unit, language) for value in values)


@lru_cache(maxsize=20_000)
def cell_of(value: Value, unit: Unit, language: str | None) -> str:
    """The value for the canvas and the words for people. Many cells say the same."""
    return f'<td class="sheet__number" data-value="{bare(value)}">{escape(shown(value, unit))}</td>'
