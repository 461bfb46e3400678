"""Reads a multipart/form-data body that is already in memory (RFC 7578). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from simulator.envelope import bad_request

_BOUNDARY = re.compile(r'multipart/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name="([^"]*)"')
_FILE_NAME = re.compile(r'[;\s]filename="((?:[^"\\]|\\.)*)"')
_EXTENDED_FILE_NAME = re.compile(r"[;\s]filename\*=UTF-8''([^;\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    name: str
    file_name: str | None
    content: bytes


def read_multipart(content_type: str, body: bytes) -> list[Part]:
    """ApiError 4000 when it is not multipart or has no boundary."""
    match = _BOUNDARY.match(content_type)
    if match is None:
        raise bad_request("The body must be multipart/form-data.")
    mark = b"--" + (match[1] or match[2]).encode("latin-1")
    parts = []
    for piece in (b"\r\n" + body).split(b"\r\n" + mark)[1:]:
        if piece.startswith(b"--"):
            break
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        parts.append(_read_part(head.decode("utf-8", "replace"), content))
    return parts


def _read_part(head: str, content: bytes) -> Part:
    """Clients send file names as raw UTF-8, some with percent signs for quotes, some by RFC 5987."""
    name, plain, extended = _NAME.search(head), _FILE_NAME.search(head), _EXTENDED_FILE_NAME.search(head)
    file_name = None
    if extended is not None:
        file_name = unquote(extended[1])
    elif plain is not None:
        file_name = plain[1].replace("%22", '"').replace('\\"', '"').replace("\\\\", "\\")
    return Part(name[1] if name else "", file_name, content)
