"""`manage.py retention`: remove what the rules say is too old, or with `--dry-run` say how much that is."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from chatweb.retention.counting import Outlook, outlook
from chatweb.retention.removing import retain

COUNTED = ("conversations", "messages", "files", "events")


class Command(BaseCommand):
    help = "Remove what is older than its retention rule allows. Safe while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Remove nothing; say what would go, by rule."
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        if dry_run:
            for one in outlook():
                self.stdout.write(f"{one.name}: {told(one)}")
            return
        removed: Counter[str] = Counter()
        for step in retain():
            removed += step
        self.stdout.write("removed " + ", ".join(f"{removed[name]} {name}" for name in COUNTED))


def told(one: Outlook) -> str:
    counts = ", ".join(f"{getattr(one, name)} {name}" for name in COUNTED)
    return f"{counts} would go; {one.held} held conversations stay"
