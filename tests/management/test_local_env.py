"""The file of secrets that `make` writes: once, for its owner only, and never over what a person set."""

from __future__ import annotations

import stat
from pathlib import Path

from cryptography.fernet import Fernet

from chatweb.management.local_env import with_secrets, write


def values(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_a_new_file_has_secrets_that_work_and_is_private(tmp_path: Path):
    write(tmp_path / ".env")
    found = values((tmp_path / ".env").read_text())
    assert len(found["SECRET_KEY"]) >= 50
    assert Fernet(found["FIELD_ENCRYPTION_KEYS"])
    assert found["HTTPS_ONLY"] == "false"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_a_second_time_changes_nothing(tmp_path: Path):
    write(tmp_path / ".env")
    before = (tmp_path / ".env").read_text()
    write(tmp_path / ".env")
    assert (tmp_path / ".env").read_text() == before


def test_what_a_person_set_stays_and_only_gaps_are_filled():
    text = with_secrets("# mine\nSECRET_KEY=my own\nFIELD_ENCRYPTION_KEYS=\nHTTPS_ONLY=true\n")
    assert text.startswith("# mine\nSECRET_KEY=my own\nHTTPS_ONLY=true\n")
    assert Fernet(values(text)["FIELD_ENCRYPTION_KEYS"])
    assert with_secrets(text) == text


def test_two_machines_have_different_secrets():
    assert values(with_secrets("")) != values(with_secrets(""))
