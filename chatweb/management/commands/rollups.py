"""`manage.py rollups`: the figures behind the console's plots, brought in step. Safe while the site runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from chatweb.models import ChangedHour
from chatweb.rollups.marks import mark_all
from chatweb.rollups.rolling import MOST_HOURS, roll_up_some


class Command(BaseCommand):
    help = "Count anew the hours that changed; with --rebuild all of them, e.g. after people changed groups."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="count every hour anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            mark_all(connection)
        hours = ChangedHour.objects.values("hour").distinct().count()
        done = 0
        while roll_up_some():
            done += MOST_HOURS
            if done % (MOST_HOURS * 25) == 0:
                self.stdout.write(f"{min(done, hours)} of {hours} hours")
        self.stdout.write(f"{hours} hours counted")
