"""`make audit` tells a hole from a service that could not be asked."""

from __future__ import annotations

import json

import pytest

from tests.security.audit import verdict

NPM_DOWN = json.dumps({"message": "request failed", "error": {"code": "ENOTFOUND"}})


@pytest.mark.parametrize(
    ("code", "out", "err", "words", "is_hole"),
    [
        (0, "No known vulnerabilities found", "", "no known hole", False),
        (1, "django 5.2 PYSEC-1 5.2.1", "Found 1 known vulnerability in 1 package", "HOLES", True),
        (1, json.dumps({"vulnerabilities": {"katex": {}}}), "", "HOLES in katex", True),
        (1, "", "ERROR: requests.exceptions.ConnectionError: Max retries", "not asked", False),
        (1, NPM_DOWN, "npm error audit endpoint returned an error", "not asked", False),
        (1, "", "No module named pip_audit", "not asked: No module named pip_audit", False),
        (124, "", "timed out", "not asked: timed out", False),
    ],
)
def test_what_it_says(code: int, out: str, err: str, words: str, is_hole: bool) -> None:
    said, found = verdict(code, out, err)
    assert said.startswith(words) and found is is_hole
