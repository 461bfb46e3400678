"""`manage.py replay`: what the upstream library concludes from the raw bytes of one HTTP response."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chatweb.turns.transcript import Json, Recording, transcribe
from chatweb.upstreams.reading import CALLS, DIALECTS

OPTIONS = {"dialect": str, "call": str, "http_status": int, "content_type": str, "chunk": int}


class Command(BaseCommand):
    help = "Read a recorded response body and print, as JSON, what Chatweb makes of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Recording()
        parser.add_argument("file", nargs="?", help="raw bytes of one response body; - for standard input")
        parser.add_argument("--dialect", choices=DIALECTS, default=usual.dialect)
        parser.add_argument("--call", choices=CALLS, default=usual.call)
        parser.add_argument("--http-status", type=int, default=usual.http_status)
        parser.add_argument("--content-type", default=usual.content_type)
        parser.add_argument("--chunk", type=int, default=usual.chunk, help="bytes fed at a time")
        parser.add_argument(
            "--batch",
            action="store_true",
            help="read one JSON object a line from standard input (file and the options above, "
            "with underscores), print one line for each",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch"]:
            for line in sys.stdin:
                if line.strip():
                    self._print(replay_line(line))
            return
        if not options["file"]:
            raise CommandError("Name a file, or use --batch.")
        try:
            self._print(replay(options))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error

    def _print(self, report: Json) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False))
        # A caller may send its next line only when it has seen this one.
        self.stdout.flush()


def replay(options: Mapping[str, Any]) -> Json:
    """Raises OSError for the file, ValueError for the options."""
    given = {name: kind(options[name]) for name, kind in OPTIONS.items() if options.get(name) is not None}
    content = sys.stdin.buffer.read() if options["file"] == "-" else Path(options["file"]).read_bytes()
    return transcribe(content, Recording(**given))


def replay_line(line: str) -> Json:
    """One line of a batch. What cannot be replayed is reported in its place, so that lines stay in step."""
    try:
        options = json.loads(line)
        if not isinstance(options, dict) or not isinstance(options.get("file"), str):
            raise ValueError("a line is a JSON object with a file")
        return replay(options)
    except (OSError, ValueError, TypeError) as error:
        return {"status": None, "error": {"code": None, "msg": f"not replayed: {error}"}}
