"""A PostgreSQL of our own for as long as a test needs it: `with postgres_cluster() as url: …`.

A test may stop, crash and restart it, so each has a server and not only a database. What costs time is
kept as a stopped server's folder (`running_postgres(migrated=env)`), whose copy starts in a second.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.migrated import kept, migrate
from tests.process import free_port
from tests.services import become_unprivileged, must_have

# Enough for a few site processes with all their threads. A crash of the server, which tests make, loses
# nothing that was committed: the kernel has it. With `synchronous_commit` off it would lose the last half
# second, and a question that was sent just then would be sent again.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
}


class Postgres:
    """A server on loopback that outlives its own death, not the machine's.

    `url`: of its one database, `data`: its folder.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"postgres://chatweb@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def create(self) -> None:
        options = ["-U", "chatweb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run("initdb", "-D", str(self.data), *options)

    def start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        log, where = self.data / "log", f"-p {self.port} -k {self.data}"
        self._control("start", "-l", str(log), "-o", f"{where} {options}")

    def stop(self, mode: str = "immediate") -> None:
        """ "immediate": as a crash does, "fast": sessions are told and cut."""
        self._control("stop", "-m", mode)

    @contextmanager
    def running(self, end: str = "immediate") -> Iterator[None]:
        self.start()
        try:
            yield
        finally:
            self.stop(end)

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def _control(self, what: str, *options: str) -> None:
        _run("pg_ctl", "-D", str(self.data), *options, "-w", what)


def _run(program: str, *arguments: str) -> None:
    command = [*become_unprivileged(), must_have(program), *arguments]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def new_postgres(copied: Path | None = None) -> Iterator[Postgres]:
    """Not started; empty, or as another one's folder was when that was stopped.

    In a folder of its own, because pytest closes its folders to everybody else.
    """
    with TemporaryDirectory(prefix="chatweb-postgres-") as folder:
        postgres = Postgres(Path(folder) / "cluster")
        if copied:
            shutil.copytree(copied, postgres.data)
        if become_unprivileged():
            subprocess.run(["chown", "-R", "postgres", folder], check=True)
        if not copied:
            postgres.create()
        yield postgres


def migrated_folder(env: Mapping[str, str]) -> Path:
    """A stopped server's, whose database has all migrations. Another PostgreSQL could not read it."""

    def make(target: Path) -> None:
        with new_postgres() as postgres:
            with postgres.running("fast"):
                migrate(postgres.url, env)
            shutil.copytree(postgres.data, target, ignore=shutil.ignore_patterns("log"))

    version = subprocess.run([must_have("initdb"), "--version"], capture_output=True, text=True, check=True)
    return kept(f"postgres-{version.stdout.split()[2]}", make)


@contextmanager
def running_postgres(migrated: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """An empty one, or one with all migrations for a site with that environment."""
    copied = None if migrated is None else migrated_folder(migrated)
    with new_postgres(copied) as postgres, postgres.running():
        yield postgres


@contextmanager
def postgres_cluster() -> Iterator[str]:
    """The URL of an empty database."""
    with running_postgres() as postgres:
        yield postgres.url
