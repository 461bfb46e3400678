"""Finds PostgreSQL's and Redis's programs for the tests, or brings them: `python -m tests.services`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAMS = {"postgresql": ("initdb", "pg_ctl"), "redis-server": ("redis-server",)}  # by Debian's package
INSTALL_SECONDS = 300


def program(name: str) -> str | None:
    """Debian keeps a version's programs of PostgreSQL out of the PATH."""
    folders = [
        *os.environ.get("PATH", "").split(os.pathsep),
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)),
    ]
    return shutil.which(name, path=os.pathsep.join(folders))


def missing() -> list[str]:
    """The packages that a test would miss."""
    return [package for package, names in PROGRAMS.items() if not all(map(program, names))]


def what_to_do(packages: list[str]) -> str:
    return (
        f"The tests need {' and '.join(packages)}, which are not installed here "
        f"(Debian: apt-get install {' '.join(packages)})."
    )


def must_have(name: str) -> str:
    """The path of a program. AssertionError with what to install when it is not there."""
    found = program(name)
    assert found, what_to_do(missing())
    return found


def become_unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root, so root starts it as the user of that name."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def install(packages: list[str]) -> None:
    """With apt-get, where root may; otherwise nothing happens."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", *packages],
    ):
        print("+", *command, file=sys.stderr)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, stdout=sys.stderr, env=quiet, timeout=INSTALL_SECONDS, check=False)


if __name__ == "__main__":
    if packages := missing():
        install(packages)
    if packages := missing():
        sys.exit(what_to_do(packages))
