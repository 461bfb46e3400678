"""`make audit`: known holes in the packages that are pinned, as pip-audit and npm audit know them.

Both ask a service. Where it does not answer, that is said as "not asked", and the command does not fail for
it; where it answers with a hole, it does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 120
PIP_AUDIT = ["-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
UNREACHED = re.compile(
    r"ConnectionError|ServiceError|Max retries|timed out|timeout|Errno|ENOTFOUND|EAI_AGAIN|ECONN"
)


def answer_of(command: list[str]) -> tuple[int, str, str]:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    except FileNotFoundError as missing:
        return 127, "", f"ENOTFOUND {missing.filename}"
    except subprocess.TimeoutExpired:
        return 124, "", "timed out"
    return done.returncode, done.stdout, done.stderr


def verdict(code: int, out: str, err: str) -> tuple[str, bool]:
    """In words, and whether there is a hole. A service that cannot be reached is neither yes nor no."""
    if code == 0:
        return "no known hole", False
    try:
        npm = json.loads(out)
    except ValueError:
        npm = None
    if isinstance(npm, dict) and "vulnerabilities" in npm:
        return f"HOLES in {', '.join(sorted(npm['vulnerabilities']))}", True
    is_known = re.search(r"Found \d+ known vulnerabilit", err)
    if is_known or (out.strip() and npm is None and not UNREACHED.search(err)):
        return f"HOLES\n{out}".rstrip(), True
    lines = [line for line in err.strip().splitlines() if "complete log" not in line]
    said = (lines or ["no answer"])[-1]
    return f"not asked: {said[:160]}", False


def main() -> int:
    asked = {
        f"requirements/{name}": [sys.executable, *PIP_AUDIT, "-r", f"requirements/{name}"]
        for name in ("base.txt", "dev.txt", "node.txt")
    }
    asked["package-lock.json"] = ["npm", "audit", "--json", "--package-lock-only"]
    has_hole = False
    for name, command in asked.items():
        words, is_hole = verdict(*answer_of(command))
        print(f"{name}: {words}")
        has_hole |= is_hole
    return int(has_hole)


if __name__ == "__main__":
    sys.exit(main())
