"""Empty databases with all migrations, made once for all sites that tests start from one code."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
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


def kept(kind: str, make: Callable[[Path], None]) -> Path:
    """The file or folder that `make` writes, for this code. Whoever comes first makes it, the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    known = KEPT / f"{digest_of_code()}.{kind}"
    with (KEPT / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            for old in KEPT.glob(f"*.{kind}*"):
                if old.is_dir():
                    shutil.rmtree(old)
                elif old.name != f"{kind}.lock":
                    old.unlink()
            unfinished = known.with_name(f"{known.name}-unfinished")
            make(unfinished)
            unfinished.replace(known)
    return known


def migrate(url: str, env: Mapping[str, str]) -> None:
    """`env`: of the site that will open it, but for the database's URL."""
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env={**env, "DATABASE_URL": url}, check=True)


def copy_migrated(target: Path, env: Mapping[str, str]) -> None:
    """A SQLite database."""
    shutil.copyfile(kept("sqlite3", lambda path: migrate(f"sqlite:///{path}", env)), target)
