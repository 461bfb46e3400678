"""Child processes of the demo: heard when they fail, gone when they should be."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from chatweb.management.children import Child, ChildFailed, Errors, running

SLEEPER = [sys.executable, "-c", "import time; print('started', flush=True); time.sleep(600)"]


def test_errors_are_copied_with_their_tracebacks_and_nothing_else(tmp_path: Path):
    log = tmp_path / "site.log"
    log.write_text("2026-01-01 10:00:00,000 INFO site: all is well\n")
    terminal = io.StringIO()
    errors = Errors(log, terminal)
    errors.copy()
    with log.open("a") as more:
        more.write(
            "2026-01-01 10:00:01,000 ERROR site: it broke\nTraceback (most recent call last):\n  boom\n"
        )
        more.write("2026-01-01 10:00:02,000 INFO site: and went on\nno level here\n")
    errors.copy()
    errors.copy()
    assert terminal.getvalue() == (
        "2026-01-01 10:00:01,000 ERROR site: it broke\nTraceback (most recent call last):\n  boom\n"
    )


def test_a_child_that_ends_by_itself_is_named_with_its_last_words(tmp_path: Path):
    last_words = [sys.executable, "-c", "import sys; sys.exit('the port is gone')"]
    child = Child("site", last_words, tmp_path / "site.log", os.environ)
    child.process.wait(30)
    with pytest.raises(
        ChildFailed, match=r"(?s)the port is gone.*The site stopped by itself \(exit code 1\)"
    ):
        child.check()


def test_a_child_ends_with_its_context_also_when_something_fails(tmp_path: Path):
    with (
        pytest.raises(KeyboardInterrupt),
        running("sleeper", SLEEPER, tmp_path / "log", os.environ) as child,
    ):
        child.check()
        raise KeyboardInterrupt
    assert child.process.returncode is not None
