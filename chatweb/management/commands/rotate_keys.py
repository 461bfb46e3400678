"""`manage.py rotate_keys`: every stored secret under the newest key. Safe while the site runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chatweb.key_rotation import Counts, rotate


class Command(BaseCommand):
    help = "Encrypt every stored secret with the first key. A run that was interrupted is simply repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Counts()
        done = "to encrypt anew" if options["dry_run"] else "encrypted anew"
        for place, counts in rotate(dry_run=options["dry_run"]):
            self.stdout.write(
                f"{place}: {counts.rewritten} {done}, {counts.current} by the first key, "
                f"{counts.closed} that no key opens"
            )
            total.rewritten += counts.rewritten
            total.closed += counts.closed
        if total.closed:
            raise CommandError(
                f"{total.closed} secrets open with none of FIELD_ENCRYPTION_KEYS: "
                "add the key that is missing, or enter them again."
            )
        if not (options["dry_run"] and total.rewritten):
            self.stdout.write("All secrets are under the first key; the others can be taken away.")
