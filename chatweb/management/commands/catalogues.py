"""`manage.py catalogues`: bring the message catalogues up to the sources, or only check them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatweb.management.catalogues import places, problems, read, said, update


class Command(BaseCommand):
    help = "Update locale/*/LC_MESSAGES/*.po from the sources, or check that they are complete."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail when anything is wrong."
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        lines = []
        for place in places():
            catalog = read(place) if check else update(place)
            lines += [f"{place}: {line}" for line in problems(catalog, said(place.domain))]
        if check and lines:
            raise CommandError("\n".join(lines))
        self.stdout.write("\n".join(lines) or "The catalogues are complete.")
