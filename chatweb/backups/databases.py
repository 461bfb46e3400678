"""A consistent copy of the database while others write to it, and back, for each kind of database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

# Debian keeps a version's programs out of the PATH.
VERSIONS = "/usr/lib/postgresql"


class Impossible(RuntimeError):
    """The database cannot be copied or replaced; the sentence says why."""


def names() -> tuple[str, str]:
    """Engine, and what the copy is called in the archive."""
    return (
        ("sqlite", "database.sqlite3") if connection.vendor == "sqlite" else ("postgresql", "database.dump")
    )


def dump(target: Path) -> None:
    """SQLite by its online backup, in one step: a writer neither waits for it nor makes it begin again.
    PostgreSQL by pg_dump, which sees one moment."""
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(str(database()["NAME"]))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            [(verdict,)] = copy.execute("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise Impossible(f"the database is damaged: {verdict}")
        return
    _run([_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def load(source: Path) -> None:
    """Replace what is there, all of it or nothing. Nobody else may use the database meanwhile."""
    if connection.vendor == "sqlite":
        _load_sqlite(source)
    else:
        _load_postgresql(source)


def _load_sqlite(source: Path) -> None:
    live = Path(str(database()["NAME"]))
    connection.close()
    fresh = live.with_name(f"{live.name}.restoring")
    shutil.copyfile(source, fresh)
    for name in ("-wal", "-shm"):  # of the database that goes
        live.with_name(live.name + name).unlink(missing_ok=True)
    fresh.replace(live)


def _load_postgresql(source: Path) -> None:
    """The dump as SQL behind the removal of everything, in one transaction: what the dump does not know, such
    as tables of a newer release, would otherwise stay."""
    connection.close()
    script = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    script += ["--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public", "--file=-"]
    to_sql = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    with subprocess.Popen(to_sql, stdout=subprocess.PIPE) as reading:  # noqa: S603
        _run(script, stdin=reading.stdout)
    if reading.returncode:
        raise Impossible("pg_restore could not read the dump")


def in_use() -> bool:
    """Whether anybody else is connected to PostgreSQL's database; a process on SQLite holds the lock file."""
    if connection.vendor == "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


def database() -> dict[str, Any]:
    return settings.DATABASES["default"]


def _run(command: Sequence[str], **how: Any) -> None:
    done = subprocess.run(command, env=_environment(), stderr=subprocess.PIPE, text=True, **how)  # noqa: S603
    if done.returncode:
        raise Impossible(f"{Path(command[0]).name}: {done.stderr.strip().splitlines()[-1:] or 'failed'}")


def _environment() -> dict[str, str]:
    """libpq reads it; a password on a command line would be seen by everybody on the machine."""
    known = database()
    values = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    options = {
        f"PG{name.upper()}": str(value) for name, value in known.get("OPTIONS", {}).items() if "ssl" in name
    }
    return {
        "PATH": os.defpath,
        **options,
        **{libpq: str(known[name]) for libpq, name in values.items() if known.get(name)},
    }


def _program(name: str) -> str:
    versions = sorted(Path(VERSIONS).glob("*/bin"), key=lambda path: path.parent.name.zfill(4), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, versions), os.defpath]))
    if found is None:
        raise Impossible(f"{name} is not installed (Debian: apt-get install postgresql-client)")
    return found
