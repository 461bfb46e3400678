"""A Django shell of a site that stays open: what a test asks of the rows starts no process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 15
# Names of one piece of code are gone for the next, and nothing stays locked or read before.
LOOP = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    said, failed = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
    except BaseException:
        failed = traceback.format_exc()
    connections.close_all()
    print(json.dumps([said.getvalue(), failed]), flush=True)
"""


class Shell:
    """Started with its first question. Threads may ask at the same time; they are answered in turn."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = {**env, "DJANGO_SETTINGS_MODULE": "chatweb.settings"}
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def run(self, code: str) -> str:
        """What the code prints. AssertionError with its traceback if it fails."""
        with self._lock:
            said, failed = json.loads(self._ask(json.dumps(code)))
        assert not failed, f"{code}\n{failed}"
        return str(said)

    def _ask(self, line: str) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", LOOP],
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the shell has ended"
        return answer

    def close(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.communicate(timeout=STOP_SECONDS)
                self._process = None
