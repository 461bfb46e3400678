"""The search's index is made faster over a million passages than beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TRIGGER = "chatweb_gram_insert"
INDEX = "chatweb_passage_grams"


@contextmanager
def paused_index() -> Iterator[None]:
    """Without the index while passages are written; whole again afterwards, also when that fails."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [TRIGGER])
            drop, again = f"DROP TRIGGER {TRIGGER}", [cursor.fetchone()[0]]
            again.append("INSERT INTO chatweb_gram(chatweb_gram) VALUES ('rebuild')")
        else:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
            found = cursor.fetchone()
            drop, again = f"DROP INDEX IF EXISTS {INDEX}", [found[0]] if found else []
        cursor.execute(drop)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in again:
                cursor.execute(statement)
