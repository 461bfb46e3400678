"""Where exports lie: beside what people attach, outside the web root, read by their owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from chatweb.models import LogExport

PIECE_BYTES = 64 * 1024


def path_of(export: LogExport) -> Path:
    return Path(settings.FILES_FOLDER) / "log-exports" / str(export.uuid)


def append(export: LogExport, size_bytes: int, content: bytes) -> int:
    """Write behind so much of the file; what a killed process left behind that is cut off. The new size."""
    path = path_of(export)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.truncate(size_bytes)
        file.seek(size_bytes)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def pieces_of(export: LogExport) -> Iterator[bytes]:
    with path_of(export).open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def remove(export: LogExport) -> None:
    path_of(export).unlink(missing_ok=True)


def remove_with_row(instance: LogExport, **kwargs: Any) -> None:
    """A row that goes, with its owner's account for instance, takes its file along."""
    remove(instance)
