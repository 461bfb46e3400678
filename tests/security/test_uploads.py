"""Hostile files and names: told by their bytes, kept as they are, never opened, never run."""

from __future__ import annotations

import ast
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from chatweb.file_kinds import PICTURES, plain_name, type_of
from chatweb.models import Attachment
from chatweb.upstreams.pictures import type_of_picture

ROOT = Path(__file__).parents[2]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"


def bomb() -> bytes:
    """A hundred kilobytes that unfold to a hundred megabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(100_000_000))
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.html", "a.png\0.html", "a.jpg.svg", "a"])
@pytest.mark.parametrize(
    "content",
    [SVG, HTML, b"\xef\xbb\xbf" + SVG, b"   \n" + HTML, b"<?xml version='1.0'?>" + SVG, b"%!PS", b"MZ"],
)
def test_what_a_browser_would_run_is_no_picture_whatever_it_is_called(content: bytes, name: str) -> None:
    assert type_of(content, name) not in PICTURES
    assert type_of_picture(content) == ""


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"GIF89a/*" + HTML, "image/gif"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "image/png"),
        (b"\xff\xd8\xff\xe0" + HTML + b"PK\x03\x04", "image/jpeg"),
    ],
)
def test_a_polyglot_is_the_picture_it_begins_as(head: bytes, mime: str) -> None:
    """And goes out as that alone: nosniff and sandbox (test_headers.py) make its other half inert."""
    assert type_of(head, "a.html") == mime == type_of_picture(head)
    assert type_of(HTML + head, "a.png") not in PICTURES


def test_nothing_of_the_product_opens_an_archive() -> None:
    """So there is no bomb to go off: what is in a .zip or .docx is the upstream's business."""
    openers = {"zipfile", "tarfile", "gzip", "bz2", "lzma", "shutil.unpack_archive", "PIL", "xml"}
    found = {}
    for file in [*ROOT.glob("chatweb/**/*.py"), *ROOT.glob("accounts/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if opened := {name.partition(".")[0] for name in names} & openers:
                found[str(file.relative_to(ROOT))] = opened
    assert {name: what for name, what in found.items() if name not in WRITES_ONES_OWN} == {}


# Archives of the site's own making, for their owner to take away, and backups, for whoever runs the site.
WRITES_ONES_OWN = {"chatweb/exports/archive.py", "chatweb/backups/archive.py"}


def test_a_bomb_is_a_file_like_any_other() -> None:
    content = bomb()
    assert len(content) < 200_000
    assert type_of(content[:4096], "letter.docx").endswith("wordprocessingml.document")
    assert type_of(content[:4096], "a.png") == "application/zip"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..\\..\\boot.ini", ".._.._boot.ini"),
        ("/etc/passwd", "_etc_passwd"),
        ("a\0.png", "a.png"),
        ("a\r\nX-Evil: 1.png", "aX-Evil: 1.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\u200b\u2066b\ufeff.txt", "ab.txt"),
        ("", "file"),
        ("\u202e", "file"),
        ("x" * 999, "x" * 255),
        ("文件 “a”.txt", "文件 “a”.txt"),
    ],
)
def test_a_name_reads_as_it_is_and_leads_nowhere(name: str, shown: str) -> None:
    assert plain_name(name) == shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        'a".html',
        "a\r\nSet-Cookie: x=1",
        "..\\..\\a.png",
        "文件.png",
        'x"; filename="evil.html',
        "a\0b",
        "%0d%0a",
    ],
)
def test_a_name_cannot_leave_its_header(client, ana, connection, files, name: str) -> None:
    file = Attachment(user=ana, connection=connection, name=plain_name(name), mime="image/png", size_bytes=1)
    file.copy.save(name, ContentFile(b"\x89PNG\r\n\x1a\n"), save=False)
    file.save()
    client.force_login(ana)
    answer: Any = client.get(reverse("file", args=[file.uuid]))
    disposition = answer["Content-Disposition"]
    assert answer.status_code == 200 and disposition.startswith("attachment; filename")
    assert not {"\r", "\n", "\0"} & set(disposition) and "Set-Cookie" not in answer
    [kept] = [path for path in files.parent.rglob("*") if path.is_file()]
    assert kept.name == file.uuid.hex and files in kept.parents
    assert kept.stat().st_mode & 0o777 == 0o600
