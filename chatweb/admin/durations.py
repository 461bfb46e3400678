"""Seconds as people say them."""

from __future__ import annotations

from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def spoken(seconds: int | None) -> str:
    """5400 → `1 hour 30 minutes`; empty for None."""
    if seconds is None:
        return ""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
        ngettext("%(n)d second", "%(n)d seconds", rest) % {"n": rest} if rest or not seconds else "",
    ]
    return " ".join(filter(None, parts))
