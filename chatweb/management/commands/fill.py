"""`manage.py fill`: a database full of plausible conversations, to see how the site bears years of them."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from chatweb.management.filling.grams import paused_index
from chatweb.management.filling.people import make_cast
from chatweb.management.filling.tables import move_sequences
from chatweb.management.filling.talks import Filler
from chatweb.models import Conversation

BATCH = 2000  # conversations a transaction


class Command(BaseCommand):
    help = "Fill a database with people, bots and conversations that were never held. Not for a site in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--conversations", type=int, default=100_000)
        parser.add_argument("--messages", type=int, default=1_000_000)
        parser.add_argument("--users", type=int, help="by default one for fifty conversations")
        parser.add_argument("--seed", type=int, default=1, help="the same seed and end make the same texts")
        parser.add_argument("--until", type=datetime.fromisoformat, help="when the last one was held; now")
        parser.add_argument("--beside", action="store_true", help="although there are conversations already")

    def handle(self, *, conversations: int, messages: int, seed: int, beside: bool, **options: Any) -> None:
        if Conversation.objects.exists() and not beside:
            raise CommandError("This database holds conversations. --beside fills it all the same.")
        begun = time.monotonic()
        until = end_of(options["until"])
        # Beside others nothing may be made twice. Nothing secret is made of it.
        random = Random(f"{seed} beside {Conversation.objects.count()}")  # noqa: S311
        with transaction.atomic():
            cast = make_cast(random, options["users"] or max(10, conversations // 50))
        filler = Filler(cast, random, until, conversations, messages)
        with paused_index():
            for done in self.in_transactions(filler):
                self.say(done, filler, begun)
        move_sequences(table.model for table in filler.tables.values() if table.names[0] == "id")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self.stdout.write(f"done in {time.monotonic() - begun:.0f} s")

    def in_transactions(self, filler: Filler) -> Any:
        batches = filler.batches(BATCH)
        while True:
            with transaction.atomic():
                done = next(batches, None)
            if done is None:
                return
            yield done

    def say(self, done: int, filler: Filler, begun: float) -> None:
        if done % (BATCH * 5) == 0:
            seconds = time.monotonic() - begun
            self.stdout.write(f"{done} conversations, {filler.made} messages, {seconds:.0f} s")


def end_of(given: datetime | None) -> datetime:
    if given is None:
        return timezone.now() - timedelta(minutes=1)
    return given if timezone.is_aware(given) else timezone.make_aware(given)
