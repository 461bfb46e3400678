"""`manage.py restore FILE`: put a backup back, or with `--check` only read it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatweb.backups import archive, databases, site


class Command(BaseCommand):
    help = "Put database and files of a backup in place of what is here. The site must not run."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="throw away the database and files that are here"
        )
        parser.add_argument("--check", action="store_true", help="only compare the file with its checksums")

    def handle(self, *, source: Path, replace: bool, check: bool, **options: Any) -> None:
        try:
            manifest = archive.checked(source) if check else site.put_back(source, is_replacing=replace)
        except (OSError, archive.Damaged, databases.Impossible, site.Refused) as error:
            raise CommandError(f"Nothing was changed: {error}") from error
        what = "is whole" if check else "is back"
        self.stdout.write(
            f"The backup of {manifest.made_at} {what}: {len(manifest.sums) - 1} files and the database."
        )
        if missing := site.missing_keys(manifest):
            self.stderr.write(
                f"{len(missing)} of the keys that encrypted its secrets are not in FIELD_ENCRYPTION_KEYS: "
                "add them, or enter the credentials of its connections again."
            )
        if not check:
            self.stdout.write("Run `manage.py migrate` before the site starts.")
