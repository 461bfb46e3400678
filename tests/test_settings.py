"""`.env.example` lists every setting that is read, and no other; only settings.py reads the environment."""

import ast
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from chatweb.management.local_env import with_secrets

ROOT = Path(__file__).resolve().parent.parent
# The demo hands the environment on to its children.
MAY_READ_THE_ENVIRONMENT = {"chatweb/settings.py", "chatweb/management/commands/demo.py"}


def read_by_settings() -> set[str]:
    tree = ast.parse((ROOT / "chatweb/settings.py").read_text())
    return {
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def listed() -> list[str]:
    return SETTING.findall((ROOT / ".env.example").read_text())


SETTING = re.compile(r"^#?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
PRODUCT = [path for package in ("accounts", "chatweb") for path in sorted((ROOT / package).rglob("*.py"))]


def test_every_setting_is_listed_once_and_no_other():
    names = listed()
    assert sorted(names) == sorted(read_by_settings())
    assert len(names) > 15


def test_every_listed_setting_has_a_comment():
    lines = (ROOT / ".env.example").read_text().splitlines()
    settings = [(before, line) for before, line in pairwise(lines) if SETTING.match(line)]
    assert [line for before, line in settings if not before.startswith("# ")] == []


def test_the_example_works_once_its_secrets_are_filled_in(tmp_path: Path):
    """Copied as it is, as an admin would."""
    example = with_secrets((ROOT / ".env.example").read_text())
    code = (
        "import environ\n"
        f"environ.Env.read_env({str(tmp_path / '.env')!r})\n"
        "import chatweb.settings as settings\n"
        "print(settings.DATABASES['default']['NAME'], settings.EMAIL_CHECK, settings.HTTPS_ONLY)"
    )
    (tmp_path / ".env").write_text(example)
    inherited = {"PATH": os.environ["PATH"]}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=inherited, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [str(ROOT / "db.sqlite3"), "optional", "True"]


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_else_reads_the_environment(path: Path):
    if str(path.relative_to(ROOT)) in MAY_READ_THE_ENVIRONMENT:
        return
    tree = ast.parse(path.read_text())
    setting_defaults = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "setdefault"
    }
    reads = [
        f"line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in {"environ", "getenv"}
        and id(node) not in setting_defaults
    ]
    assert reads == []
