"""Django's PostgreSQL, whose connections outlive their threads (`DATABASES["default"]["ENGINE"]`).

Not psycopg's own pool: while the server is away that lets everybody wait for its time limit and comes back by
steps of its own, where a request has to fail at once and a process to go on at once (docs/reliability.md).
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from chatweb.database.shelf import Shelf

SHELF: Shelf[psycopg.Connection[Any]] = Shelf()


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        while (kept := SHELF.take(self._place)) is not None:
            if answers(kept):
                self.isolation_level = IsolationLevel.READ_COMMITTED
                return kept
            kept.close()
        return super().get_new_connection(conn_params)

    def _close(self) -> None:
        if self.connection is None:
            return
        is_clean = not self.in_atomic_block and self.connection.autocommit and is_idle(self.connection)
        if not (is_clean and SHELF.put(self._place, self.connection)):
            super()._close()  # type: ignore[misc]  # the stubs leave it out

    @property
    def _place(self) -> tuple[str, ...]:
        return tuple(str(self.settings_dict[name]) for name in ("HOST", "PORT", "NAME", "USER", "OPTIONS"))


def is_idle(connection: psycopg.Connection[Any]) -> bool:
    return not connection.broken and connection.info.transaction_status == TransactionStatus.IDLE


def answers(connection: psycopg.Connection[Any]) -> bool:
    """The server may have been restarted meanwhile."""
    try:
        connection.execute("")
    except psycopg.OperationalError:
        return False
    return True
