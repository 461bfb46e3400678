"""UPSTREAM leaves out what a dialect has not, by name, and nothing on the cloud."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.process import ROOT
from tests.upstream import OTHERS, REASONS


def collected(dialect: str, *paths: str) -> str:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-n", "0", *paths]
    env = {**os.environ, "UPSTREAM": dialect}
    answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    return answer.stdout + answer.stderr


def test_on_the_cloud_every_test_is_collected():
    said = collected("coze", "tests/browser/test_cards.py", "tests/browser/test_questions.py")
    assert "deselected" not in said
    assert "test_plain_words_are_an_output" in said


@pytest.mark.parametrize(
    ("dialect", "here", "not_here"),
    [
        ("studio", "test_travel_is_told_by_number_key_and_then_by_a_form", "test_plain_words_are_an_output"),
        ("assistants", "test_plain_words_are_an_output", "test_travel_is_told_by_number_key"),
    ],
)
def test_elsewhere_what_is_lacking_is_left_out(dialect: str, here: str, not_here: str):
    said = collected(dialect, "tests/browser/test_cards.py", "tests/browser/test_questions.py")
    assert here in said
    assert not_here not in said
    assert "deselected" in said


def test_every_need_has_one_reason():
    assert not REASONS.keys() & OTHERS.keys()
