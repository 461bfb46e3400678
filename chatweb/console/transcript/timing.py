"""How long things took: a turn's phases for its bar, pauses between turns, spans in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

PAUSE = timedelta(minutes=5)
BAR_UNITS = 1000  # the width of the bar's drawing

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the bar. `kind`: queued, silent, answering, waited. `x`, `width` in units of the bar."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Timing:
    """None for what never happened. First token and answer count from the start, not from the question."""

    queued_ms: int | None
    first_token_ms: int | None
    total_ms: int | None
    waited_ms: int
    phases: tuple[Phase, ...]


def timing_of(
    asked: datetime,
    started: datetime | None,
    first_token: datetime | None,
    ended: datetime | None,
    waits: Sequence[Span],
) -> Timing:
    """`waits`: when cards waited for a person, in any order, perhaps at once."""
    end = ended or max([asked, *filter(None, (started, first_token)), *(until for _from, until in waits)])
    waited = merged(waits)
    return Timing(
        queued_ms=_ms(started - asked) if started else None,
        first_token_ms=_ms(first_token - started) if first_token and started else None,
        total_ms=_ms(ended - asked) if ended else None,
        waited_ms=sum(_ms(until - from_) for from_, until in waited),
        phases=tuple(_phases(asked, started, first_token, end, waited)),
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Without overlaps, in order."""
    found: list[Span] = []
    for from_, until in sorted(spans):
        if found and from_ <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        elif until > from_:
            found.append((from_, until))
    return found


def _phases(
    asked: datetime,
    started: datetime | None,
    first_token: datetime | None,
    end: datetime,
    waited: Sequence[Span],
) -> Iterable[Phase]:
    whole = (end - asked).total_seconds()
    if whole <= 0:
        return
    start = started or end
    first = first_token or end
    spans = [("queued", asked, start), ("silent", start, first), ("answering", first, end)]
    spans += [("waited", from_, until) for from_, until in waited]  # drawn over the others
    for kind, from_, until in spans:
        left, right = (round(BAR_UNITS * (at - asked).total_seconds() / whole) for at in (from_, until))
        left, right = max(0, min(left, BAR_UNITS)), max(0, min(right, BAR_UNITS))
        if right > left:
            yield Phase(kind, left, right - left)


def pause_between(before: datetime | None, asked: datetime) -> timedelta | None:
    """A pause worth showing between what came before and a question."""
    if before is None or asked - before <= PAUSE:
        return None
    return asked - before


def said_ms(ms: int) -> str:
    """240 ms, 1.2 s, 34 s, 2 min 5 s, 1 h 3 min, 3 d 4 h."""
    if ms < 1000:
        return _("%(n)d ms") % {"n": ms}
    if ms < 10_000:
        return _("%(n)s s") % {"n": f"{ms / 1000:.1f}"}
    seconds = round(ms / 1000)
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return (
            _("%(m)d min %(s)d s") % {"m": minutes, "s": seconds}
            if seconds
            else _("%(m)d min") % {"m": minutes}
        )
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes} if minutes else _("%(h)d h") % {"h": hours}
    days, hours = divmod(hours, 24)
    return _("%(d)d d %(h)d h") % {"d": days, "h": hours} if hours else _("%(d)d d") % {"d": days}


def said(span: timedelta) -> str:
    return said_ms(_ms(span))


def _ms(span: timedelta) -> int:
    return max(0, round(span.total_seconds() * 1000))
