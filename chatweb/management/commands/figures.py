"""`manage.py figures`: figures of turns worked out anew from what happened. Safe while the site runs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chatweb.models.reckoning import COLUMNS, differences_between, ranges, reckon_between

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Bring the figures of all turns in step with what happened, or only say which are not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail when a figure is wrong."
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        found: dict[int, tuple[Any, Any]] = {}
        for first, last in ranges():
            with transaction.atomic():
                found |= differences_between(first, last)
                if not check:
                    reckon_between(first, last)
        for pk in sorted(found)[:MOST_SHOWN]:
            self.stdout.write(f"turn {pk}: {told(*found[pk])}")
        if check and found:
            raise CommandError(f"the figures of {len(found)} turns are wrong")
        self.stdout.write(f"{len(found)} turns had other figures")


def told(kept: Any, truth: Any) -> str:
    if kept is None or truth is None:
        return "has no figures" if kept is None else "has figures and should not"
    pairs = zip(COLUMNS, kept, truth, strict=True)
    return ", ".join(f"{name} {old!r}, should be {new!r}" for name, old, new in pairs if old != new)
