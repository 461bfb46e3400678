"""`manage.py backup TARGET`: database and files of the running site in one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatweb.backups import databases, site


class Command(BaseCommand):
    help = (
        "Write database and files into one file, while the site runs. Secrets in it stay encrypted, and "
        "their keys (FIELD_ENCRYPTION_KEYS) and SECRET_KEY are not in it: keep those elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, help="a file, or a folder that gets a file with the time in its name"
        )

    def handle(self, *, target: Path, **options: Any) -> None:
        try:
            made = site.make(target)
        except (OSError, databases.Impossible) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")
