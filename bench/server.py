"""Processes of a bench run: started, pinned to a core, measured from outside, ended."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]  # the same one where there is only one: figures are worth less


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process(AbstractContextManager["Process"]):
    """A child on one core. Its output goes to a file that is shown when it fails."""

    def __init__(self, command: list[str], core: int, port: int, environment: dict[str, str]) -> None:
        self.port = port
        self.log = tempfile.NamedTemporaryFile(prefix="bench-", suffix=".log")  # noqa: SIM115
        self.child = subprocess.Popen(
            ["taskset", "-c", str(core), *command],
            cwd=PROJECT,
            env=os.environ | environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.observed = psutil.Process(self.child.pid)  # taskset execs: the pid stays

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, Exception):
            print(f"--- last output of the server on port {self.port}:\n{self.tail()}", file=sys.stderr)
        self.child.kill()  # what is measured is over; the database is a copy
        self.child.wait()
        self.log.close()

    def tail(self, lines: int = 30) -> str:
        return "\n".join(Path(self.log.name).read_text(errors="replace").splitlines()[-lines:])

    def wait_until_alive(self, path: str = "/healthz") -> Self:
        """Raises RuntimeError with the output when the process ends or stays silent."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.child.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2):
                    return self
            except urllib.error.HTTPError:
                return self  # it speaks HTTP: enough
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.tail()}")

    def cpu_seconds(self) -> float:
        """User and system time of all threads so far, in steps of 10 ms."""
        times = self.observed.cpu_times()
        return float(times.user + times.system)

    def resident_bytes(self) -> int:
        return int(self.observed.memory_info().rss)


class Site:
    """A seeded database of the product, copied for every run, and how to serve it in production settings."""

    def __init__(self, upstream_port: int, people: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.template = self.folder / "seeded.sqlite3"
        self.database = self.folder / "run.sqlite3"
        self.secrets = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_ENCRYPTION_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        self.seeding = ["--people", str(people), "--upstream", f"http://127.0.0.1:{upstream_port}"]
        self.seeded = self.seed(self.environment(self.template))

    def seed(self, environment: dict[str, str]) -> dict[str, Any]:
        """What `bench.seed` says of the database that it filled."""
        command = [sys.executable, "-m", "bench.seed", *self.seeding]
        done = subprocess.run(
            command, cwd=PROJECT, env=os.environ | environment, check=True, stdout=subprocess.PIPE
        )
        seeded: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return seeded

    def environment(self, database: Path) -> dict[str, str]:
        """Production, but for TLS, which ends at a proxy in life."""
        return self.secrets | {
            "DJANGO_SETTINGS_MODULE": "chatweb.settings",
            "DATABASE_URL": f"sqlite:///{database}",
            "PROCESS_LOCK": str(self.folder / "lock"),
            "DEBUG": "false",
            "HTTPS_ONLY": "false",
            "ALLOWED_HOSTS": "127.0.0.1",
            "REDIS_URL": "",
            "COZE_API_TOKEN": "",
        }

    def serve(self, kind: str) -> Process:
        for old in self.folder.glob("run.sqlite3*"):
            old.unlink()
        shutil.copy(self.template, self.database)
        port = free_port()
        process = Process(COMMANDS[kind](port), SERVER_CORE, port, self.environment(self.database))
        return process

    def remove(self) -> None:
        shutil.rmtree(self.folder)


def daphne(port: int) -> list[str]:
    endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog=4096"
    return [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint, "chatweb.asgi:application"]


def uvicorn(port: int) -> list[str]:
    return [*uvicorn_command("chatweb.asgi:application", port), "--ws-per-message-deflate", "false"]


def uvicorn_command(application: str, port: int) -> list[str]:
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", application, *options, "--backlog", "4096"]


COMMANDS = {"daphne": daphne, "uvicorn": uvicorn}


# What `pip install uvicorn` brings; with uvloop and httptools the relay is measured beside it.
PLAIN = ("--loop", "asyncio", "--http", "h11")
FAST = ("--loop", "uvloop", "--http", "httptools")
RELAYS = {"relay": PLAIN, "relay on uvloop": FAST}


def start_relay(kind: str, upstream_port: int) -> Process:
    port = free_port()
    environment = {"BENCH_UPSTREAM": f"http://127.0.0.1:{upstream_port}"}
    command = [*uvicorn_command("bench.relay:app", port), *RELAYS[kind]]
    return Process(command, SERVER_CORE, port, environment)


def start_upstream(port: int) -> Process:
    """A fresh one for every run, where the seeded connection expects it."""
    return Process([sys.executable, "-m", "bench.upstream", "--port", str(port)], LOAD_CORE, port, {})
