"""Whoever asks while an admin moves the conversation asks in their own, or nothing (M-090)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import postgres_cluster

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = """\
ask: not_found, 0 asked for her, 0 torn, bea
again: not_found, 0 asked for her, 0 torn, bea
branch: not_found, 0 asked for her, 0 torn, bea
start: done, 0 asked for her, 0 torn, ana+bea
moved after: still_live, 0 asked for her, 0 torn, ana
"""


def race(url: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "chatweb.settings"}
    command = [sys.executable, "-m", "tests.admin.moving_race"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_on_sqlite(tmp_path):
    assert race(f"sqlite:///{tmp_path / 'race.sqlite3'}") == EXPECTED


def test_on_postgresql():
    with postgres_cluster() as url:
        assert race(url) == EXPECTED
