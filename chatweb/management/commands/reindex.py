"""`manage.py reindex`: what search finds, made anew from what was said. Safe while the site runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chatweb.models import Turn
from chatweb.search.index import reindex


class Command(BaseCommand):
    help = "Bring what search finds in step with all conversations."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reindex(Turn.objects.all())} turns looked at")
