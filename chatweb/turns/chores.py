"""What is done now and then beside everything else: small steps on the writer's thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings

from chatweb.retention.removing import Round
from chatweb.turns.deletions import look_at_holds
from chatweb.turns.expiring import look_after_tokens


@dataclass(slots=True)
class Chore:
    """`work` is one step, short enough for a checkpoint to wait for it; true means that more is left."""

    work: Callable[[], bool | None]
    every_seconds: float
    due_at: float = 0.0  # monotonic

    def done(self, is_more_left: bool | None) -> None:
        if is_more_left:
            self.due_at = 0.0


def all_chores() -> list[Chore]:
    return [
        Chore(look_at_holds, every_seconds=15),
        Chore(look_after_tokens, every_seconds=600),
        Chore(Round().step, every_seconds=settings.RETENTION_MINUTES * 60),
    ]


def due(chores: list[Chore]) -> Iterator[Chore]:
    """Those whose time has come; each is put off before it is done, so that one that fails is no loop."""
    for chore in chores:
        now = time.monotonic()
        if now >= chore.due_at:
            chore.due_at = now + chore.every_seconds
            yield chore
