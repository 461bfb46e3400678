"""Cells of CSV files that spreadsheets open without running them. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
# What spreadsheets begin a formula with, in every width; a tab or a line end in front hides it.
FORMULA = frozenset("=+-@＝＋－＠\t\r\n")

Cell = str | int | None


def line_of(cells: Sequence[Cell]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()


def safe(text: str) -> str:
    """
    >>> safe("=1+1"), safe("1+1")
    ("'=1+1", '1+1')
    """
    return "'" + text if text.lstrip(" ")[:1] in FORMULA and text.strip() else text
