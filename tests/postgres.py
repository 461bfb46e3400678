"""A PostgreSQL of our own for as long as a test needs it: `with postgres_cluster() as url: …`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.process import free_port
from tests.services import become_unprivileged, must_have

# Enough for a few site processes with all their threads.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class Postgres:
    """A server on loopback without durability. `url`: of an empty database."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.port = free_port()
        self.url = f"postgres://chatweb@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        options = ["-U", "chatweb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run("initdb", "-D", str(self._data), *options)

    def start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        log, where = self._data / "log", f"-p {self.port} -k {self._data}"
        self._control("start", "-l", str(log), "-o", f"{where} {options}")

    def stop(self, mode: str = "immediate") -> None:
        """ "immediate": as a crash does, "fast": sessions are told and cut."""
        self._control("stop", "-m", mode)

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def _control(self, what: str, *options: str) -> None:
        _run("pg_ctl", "-D", str(self._data), *options, "-w", what)


def _run(program: str, *arguments: str) -> None:
    command = [*become_unprivileged(), must_have(program), *arguments]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """In a folder of its own, because pytest closes its folders to everybody else."""
    with TemporaryDirectory(prefix="chatweb-postgres-") as folder:
        if become_unprivileged():
            shutil.chown(folder, "postgres")
        postgres = Postgres(Path(folder) / "cluster")
        postgres.create()
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()


@contextmanager
def postgres_cluster() -> Iterator[str]:
    """The URL of an empty database."""
    with running_postgres() as postgres:
        yield postgres.url
