"""What stands ready for deployment names files and settings that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/deployment.md").read_text()
DEPLOYED = [
    ROOT / "Dockerfile",
    ROOT / "compose.yaml",
    *(path for path in (ROOT / "deploy").rglob("*") if path.is_file()),
]
SETTINGS = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
# Of compose, Docker, pip, npm and Python, not of the site.
OTHERS = re.compile(
    r"^(POSTGRES_\w+|SITE_HOST|WEB_PROCESSES|PIP_\w+|NPM_\w+|PYTHON\w*|NODE|PATH|REQUIREMENTS|END)$"
)
SET = re.compile(r"^\s*(?:ENV |RUN )?([A-Z][A-Z_]{3,})(?:=|: )", re.MULTILINE)
INLINE = re.compile(r"`([A-Z][A-Z]+_[A-Z_]+)(?:=[^`]*)?`")


def test_the_guide_names_settings_that_exist() -> None:
    named = set(SET.findall(GUIDE)) | set(INLINE.findall(GUIDE))
    assert len(named) > 15
    assert {name for name in named if name not in SETTINGS and not OTHERS.match(name)} == set()


@pytest.mark.parametrize("path", DEPLOYED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_deployed_sets_settings_that_exist(path: Path) -> None:
    named = set(SET.findall(path.read_text()))
    assert {name for name in named if name not in SETTINGS and not OTHERS.match(name)} == set()


def test_the_guide_leads_to_files_that_are_there() -> None:
    links = [
        link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", GUIDE) if not link.startswith("#")
    ]
    paths = re.findall(r"\bdeploy/[\w./@-]*\w", GUIDE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert [path for path in paths if not list(ROOT.glob(f"{path}*"))] == []


def test_the_image_copies_what_is_there_and_let_through() -> None:
    let_through = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert [name for name in names if not (ROOT / name).exists() or name not in let_through] == []
