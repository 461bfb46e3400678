"""Which hours have to be counted anew: triggers on what is counted write it down.

Whoever changes a turn's figures or a card, by whatever way (a rating, a deletion, a backfill in plain SQL),
thereby says so. Marks that were read are taken away by their keys, so that one made meanwhile is never lost.
On PostgreSQL they are only ever added; on SQLite, with its one writer, an hour has one, made anew each time.

Made after each `migrate`, not by a migration: SQLite drops a table's triggers when a later migration makes it
anew, and refuses to make it anew while another table's trigger names it, so they are also taken away before.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from chatweb.models import Action, ChangedHour, HourFigures, TurnFigures

FIGURES, ACTIONS, MARKS, HOURS = (
    model._meta.db_table for model in (TurnFigures, Action, ChangedHour, HourFigures)
)
# Drafts are saved while somebody types: no figure of theirs.
COUNTED = "state, decision, answered_at, refusal"
HOUR = {
    "sqlite": "CAST(strftime('%s', {0}) AS INTEGER) / 3600",
    "postgresql": "CAST(floor(extract(epoch FROM {0}) / 3600) AS integer)",
}
SQLITE_HOURS = {
    FIGURES: HOUR["sqlite"].format("{row}.asked_at"),
    ACTIONS: f"(SELECT {HOUR['sqlite'].format('asked_at')} FROM {FIGURES} WHERE turn_id = {{row}}.turn_id)",  # noqa: S608
}


def mark(table: str, row: str) -> str:
    """Statements of SQLite's; `row` is new or old. A card whose turn has no figures marks nothing."""
    hour = SQLITE_HOURS[table].format(row=row)
    return (
        f"DELETE FROM {MARKS} WHERE hour = {hour}; "  # noqa: S608 - names of our own
        f"INSERT INTO {MARKS} (hour) SELECT hour FROM (SELECT {hour} AS hour) WHERE hour IS NOT NULL; "
    )


SQLITE = tuple(
    f"CREATE TRIGGER {table}_marks_{event} AFTER {when} ON {table} BEGIN {marks} END"
    for table, event, when, marks in (
        (FIGURES, "insert", "INSERT", mark(FIGURES, "new")),
        (FIGURES, "delete", "DELETE", mark(FIGURES, "old")),
        (FIGURES, "update", "UPDATE", mark(FIGURES, "old") + mark(FIGURES, "new")),
        (ACTIONS, "insert", "INSERT", mark(ACTIONS, "new")),
        (ACTIONS, "delete", "DELETE", mark(ACTIONS, "old")),
        (ACTIONS, "update", f"UPDATE OF {COUNTED}", mark(ACTIONS, "new")),
    )
)
PG_HOUR = HOUR["postgresql"].format("f.asked_at")
FUNCTIONS = (
    f"""
    CREATE OR REPLACE FUNCTION {FIGURES}_mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO {MARKS} (hour) SELECT DISTINCT {PG_HOUR} FROM changed f;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    f"""
    CREATE OR REPLACE FUNCTION {FIGURES}_mark_both() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO {MARKS} (hour)
        SELECT {PG_HOUR} FROM changed f UNION SELECT {PG_HOUR} FROM before f;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    f"""
    CREATE OR REPLACE FUNCTION {ACTIONS}_mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO {MARKS} (hour)
        SELECT DISTINCT {PG_HOUR} FROM changed JOIN {FIGURES} f ON f.turn_id = changed.turn_id;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    # A trigger with the rows of its statement cannot name columns, so updates of cards go row by row: a draft
    # that is saved costs nothing.
    f"""
    CREATE OR REPLACE FUNCTION {ACTIONS}_mark_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO {MARKS} (hour) SELECT {PG_HOUR} FROM {FIGURES} f WHERE f.turn_id = new.turn_id;
        RETURN NULL;
    END $$
    """,  # noqa: S608
)
NEW, OLD = "REFERENCING NEW TABLE AS changed", "REFERENCING OLD TABLE AS changed"
POSTGRESQL = tuple(
    f"CREATE TRIGGER {table}_marks_{event} AFTER {when} ON {table} {which} EXECUTE FUNCTION {table}_{what}()"
    for table, event, when, which, what in (
        (FIGURES, "insert", "INSERT", f"{NEW} FOR EACH STATEMENT", "mark"),
        (FIGURES, "delete", "DELETE", f"{OLD} FOR EACH STATEMENT", "mark"),
        (FIGURES, "update", "UPDATE", f"{NEW} OLD TABLE AS before FOR EACH STATEMENT", "mark_both"),
        (ACTIONS, "insert", "INSERT", f"{NEW} FOR EACH STATEMENT", "mark"),
        (ACTIONS, "delete", "DELETE", f"{OLD} FOR EACH STATEMENT", "mark"),
        (ACTIONS, "update", f"UPDATE OF {COUNTED}", "FOR EACH ROW", "mark_row"),
    )
)
EXISTING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def install(using: str = "default", **kwargs: Any) -> None:
    """After `migrate`: the triggers, and, where they were not there, a mark for every hour."""
    connection = connections[using]
    if not is_ready(connection) or existing(connection):
        return
    made = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    functions = () if connection.vendor == "sqlite" else FUNCTIONS
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in (*functions, *made):
            cursor.execute(statement)
        mark_all(connection)


def remove(using: str = "default", plan: list[Any] | None = None, **kwargs: Any) -> None:
    """Before a `migrate` that does something."""
    connection = connections[using]
    if not plan or not is_ready(connection):
        return
    with connection.cursor() as cursor:
        for name in existing(connection):
            table = name.partition("_marks_")[0]
            of = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER {name}{of}")


def mark_all(connection: BaseDatabaseWrapper) -> None:
    """Every hour that has figures, and every one that has rolled-up ones."""
    hour = HOUR[connection.vendor].format("asked_at")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {MARKS} (hour) SELECT {hour} FROM {FIGURES} UNION SELECT hour FROM {HOURS}"  # noqa: S608
        )


def is_ready(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor not in HOUR:
        return False
    return {FIGURES, ACTIONS, MARKS, HOURS} <= set(connection.introspection.table_names())


def existing(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(EXISTING[connection.vendor])
        ours = (f"{FIGURES}_marks_", f"{ACTIONS}_marks_")
        return [name for (name,) in cursor.fetchall() if name.startswith(ours)]
