"""Connections outlive their threads, and nothing of who had them before."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest
from django.db import connections

from chatweb.database.postgresql.base import DatabaseWrapper as PostgresWrapper
from chatweb.database.shelf import MOST_KEPT, Shelf
from chatweb.database.sqlite3.base import DatabaseWrapper as SqliteWrapper
from tests.postgres import running_postgres

pytestmark = pytest.mark.django_db  # or no engine opens anything, also on these files of their own
R = TypeVar("R")


def settings_of(**changed: Any) -> dict[str, Any]:
    return {**connections["default"].settings_dict, **changed}


@pytest.fixture
def wrapper(tmp_path: Path) -> Callable[[], SqliteWrapper]:
    """One as each thread has it, on one file."""
    path = str(tmp_path / "some.sqlite3")
    return lambda: SqliteWrapper(settings_of(NAME=path), "some")


@contextmanager
def rows_in(wrapper: SqliteWrapper, count: int) -> Iterator[None]:
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS row (number integer)")
        cursor.executemany("INSERT INTO row VALUES (%s)", [(number,) for number in range(count)])
    yield


def in_a_thread(call: Callable[[], R]) -> R:
    answers: list[R] = []
    thread = Thread(target=lambda: answers.append(call()))
    thread.start()
    thread.join()
    return answers[0]


def raw_of(wrapper: Any) -> Any:
    wrapper.ensure_connection()
    raw = wrapper.connection
    wrapper.close()
    return raw


def test_the_next_thread_goes_on_with_it(wrapper):
    raw_of(wrapper())  # makes the file
    first = in_a_thread(lambda: raw_of(wrapper()))
    assert in_a_thread(lambda: raw_of(wrapper())) is first


def test_who_is_at_it_keeps_it(wrapper):
    raw_of(wrapper())
    mine = wrapper()
    mine.ensure_connection()
    assert raw_of(wrapper()) is not mine.connection


def test_a_half_read_answer_does_not_hold_the_past(wrapper):
    one, other = wrapper(), wrapper()
    raw_of(wrapper())
    with rows_in(one, 500):
        half_read = one.cursor()
        half_read.execute("SELECT number FROM row")
        assert half_read.fetchone() == (0,)
        one.close()
    with rows_in(other, 1), one.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM row")
        assert cursor.fetchone() == (501,)
        cursor.execute("INSERT INTO row VALUES (7)")


def test_one_inside_a_transaction_is_closed(wrapper):
    raw_of(wrapper())
    mine = wrapper()
    with rows_in(mine, 0):
        mine.set_autocommit(False)
    with mine.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("INSERT INTO row VALUES (1)")
    raw = mine.connection
    mine.close()
    with pytest.raises(sqlite3.ProgrammingError):
        raw.execute("SELECT 1")
    with wrapper().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM row")
        assert cursor.fetchone() == (0,)


def test_foreign_keys_hold_again_after_a_migration(wrapper):
    raw_of(wrapper())
    mine = wrapper()
    mine.disable_constraint_checking()
    mine.close()
    with wrapper().cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)


def test_another_file_of_the_same_name_is_another_database(wrapper, tmp_path):
    with rows_in(wrapper(), 3):
        pass
    old = raw_of(wrapper())
    shutil.copy(tmp_path / "some.sqlite3", tmp_path / "copy")
    (tmp_path / "copy").replace(tmp_path / "some.sqlite3")
    assert raw_of(wrapper()) is not old


def test_no_more_are_kept_than_are_worth_it():
    shelf: Shelf[int] = Shelf()
    assert [shelf.put("here", n) for n in range(MOST_KEPT + 2)] == [True] * MOST_KEPT + [False] * 2
    assert shelf.take("there") is None
    assert shelf.take("here") == MOST_KEPT - 1


def test_postgresql_that_restarted_is_asked_anew_by_the_first():
    with running_postgres() as postgres:
        _, _, where = postgres.url.rpartition(":")
        settings = settings_of(
            ENGINE="chatweb.database.postgresql", HOST="127.0.0.1", PORT=where.split("/")[0], USER="chatweb"
        ) | {"NAME": "postgres", "OPTIONS": {}}

        def wrapper() -> PostgresWrapper:
            return PostgresWrapper(settings, "some")

        kept = raw_of(wrapper())
        assert raw_of(wrapper()) is kept
        mine = wrapper()
        with mine.cursor() as cursor:
            cursor.execute("BEGIN")
        raw = mine.connection
        mine.close()
        assert raw.closed, "nobody goes on in another's transaction"
        assert raw_of(wrapper()) is not raw
        postgres.restart()
        with wrapper().cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
