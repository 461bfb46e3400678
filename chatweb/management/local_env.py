"""Writes the secrets a site cannot start without into .env, once. Runs before the settings can be read.

python chatweb/management/local_env.py .env
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

COMMENT = (
    "# Written by make for this machine. Keep FIELD_ENCRYPTION_KEYS: without it no stored secret can be read."
)


def with_secrets(text: str) -> str:
    """The text of .env with what is missing or empty filled in; what is set stays as it is."""
    wanted = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
    }
    if not text.strip():
        text = f"{COMMENT}\n"
        wanted["HTTPS_ONLY"] = "false"
    lines = text.splitlines()
    for name, value in wanted.items():
        if any(line.startswith(f"{name}=") and line != f"{name}=" for line in lines):
            continue
        lines = [line for line in lines if line != f"{name}="]
        lines.append(f"{name}={value}")
    return "\n".join(lines) + "\n"


def write(path: Path) -> None:
    """Create or complete the file, readable by its owner only."""
    old = path.read_text() if path.exists() else ""
    new = with_secrets(old)
    if new == old:
        return
    part = path.with_name(path.name + ".part")
    part.touch(mode=0o600)
    part.write_text(new)
    part.replace(path)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
