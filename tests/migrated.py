"""An empty SQLite database with all migrations, made once for all sites that tests start from one code."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "migrated"
SOURCES = ("accounts", "chatweb")  # permissions and triggers come of more than the migrations


@cache
def digest_of_code() -> str:
    paths = [path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py"))]
    digest = sha256()
    for path in [*paths, ROOT / "requirements" / "base.txt"]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def copy_migrated(target: Path, env: Mapping[str, str]) -> None:
    """`env`: of the site that will open it. Whoever comes first makes it, the others wait for that."""
    KEPT.mkdir(parents=True, exist_ok=True)
    known = KEPT / f"{digest_of_code()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            for old in KEPT.glob("*.sqlite3*"):
                old.unlink()
            _make(known, env)
    shutil.copyfile(known, target)


def _make(path: Path, env: Mapping[str, str]) -> None:
    unfinished = path.with_suffix(".sqlite3-unfinished")
    own = {**env, "DATABASE_URL": f"sqlite:///{unfinished}"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=own, check=True)
    unfinished.replace(path)
