"""Memory on disk: one JSON line for every record that changed, appended; written anew at start.

Appending costs what changed and not what there is, and a process that is killed loses only what it had not
yet handed to the operating system (`FLUSH_SECONDS`). A torn last line is ignored.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from simulator.records import Record

FLUSH_SECONDS = 0.1
logger = logging.getLogger(__name__)


class Journal:
    """`note` a record that changed or, with `is_gone`, went away."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._dirty: dict[tuple[str, str], Record | None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def read(self) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
        """(kind, id, fields or None) in the order written."""
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    kind, record_id, fields = json.loads(line)
                except ValueError:
                    logger.warning("ignored a torn line of %s", self._path.name)
                    continue
                yield kind, record_id, fields

    def start(self, records: Iterable[Record]) -> None:
        """Write all that is known to a new file and put it in place of the old one; go on appending to it."""
        beside = self._path.with_name(self._path.name + ".new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as new:
            for record in records:
                new.write(_line(record, record.id))
        beside.replace(self._path)
        self._file = self._path.open("a", encoding="utf-8")

    def note(self, record: Record, is_gone: bool = False) -> None:
        self._dirty[type(record).__name__, record.id] = None if is_gone else record
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        self._timer = None
        dirty, self._dirty = self._dirty, {}
        if self._file is None or not dirty:
            return
        for (kind, record_id), record in dirty.items():
            line = json.dumps([kind, record_id, None]) + "\n" if record is None else _line(record, record_id)
            self._file.write(line)
        self._file.flush()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None


def _line(record: Record, record_id: str) -> str:
    return json.dumps([type(record).__name__, record_id, dataclasses.asdict(record)]) + "\n"
