"""Django's SQLite, whose connections outlive their threads (`DATABASES["default"]["ENGINE"]`)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from weakref import WeakSet

from django.db.backends.sqlite3 import base

from chatweb.database.shelf import Shelf

Place = tuple[str, int, int]

SHELF: Shelf[sqlite3.Connection] = Shelf()


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._place: Place | None = None
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        self._place = place_of(str(conn_params["database"]))
        kept = None if self._place is None else SHELF.take(self._place)
        if kept is None:
            return super().get_new_connection(conn_params)
        kept.execute("PRAGMA foreign_keys = ON")  # a migration may have switched it off
        return kept

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = super().create_cursor(name)
        self._cursors.add(cursor)
        return cursor

    def _close(self) -> None:
        if self.connection is None:
            return
        # Half read, one would keep the state that it began to read for all who come after.
        for cursor in list(self._cursors):
            cursor.close()
        is_clean = not self.in_atomic_block and not self.connection.in_transaction
        if not (is_clean and self._place and SHELF.put(self._place, self.connection)):
            super()._close()  # type: ignore[misc]  # the stubs leave it out


def place_of(path: str) -> Place | None:
    """The file itself: after a restore another one has its name. None: in memory, or not there yet."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return path, status.st_dev, status.st_ino
