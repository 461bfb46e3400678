"""A site's database from beside it, by its URL: SQLite or PostgreSQL, with `?` for values in either."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

import psycopg

LOCKED = ("chatweb_conversation", "chatweb_turn")  # nothing that matters is written without one of them


class Database:
    """Each statement is a transaction of its own, but for what `lock` begins."""

    def __init__(self, url: str) -> None:
        self._is_file = url.startswith("sqlite:///")
        self._db: Any
        if self._is_file:
            path = url.removeprefix("sqlite:///")
            self._db = sqlite3.connect(path, isolation_level=None, timeout=20, check_same_thread=False)
        else:
            self._db = psycopg.connect(url, autocommit=True)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return list(self._do(sql, values).fetchall())

    def value(self, sql: str, *values: object) -> Any:
        """Of the first row's first column; None without a row."""
        row = self._do(sql, values).fetchone()
        return row[0] if row else None

    def execute(self, sql: str, *values: object) -> None:
        self._do(sql, values)

    def _do(self, sql: str, values: tuple[object, ...]) -> Any:
        if self._is_file:
            return self._db.execute(sql, [one.hex if isinstance(one, UUID) else one for one in values])
        return self._db.execute(sql.replace("?", "%s"), values)

    def lock(self) -> None:
        """Nobody else writes until `unlock`."""
        if self._is_file:
            self._db.execute("BEGIN IMMEDIATE")
        else:
            self._db.execute("BEGIN")
            self._db.execute(f"LOCK TABLE {', '.join(LOCKED)} IN EXCLUSIVE MODE")

    def unlock(self) -> None:
        is_open = self._db.in_transaction if self._is_file else self._db.info.transaction_status
        if is_open:
            self._db.execute("ROLLBACK")

    def tables(self) -> list[str]:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if self._is_file
            else "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        return [str(name) for (name,) in self.rows(names)]

    def close(self) -> None:
        self.unlock()
        self._db.close()


class HasDatabase(Protocol):
    """A site, or a cluster of them."""

    env: dict[str, str]


@contextmanager
def open_database(site: HasDatabase) -> Iterator[Database]:
    database = Database(site.env["DATABASE_URL"])
    try:
        yield database
    finally:
        database.close()


def as_uuid(value: object) -> str:
    """A uuid column as frames write it, whatever the database gave."""
    return str(UUID(str(value)))
