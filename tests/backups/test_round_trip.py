"""A backup made while people chat, put back: everything is as it was at that moment, on both databases."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from tests.postgres import running_postgres
from tests.process import ROOT, Site, running_site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(
    request: pytest.FixtureRequest, simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("kept")
    env = {"FILES_FOLDER": str(folder / "files")}
    with ExitStack() as stack:
        if request.param == "postgresql":
            env["DATABASE_URL"] = stack.enter_context(running_postgres()).url
        yield stack.enter_context(running_site(folder, simulator.url, simulator.token, env=env))


def manage(site: Site, *arguments: str) -> str:
    """What a command that fails says."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=site.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr


def test_a_site_comes_back_as_it_was(kept: Site, simulator: SimulatorProcess, tmp_path: Path) -> None:
    person = Visitor(kept.url, "demo")
    echo = person.bot("Echo")
    file = person.attach_to_bot(echo, "sky.png", PIXEL)
    conversation, before = person.begin(echo, "before the backup", files=[file["id"]])
    person.wait_for(conversation, before, "completed")
    hold = f"h{uuid4().hex}"
    streaming, cut = person.begin(echo, f"tokens=5 hold={hold} hold_at=first")
    simulator.reached(hold)

    backup = Path(kept.manage("backup", str(tmp_path)).rpartition(" (")[0])
    assert backup.parent == tmp_path and backup.stat().st_mode & 0o077 == 0
    simulator.release(hold)
    said = person.wait_for(streaming, cut, "completed")["messages"]
    after = person.ask(conversation, "after the backup")
    person.wait_for(conversation, after, "completed")
    lost = person.attach(conversation, "later.png", PIXEL)

    assert "stop all" in manage(kept, "restore", str(backup), "--replace")
    kept.stop()
    assert "--replace" in manage(kept, "restore", str(backup))
    assert "is back" in kept.manage("restore", str(backup), "--replace")
    kept.manage("migrate")
    kept.start()

    # The session is in the backup too: nobody has to sign in again.
    assert [turn["id"] for turn in person.turns(conversation)] == [before]
    assert person.http.get(f"/files/{file['id']}/").content == PIXEL
    assert person.http.get(f"/files/{lost['id']}/").status_code == 404
    kept_files = [path for path in Path(kept.env["FILES_FOLDER"]).rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept_files] == [PIXEL]
    # What streamed while the backup was made has an end by now, and the upstream knows it.
    again = person.wait_for(streaming, cut, "completed")["messages"]
    assert [message["text"] for message in again] == [message["text"] for message in said]
    # The token of the connection is still one that the keys of the site open.
    person.wait_for(conversation, person.ask(conversation, "and on it goes"), "completed")
    person.close()


def test_secrets_stay_encrypted_and_their_keys_stay_out(
    kept: Site, simulator: SimulatorProcess, tmp_path: Path
) -> None:
    backup = tmp_path / "site.tar"
    kept.manage("backup", str(backup))
    with tarfile.open(backup) as tar:
        names = tar.getnames()
        content = b"".join(tar.extractfile(name).read() for name in names)  # type: ignore[union-attr]
    assert names[0].startswith("database.") and names[-1] == "manifest.json"
    for secret in (kept.env["FIELD_ENCRYPTION_KEYS"], kept.env["SECRET_KEY"], simulator.token):
        assert secret.encode() not in content
    other = Site(kept.folder, simulator.url, simulator.token, "daphne", {"DATABASE_URL": "sqlite://:memory:"})
    told = subprocess.run(
        [sys.executable, "manage.py", "restore", "--check", str(backup)],
        cwd=ROOT,
        env=other.env,
        capture_output=True,
        text=True,
    )
    assert "is whole" in told.stdout and "1 of the keys" in told.stderr


def test_what_is_not_whole_changes_nothing(kept: Site, tmp_path: Path) -> None:
    backup = tmp_path / "site.tar"
    kept.manage("backup", str(backup))
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    assert "damaged" in manage(kept, "restore", "--check", str(backup))
    backup.write_bytes(content[: len(content) // 3])
    assert "Nothing was changed" in manage(kept, "restore", "--replace", str(backup))
