"""Child processes of `manage.py demo`: started together, stopped together, heard when they fail."""

from __future__ import annotations

import ctypes
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

STOP_SECONDS = 10.0
LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\d \S+ (?P<level>[A-Z]+) ")
PR_SET_PDEATHSIG = 1


class ChildFailed(RuntimeError):
    """A child ended, or never answered. Its text is fit for the terminal."""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux a child is told when its parent was killed, so that none is left holding a port."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process whose output goes to a file."""

    def __init__(self, name: str, arguments: list[str], log: Path, env: Mapping[str, str]) -> None:
        self.name = name
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own servers, no shell
                arguments,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_parent(),
            )

    def check(self) -> None:
        """Raise ChildFailed, with the end of its log, if the process is over."""
        code = self.process.poll()
        if code is None:
            return
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        raise ChildFailed(f"{tail}\nThe {self.name} stopped by itself (exit code {code}). Log: {self.log}")

    def wait_for(self, url: str, is_ready: Callable[[int], bool], seconds: float) -> None:
        """Return when the URL answers with a status that is ready. Raise ChildFailed otherwise."""
        deadline = time.monotonic() + seconds
        answer = "no answer"
        while time.monotonic() < deadline:
            self.check()
            status, answer = _get(url)
            if is_ready(status):
                return
            time.sleep(0.1)
        raise ChildFailed(f"{url} did not become ready in {seconds:.0f} s: {answer}. Log: {self.log}")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _get(url: str) -> tuple[int, str]:
    """The status and the first words of the answer; 0 when nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback URL
            return answer.status, answer.read(500).decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(500).decode(errors="replace")
    except OSError as error:
        return 0, str(error)


@contextmanager
def running(name: str, arguments: list[str], log: Path, env: Mapping[str, str]) -> Iterator[Child]:
    child = Child(name, arguments, log, env)
    try:
        yield child
    finally:
        child.stop()


class Errors:
    """Copies the errors a child logs to the terminal, tracebacks included."""

    def __init__(self, log: Path, terminal: TextIO) -> None:
        self._source = log.open(errors="replace")
        self._terminal = terminal
        self._is_error = False

    def copy(self) -> None:
        for line in self._source.readlines():
            if found := LOG_LINE.match(line):
                self._is_error = found["level"] in {"ERROR", "CRITICAL"}
            if self._is_error:
                self._terminal.write(line)
        self._terminal.flush()
