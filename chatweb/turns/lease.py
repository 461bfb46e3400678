"""Which of the processes that serve are alive, where there may be several. On the writer's thread.

Each counts its seconds in a row of its own, in the writer's transaction. Another one is dead when that count
has stood still for as long as the lease, by the watch of whoever looks: no clock is compared with another, so
none may jump. While the database is away nobody counts and nobody looks, so that its restart kills nobody.
Who finds a process dead removes its row; what it owned is then for everybody to take over, at once.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from chatweb.models import Errand, ServingProcess, Turn
from chatweb.turns.states import OWNED

LEASE_SECONDS = 4.0
MOST_A_LOOK = 1.5  # seconds of silence that one look may add: who was asleep itself saw nothing


@dataclass(slots=True)
class Sight:
    """What was last seen of a process."""

    beats: int
    at: float  # monotonic
    silent_seconds: float = 0.0


@dataclass(slots=True)
class Watch:
    """Pure: remembers what was seen and says who has been silent for too long."""

    seen: dict[str, Sight] = field(default_factory=dict)

    def look(self, beats: Mapping[str, int], silent: Mapping[str, float], now: float) -> set[str]:
        """Owners that are dead. `silent`: how long each has been, by the database's clock, for those that are
        seen for the first time; most of that is believed, so that a site that starts again need not wait."""
        known, self.seen = self.seen, {}
        for owner, count in beats.items():
            sight = known.get(owner)
            if sight is None:
                begin = min(max(silent.get(owner, 0.0), 0.0), LEASE_SECONDS - MOST_A_LOOK)
                sight = Sight(count, now, begin)
            elif sight.beats != count:
                sight = Sight(count, now)
            else:
                more = min(now - sight.at, MOST_A_LOOK)
                sight = Sight(count, now, sight.silent_seconds + more)
            self.seen[owner] = sight
        return {owner for owner, sight in self.seen.items() if sight.silent_seconds >= LEASE_SECONDS}


@dataclass(frozen=True, slots=True)
class Found:
    """`gone`: processes that were found dead. `lost`: ids of turns that others took over from us. `stops`:
    wishes to stop ours, in the rows because a message may be lost. `is_oldest`: chores are ours."""

    gone: int
    lost: frozenset[str]
    stops: Mapping[str, dict[str, Any]]
    is_oldest: bool


def register(owner: str) -> None:
    name = f"{socket.gethostname()} {os.getpid()}"[:120]
    ServingProcess.objects.get_or_create(owner=owner, defaults={"name": name})


def beat(owner: str) -> None:
    """The sign of life. Who was taken for dead, and is not, comes back: what was taken over stays so."""
    mine = ServingProcess.objects.filter(owner=owner)
    if not mine.update(beats=F("beats") + 1, beat_at=Now()):
        register(owner)


def leave(owner: str) -> None:
    """What is still owned is for others to take over, at once."""
    ServingProcess.objects.filter(owner=owner).delete()


def living() -> list[str]:
    return list(ServingProcess.objects.values_list("owner", flat=True))


def look(watch: Watch, owner: str, epochs: Mapping[str, int]) -> Found:
    """One look around, once a second. `epochs`: of the turns that have a runner here, by id."""
    rows = list(ServingProcess.objects.annotate(now=Now()).order_by("pk"))
    others = [row for row in rows if row.owner != owner]
    silent = {row.owner: (row.now - row.beat_at).total_seconds() for row in others}
    dead = watch.look({row.owner: row.beats for row in others}, silent, time.monotonic())
    gone = sum(remove(row) for row in others if row.owner in dead)
    mine = Turn.objects.filter(uuid__in=epochs)
    now_in = {str(uuid): epoch for uuid, epoch in mine.values_list("uuid", "epoch")}
    stopped = mine.filter(state__in=OWNED).exclude(stop_asked_at=None).values_list("uuid", "stop_shown")
    return Found(
        gone=gone,
        lost=frozenset(id_ for id_, epoch in epochs.items() if now_in.get(id_, epoch) != epoch),
        stops={str(uuid): shown or {} for uuid, shown in stopped},
        is_oldest=next((row.owner for row in rows if row.owner not in dead), owner) == owner,
    )


def remove(row: ServingProcess) -> int:
    """Unless it has moved after all. Errands it had in hand are due."""
    if not ServingProcess.objects.filter(pk=row.pk, beats=row.beats).delete()[0]:
        return 0
    Errand.objects.filter(taken_by=row.owner).update(taken_by="")
    return 1
