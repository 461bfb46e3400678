"""No secret in what git holds, and every package pinned and hashed. Both fail on a planted one."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Whole formats that are secrets wherever they stand. Ours and those of the services the site meets.
PATTERNS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\\?n?\s*[A-Za-z0-9+/=]{40}",
    "a Coze token": r"\b(?:pat|sat|czs|czu)_[A-Za-z0-9]{40,}",
    "a Fernet key": r"(?<![\w/+-])[A-Za-z0-9_-]{43}=(?![\w=])",
    "an AWS key": r"\bAKIA[0-9A-Z]{16}\b",
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}",
    "a Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "an API key": r"\bsk-[A-Za-z0-9_-]{32,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}",
    "a password in an address": r"\b(?:postgres(?:ql)?|rediss?|amqp|https?)://[^\s:/@\"'{}<>]+:"
    r"(?!password|secret|\*)[^\s:/@\"'{}<>]{12,}@",
    "a setting that is filled in": r"(?m)^(?:SECRET_KEY|FIELD_ENCRYPTION_KEYS|COZE_API_TOKEN"
    r"|OIDC_CLIENT_SECRET)=[^\s#<$]{8,}",
}
SECRETS = [(what, re.compile(pattern)) for what, pattern in PATTERNS.items()]
BINARY = {".png", ".jpg", ".gif", ".ico", ".webp", ".woff2", ".mo"}


def secrets_in(text: str) -> list[str]:
    return [what for what, pattern in SECRETS if pattern.search(text)]


def tracked() -> Iterator[Path]:
    """Everything git holds; in an archive without git, everything that git would not ignore."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        yield from (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    else:
        yield from held_in(ROOT)


def held_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if is_made(path.relative_to(ROOT)):
            continue
        if path.is_dir():
            yield from held_in(path)
        else:
            yield path


def is_made(path: Path) -> bool:
    patterns = (line.strip("/") for line in (ROOT / ".gitignore").read_text().split())
    return any(fnmatch(str(path), one) or fnmatch(path.name, one) for one in patterns)


def test_without_git_the_same_files_are_looked_at() -> None:
    assert set(tracked()) <= set(held_in(ROOT))


def test_git_holds_no_secret() -> None:
    found = {}
    for file in tracked():
        text = "" if file.suffix in BINARY or not file.is_file() else file.read_text(errors="replace")
        if secrets := secrets_in(text):
            found[str(file.relative_to(ROOT))] = secrets
    assert found == {}


def test_git_holds_no_file_that_is_one() -> None:
    names = {file.name for file in tracked()}
    assert not [
        name
        for name in names
        if re.fullmatch(r"\.env|.*\.(pem|key|p12|pfx|sqlite3?|dump)|id_[a-z0-9]+", name)
    ]


PLANTED = {
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEow" * 10,
    "a Coze token": "token = 'pat_" + "a1B2" * 12 + "'",
    "a Fernet key": "FIELD=" + "a1B2c3D4e5F" * 3 + "a1B2c3D4e5" + "=",
    "an AWS key": "AKIA" + "ABCDEFGH" * 2,
    "a GitHub token": "ghp_" + "a" * 36,
    "a Slack token": "xoxb-" + "1" * 12,
    "an API key": "sk-" + "a" * 40,
    "a Google key": "AIza" + "b" * 35,
    "a JSON web token": "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + "." + "c" * 30,
    "a password in an address": "postgres://chat:" + "correcthorse" + "@db/chat",
    "a setting that is filled in": "SECRET_KEY" + "=abcdefgh12345",
}


@pytest.mark.parametrize("what", PATTERNS)
def test_a_planted_secret_is_found(what: str) -> None:
    assert what in secrets_in(f"x = 1\n{PLANTED[what]}\ny = 2\n")


@pytest.mark.parametrize(
    "harmless", ["pat_demo", "SECRET_KEY=\n", "postgres://user:password@db", "sk-short", "eyJhbGciOi"]
)
def test_what_only_looks_like_one_is_not(harmless: str) -> None:
    assert secrets_in(harmless) == []


# --- packages --------------------------------------------------------------------------------------

PINNED = re.compile(r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,_-]+\])?==[^\s;]+", re.IGNORECASE)


def loose_in(requirements: str) -> list[str]:
    """Requirements without an exact version, a hash, or from elsewhere than the index."""
    entries = [entry.strip() for entry in requirements.replace("\\\n", " ").split("\n")]
    entries = [entry for entry in entries if entry and not entry.startswith("#")]
    return [entry[:60] for entry in entries if not PINNED.match(entry) or "--hash=sha256:" not in entry]


def unsure_in(lock: dict) -> list[str]:
    """Packages of an npm lock without an integrity."""
    packages = {name: entry for name, entry in lock["packages"].items() if name and not entry.get("link")}
    return [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")]


@pytest.mark.parametrize("name", sorted(file.name for file in (ROOT / "requirements").glob("*.txt")))
def test_every_python_package_is_pinned_and_hashed(name: str) -> None:
    assert loose_in((ROOT / "requirements" / name).read_text()) == []


def test_every_npm_package_is_pinned_and_hashed() -> None:
    assert unsure_in(json.loads((ROOT / "package-lock.json").read_text())) == []


@pytest.mark.parametrize(
    "loose",
    ["django", "django>=5", "django==5.2", "git+https://x.example/y.git", "--index-url https://x.example"],
)
def test_a_loose_one_is_found(loose: str) -> None:
    assert loose_in(f"a==1 \\\n    --hash=sha256:00\n{loose}\n") == [loose]
    assert unsure_in({"packages": {"": {}, "node_modules/x": {"version": "1"}}}) == ["node_modules/x"]
