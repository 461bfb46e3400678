"""What a backup of a site is made of, and what must hold before one is put back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from chatweb.backups import archive, databases
from chatweb.backups.archive import Manifest


class Refused(RuntimeError):
    """Not put back; the sentence says why."""


def make(target: Path) -> Path:
    """Write a backup of the running site; in a folder, under the time's name. Its path.

    The database first: a row may then miss no file, and a file without a row does no harm.
    """
    now = datetime.now(UTC)
    if target.is_dir():
        target /= f"chatweb-{now:%Y%m%dT%H%M%SZ}.tar"
    engine, name = databases.names()
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        engine=engine,
        database=name,
        migrations=newest_migrations(),
        keys=[fingerprint(key) for key in settings.FIELD_ENCRYPTION_KEYS],
    )
    with TemporaryDirectory(prefix=".chatweb-backup-", dir=target.parent) as folder:
        copy = Path(folder) / name
        databases.dump(copy)
        archive.write(target, manifest, copy, Path(settings.FILES_FOLDER))
    return target


def put_back(source: Path, *, is_replacing: bool) -> Manifest:
    """Raises Refused, archive.Damaged, databases.Impossible; then nothing has changed."""
    manifest = archive.checked(source)
    with alone():
        _check(manifest, is_replacing=is_replacing)
        files = Path(settings.FILES_FOLDER)
        files.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Inside the folder, which may be a volume of its own: from there everything is moved at once.
        with TemporaryDirectory(prefix=archive.OURS, dir=files) as folder:
            copy, unpacked, before = (Path(folder) / name for name in ("database", "files", "before"))
            unpacked.mkdir(mode=0o700)
            before.mkdir(mode=0o700)
            archive.unpack(source, manifest, copy, unpacked)
            databases.load(copy)
            move_all(files, before)
            move_all(unpacked, files)
    return manifest


def move_all(source: Path, target: Path) -> None:
    for path in source.iterdir():
        if not path.name.startswith(archive.OURS):
            path.replace(target / path.name)


def _check(manifest: Manifest, *, is_replacing: bool) -> None:
    engine, _ = databases.names()
    if manifest.engine != engine:
        raise Refused(f"the backup is of {manifest.engine}, and DATABASE_URL names {engine}")
    known = MigrationLoader(None).disk_migrations
    if newer := [f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known]:
        raise Refused(f"the backup is of a newer release, with {', '.join(newer)}: install that one first")
    if not is_replacing and newest_migrations():
        raise Refused("there is a database already; with --replace it and its files are thrown away")


@contextmanager
def alone() -> Iterator[None]:
    """While no process serves the site, which holds the lock or a session of the database, or begins to."""
    with Path(settings.PROCESS_LOCK).open("a") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except OSError:
            raise Refused("the site runs: stop all its processes first") from None
        if databases.in_use():
            raise Refused("somebody is connected to the database: stop all processes of the site first")
        yield


def newest_migrations() -> dict[str, str]:
    """The last migration of each app; empty for an empty database."""
    applied = MigrationLoader(connection).applied_migrations
    return {app: max(name for one, name in applied if one == app) for app, _ in applied}


def missing_keys(manifest: Manifest) -> list[str]:
    """Fingerprints of keys that the backup may need and this site does not have."""
    return sorted(set(manifest.keys) - {fingerprint(key) for key in settings.FIELD_ENCRYPTION_KEYS})


def fingerprint(key: str) -> str:
    """Tells keys apart; a random key of 256 bits cannot be guessed from it."""
    return hashlib.sha256(b"chatweb backup " + key.encode()).hexdigest()[:16]
