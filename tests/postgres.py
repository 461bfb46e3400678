"""A PostgreSQL of our own for as long as a test needs it: `with postgres_cluster() as url: …`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.process import free_port

# Debian keeps a version's programs out of the PATH.
FOLDERS = [
    *os.environ.get("PATH", "").split(os.pathsep),
    *map(str, Path("/usr/lib/postgresql").glob("*/bin")),
]


def program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join(FOLDERS))


IS_INSTALLED = program("initdb") is not None and program("pg_ctl") is not None


@contextmanager
def postgres_cluster() -> Iterator[str]:
    """The URL of an empty database on loopback, without durability.

    PostgreSQL refuses to run as root, so root starts it as the user of that name; in a folder of its own,
    because pytest closes its folders to everybody else.
    """
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with TemporaryDirectory(prefix="chatweb-postgres-") as folder:
        if become:
            shutil.chown(folder, "postgres")
        with running_cluster(Path(folder) / "cluster", become) as url:
            yield url


@contextmanager
def running_cluster(data: Path, become: list[str]) -> Iterator[str]:
    port = free_port()
    initdb, control = program("initdb"), program("pg_ctl")
    assert initdb and control, "ask IS_INSTALLED first"

    def run(*command: str) -> None:
        done = subprocess.run([*become, *command], cwd="/", capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    run(
        initdb, "-D", str(data), "-U", "chatweb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data} -F -c shared_buffers=32MB"
    run(control, "-D", str(data), "-l", str(data / "log"), "-o", options, "-w", "start")
    try:
        yield f"postgres://chatweb@127.0.0.1:{port}/postgres"
    finally:
        run(control, "-D", str(data), "-m", "immediate", "-w", "stop")
