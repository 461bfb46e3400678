"""Slow work that no turn waits for, a short step at a time, beside the writer and not on its thread.

Whoever has some adds a function that takes one step and says whether there is another one (chatweb/apps.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import close_old_connections, connection

LOCK = 5_104_105  # any number that nothing else locks

Step = Callable[[], bool]
steps: list[Step] = []


class Paced:
    """A step that, once nothing is left, rests for so many seconds, and nine times as long as it took."""

    def __init__(self, step: Step, rest_seconds: float) -> None:
        self._step = step
        self._rest_seconds = rest_seconds
        self._due_at = 0.0  # monotonic

    def __call__(self) -> bool:
        begun = time.monotonic()
        if begun < self._due_at:
            return False
        is_more_left = self._step()
        took = time.monotonic() - begun
        self._due_at = 0.0 if is_more_left else begun + took + max(self._rest_seconds, 9 * took)
        return is_more_left


def take_steps() -> bool:
    """One of each kind of work; whether any has more. In a thread of its own."""
    close_old_connections()
    try:
        with alone() as is_alone:
            return is_alone and sum(step() for step in steps) > 0  # each, also behind one that has more
    finally:
        close_old_connections()


@contextmanager
def alone() -> Iterator[bool]:
    """Whether no other process takes steps meanwhile: PostgreSQL knows, and lets go with the connection."""
    if not settings.REDIS_URL or connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_alone = bool(cursor.fetchone()[0])
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
