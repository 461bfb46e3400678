"""Rows of design section 7 as a Markdown table, with what must hold and what we aim at."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

from bench.server import CORES, PROJECT


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is judged against `must` and `aim` (limits from above, or from below for `is_more_better`);
    a row without them informs only."""

    figure: str
    value: float
    unit: str = ""
    must: float | None = None
    aim: float | None = None
    is_more_better: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.must is None:
            return ""
        if self._within(self.must):
            return "aim" if self.aim is not None and self._within(self.aim) else "must"
        return "**missed**"

    def _within(self, limit: float) -> bool:
        return self.value >= limit if self.is_more_better else self.value <= limit

    def line(self) -> str:
        sign = "≥" if self.is_more_better else "≤"
        limits = [f"{sign} {limit:g}" if limit is not None else "" for limit in (self.must, self.aim)]
        unit = f" {self.unit}" if self.unit else ""
        cells = [self.figure, shown(self.value) + unit, *limits, self.verdict, self.note]
        return f"| {' | '.join(cells)} |"


def shown(value: float) -> str:
    """Three figures are all that a run is worth."""
    if isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def markdown(rows: Iterable[Row]) -> str:
    head = "| figure | measured | must | aim | holds | note |\n|---|---|---|---|---|---|"
    return "\n".join([head, *(row.line() for row in rows)])


def circumstances() -> str:
    """The commit and the machine, in one line."""
    commit = git("rev-parse", "--short", "HEAD") or "no commit"
    changed = " with changes" if git("status", "--porcelain") else ""
    model = next(
        (line.split(":")[1].strip() for line in cpuinfo() if line.startswith("model name")),
        platform.machine(),
    )
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"Commit {commit}{changed}, {when}; {model}, {len(CORES)} cores, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}."
    )


def cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
