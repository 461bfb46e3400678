"""Commits are counted from the log of a real SQLite database, across the log's new beginnings."""

import sqlite3

import pytest

from bench.wal import CommitCounter


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "some.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE row (text)")
    yield path, writer
    writer.close()


def insert(writer, transactions: int, rows: int = 3):
    for _ in range(transactions):
        writer.execute("BEGIN IMMEDIATE")
        writer.executemany("INSERT INTO row VALUES (?)", [("x" * 3000,)] * rows)
        writer.execute("COMMIT")


def test_a_transaction_counts_once_whatever_it_writes(database):
    path, writer = database
    insert(writer, 4)
    with CommitCounter(path) as commits:
        assert commits.count() == 0
        insert(writer, 7, rows=50)
        assert commits.count() == 7


def test_reads_and_rollbacks_do_not_count(database):
    path, writer = database
    with CommitCounter(path) as commits:
        writer.execute("SELECT * FROM row").fetchall()
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO row VALUES ('x')")
        writer.execute("ROLLBACK")
        assert commits.count() == 0


@pytest.mark.parametrize("before", [0, 1, 20])
def test_the_log_may_begin_anew_once(database, before):
    path, writer = database
    insert(writer, before)
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)" if before == 1 else "PRAGMA wal_checkpoint(FULL)")
    with CommitCounter(path) as commits:
        insert(writer, 30, rows=100)
        assert commits.count() == 30


def test_more_than_a_log_s_usual_thousand_pages(database):
    path, writer = database
    with CommitCounter(path) as commits:
        insert(writer, 60, rows=100)
        assert commits.count() == 60
