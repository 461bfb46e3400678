"""`manage.py reconcile_usage`: fetches usage that chats and runs did not tell, and reports what differs."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from chatweb.turns.commands.reconciling import first_moment, reconcile


def told(count: int | None) -> str:
    return "unknown" if count is None else str(count)


class Command(BaseCommand):
    help = "Ask the upstream what chats and runs used that were stopped or lost; write what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="only turns asked on this day or later")
        parser.add_argument(
            "--all", action="store_true", help="compare every chat and run, not only those without usage"
        )

    def handle(self, *, since: date | None, **options: Any) -> None:
        counts = {"looked at": 0, "filled": 0, "different": 0, "not found": 0, "without usage": 0}
        kept = said = 0
        for finding in reconcile(first_moment(since), everything=options["all"]):
            counts["looked at"] += 1
            kept, said = kept + (finding.kept or 0), said + (finding.said or 0)
            leg = finding.leg
            chat = f"run {leg.execute_id}" if finding.is_run else f"chat {leg.chat_id}"
            chat += f" of turn {leg.turn.uuid}"
            if finding.problem:
                counts["not found"] += 1
                self.stdout.write(f"{chat}: {finding.problem}")
            elif finding.is_filled:
                counts["filled"] += 1
                self.stdout.write(f"{chat}: {finding.said} tokens, were not known")
            elif finding.differs:
                counts["different"] += 1
                self.stdout.write(f"{chat}: {finding.said} tokens upstream, {told(finding.kept)} here")
            elif finding.said is None:
                counts["without usage"] += 1
        self.stdout.write(", ".join(f"{count} {word}" for word, count in counts.items()))
        self.stdout.write(f"{said} tokens upstream, {kept} here before")
