"""Database connections that nobody uses now, kept for whoever needs one next.

Django has a connection for each thread, and under ASGI each request has a thread of its own. Opened anew, one
costs milliseconds of CPU: SQLite parses the whole schema, PostgreSQL starts a process.
"""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Hashable
from typing import Generic, TypeVar

C = TypeVar("C")

MOST_KEPT = 8  # of one database; each has a page cache, or a process, of its own


class Shelf(Generic[C]):
    """By place: what a connection leads to. Of any thread, but never of the process that this one was forked
    from: both would speak on one socket, and SQLite forbids it."""

    def __init__(self) -> None:
        self._kept: defaultdict[Hashable, deque[C]] = defaultdict(deque)

    def take(self, place: Hashable) -> C | None:
        """The one used last, whose caches are warm."""
        try:
            return self._kept[os.getpid(), place].pop()
        except IndexError:
            return None

    def put(self, place: Hashable, connection: C) -> bool:
        """False: there are enough, and it has to be closed."""
        kept = self._kept[os.getpid(), place]
        if len(kept) >= MOST_KEPT:
            return False
        kept.append(connection)
        return True
