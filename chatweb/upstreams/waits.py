"""How long an upstream asks to be left alone, in its headers (wire-workflows 5.5)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def asked_wait_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds by `retry-after-ms`, else by `retry-after`, a number or a date; None when neither tells."""
    milliseconds = number_in(headers, "retry-after-ms")
    if milliseconds is not None:
        return milliseconds / 1000
    seconds = number_in(headers, "retry-after")
    if seconds is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time())
    except ValueError:
        return None


def poll_after_seconds(headers: Mapping[str, str]) -> float | None:
    """When to ask again how a run goes, by `openai-poll-after-ms`; None when it does not say."""
    milliseconds = number_in(headers, "openai-poll-after-ms")
    return None if milliseconds is None else milliseconds / 1000


def number_in(headers: Mapping[str, str], name: str) -> float | None:
    """A number that is not negative; None for anything else, also for what only looks like one ("nan")."""
    text = headers.get(name, "").strip()
    if not text.replace(".", "", 1).isdecimal() or not text.isascii():
        return None
    return float(text)
