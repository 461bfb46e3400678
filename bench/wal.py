"""Transactions counted from outside: every commit ends with a marked frame in SQLite's write-ahead log."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path
from types import TracebackType

HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24


def commits_in(log: bytes) -> int:
    """Commits of the log's present generation (frames with other salts are leftovers of an older one)."""
    if len(log) < HEADER_BYTES:
        return 0
    page_bytes = struct.unpack_from(">I", log, 8)[0]
    count = 0
    for at in range(HEADER_BYTES, len(log) - FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + page_bytes):
        if log[at + 8 : at + 16] != salts(log):
            break
        count += struct.unpack_from(">I", log, at + 4)[0] != 0
    return count


def salts(log: bytes) -> bytes:
    """What tells one generation of the log from the next."""
    return log[16:24]


class CommitCounter:
    """Counts the commits of all processes on a database while it is open.

    Its snapshot keeps the log from starting anew under its eyes, but for once: when all of it was in the
    database already. Then the new generation holds nothing older than the snapshot.
    """

    def __init__(self, database: Path) -> None:
        self.wal = database.with_name(database.name + "-wal")
        self.reader = sqlite3.connect(database, isolation_level=None)

    def __enter__(self) -> CommitCounter:
        self.reader.execute("BEGIN")
        self.reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        log = self._read()
        self.before, self.salts = commits_in(log), salts(log)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reader.close()

    def count(self) -> int:
        log = self._read()
        return commits_in(log) - (self.before if salts(log) == self.salts else 0)

    def _read(self) -> bytes:
        return self.wal.read_bytes() if self.wal.exists() else b""
