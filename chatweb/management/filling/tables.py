"""Rows into tables as fast as a database takes them: executemany on SQLite, COPY on PostgreSQL.

What is written was made here and is right: no model is built and no signal sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Max, Model


class Table:
    """Takes rows of some columns; every other column gets its default.

    Values are as both databases read them in text: times by `stamp`, UUIDs as 32 hex digits, booleans as 0
    and 1, JSON as text.
    """

    def __init__(self, model: type[Model], *columns: str) -> None:
        fields = [model._meta.get_field(name) for name in columns]
        others = [field for field in model._meta.concrete_fields if field not in fields]
        self.model = model
        self.names = [str(field.column) for field in [*fields, *others]]  # type: ignore[union-attr]
        self.others = tuple(default_of(field) for field in others)
        self.rows: list[tuple[Any, ...]] = []

    def first_free_pk(self) -> int:
        return (self.model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1

    def add(self, *values: Any) -> None:
        self.rows.append(values + self.others)

    def write(self) -> None:
        """Inside the caller's transaction."""
        rows, self.rows = self.rows, []
        quoted = connection.ops.quote_name
        table, names = quoted(self.model._meta.db_table), ", ".join(map(quoted, self.names))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(self.names))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608


def default_of(field: Field[Any, Any]) -> Any:
    if field.null:
        return None
    if field.default is NOT_PROVIDED or field.unique:
        if field.empty_strings_allowed:
            return ""
        raise ValueError(f"{field} has no default: its values must be given")
    value = field.get_default()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    return stamp(value) if isinstance(value, datetime) else value


def stamp(moment: datetime | None) -> str | None:
    """As SQLite keeps times, and as PostgreSQL reads them in a session whose zone is UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if moment else None


def move_sequences(models: Iterable[type[Model]]) -> None:
    """Rows came with their keys: the next one made by the site must get a free one."""
    statements: Sequence[str] = connection.ops.sequence_reset_sql(no_style(), list(models))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
