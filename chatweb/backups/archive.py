"""The file itself: a tar of the database, what people attached, and a manifest with the checksum of each.

The manifest comes last, so a file that was cut off has none.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
OURS = ".chatweb-"  # how names of what is on its way begin
PIECE_BYTES = 1024 * 1024


class Damaged(ValueError):
    """The backup is not what it was when it was made."""


@dataclass
class Manifest:
    """`migrations`: the last of each app that the database has. `keys`: fingerprints of the encryption keys
    the site had; the keys themselves are in no backup. `sums`: SHA-256 by name in the archive."""

    made_at: str
    engine: str  # sqlite | postgresql
    database: str  # its name in the archive
    migrations: dict[str, str]
    keys: list[str]
    sums: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Hashed:
    """What is read through it is counted in."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._sum.update(piece)
        return piece

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


def write(target: Path, manifest: Manifest, database: Path, folder: Path) -> None:
    """`target` appears when it is whole. Of a file that grows meanwhile it has what was there; one that
    goes is left out."""
    part = target.with_name(f"{target.name}.part")
    try:
        with (
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
            tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            _add(tar, manifest, manifest.database, database)
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                name = path.relative_to(folder).as_posix()
                if path.is_file() and not path.is_symlink() and not name.startswith(OURS):
                    _add(tar, manifest, FILES + name, path)
            told = json.dumps(asdict(manifest), indent=1).encode()
            tar.addfile(_entry(MANIFEST, len(told)), io.BytesIO(told))
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return
    with source:
        hashed = Hashed(source)
        tar.addfile(_entry(name, os.fstat(source.fileno()).st_size), hashed)
    manifest.sums[name] = hashed.hexdigest()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def checked(source: Path) -> Manifest:
    """Read the whole of it once. Raises Damaged."""
    sums: dict[str, str] = {}
    told: dict[str, Any] = {}
    try:
        with tarfile.open(source, "r:") as tar:
            for entry, content in _contents(tar):
                hashed = Hashed(content)
                if entry.name == MANIFEST:
                    told = json.loads(hashed.read())
                    continue
                while hashed.read(PIECE_BYTES):
                    pass
                sums[entry.name] = hashed.hexdigest()
    except (tarfile.TarError, ValueError) as error:
        raise Damaged(f"{source} is no backup, or cut off: {error}") from error
    if told.get("format") != FORMAT:
        raise Damaged(f"{source} has no manifest of this format: it is cut off, or no backup of Chatweb")
    manifest = Manifest(**told)
    if wrong := [name for name, digest in manifest.sums.items() if sums.get(name) != digest]:
        raise Damaged(f"{source} is damaged: {', '.join(wrong[:5])}")
    if extra := sums.keys() - manifest.sums.keys():
        raise Damaged(f"{source} holds what its manifest does not know: {', '.join(sorted(extra)[:5])}")
    return manifest


def unpack(source: Path, manifest: Manifest, database: Path, folder: Path) -> None:
    """The database to a file, everything else below `folder`."""
    with tarfile.open(source, "r:") as tar:
        for entry, content in _contents(tar):
            if entry.name == manifest.database:
                _write(database, content)
            elif entry.name.startswith(FILES):
                _write(folder / entry.name.removeprefix(FILES), content)


def _contents(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Plain files with plain names: a backup is a file from somewhere."""
    for entry in tar:
        path = PurePosixPath(entry.name)
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None or path.is_absolute() or ".." in path.parts:
            raise Damaged(f"{entry.name!r} does not belong into a backup")
        yield entry, content


def _write(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        while piece := content.read(PIECE_BYTES):
            out.write(piece)
