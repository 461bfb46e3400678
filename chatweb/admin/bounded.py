"""Lists too long to be counted: pages of them, and the values of a column without reading every row."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db import connection, models

MOST_COUNTED = 2_000


class BoundedPaginator(Paginator):
    """Counts no further than `MOST_COUNTED` rows: who needs more narrows the list down, or exports it."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[:MOST_COUNTED].count()


def values_there(model: type[models.Model], column: str) -> list[str]:
    """The distinct values of an indexed text column, each found by one step in the index."""
    table, name = (connection.ops.quote_name(one) for one in (model._meta.db_table, column))
    # Names of our own models: nothing a person typed is in the statement.
    statement = f"""
        WITH RECURSIVE steps(value) AS (
            SELECT MIN({name}) FROM {table}
            UNION ALL
            SELECT (SELECT MIN({name}) FROM {table} WHERE {name} > steps.value) FROM steps
            WHERE steps.value IS NOT NULL
        ) SELECT value FROM steps WHERE value IS NOT NULL"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [value for (value,) in cursor.fetchall() if value]
