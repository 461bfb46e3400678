"""The one thread of a process that writes for its turns, with a database connection of its own.

While text streams it checkpoints once a second: one transaction for every live turn. Starts, actions and
ends are written at once through `run`. Everything filters on owner and epoch, so that a process that was
frozen and wakes up cannot overwrite what its successor wrote.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from chatweb.models import Event, Message, Turn
from chatweb.turns import lease
from chatweb.turns.feed import Feed, Part
from chatweb.turns.states import OWNED

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class PartSave:
    """One message as it was in the synchronous block that captured it."""

    part: Part
    text: str
    reasoning: str
    state: str
    reasoning_ms: int | None


@dataclass(slots=True)
class Save:
    """Everything of one turn that changed since the last checkpoint."""

    turn_pk: int
    conversation_pk: int
    leg_pk: int | None
    owner: str
    epoch: int
    seq: int
    parts: list[PartSave]
    events: list[tuple[str, str, datetime]]
    first_delta_at: float  # Unix time, 0 before the first


@dataclass(slots=True, eq=False)
class Desk:
    """What the writer needs to know of a live turn beside its feed."""

    feed: Feed
    turn_pk: int
    conversation_pk: int
    owner: str
    leg_pk: int | None = None
    events: list[tuple[str, str, datetime]] = field(default_factory=list)

    def record(self, name: str, data: str) -> None:
        """Keep a raw upstream event for the operators' log."""
        self.events.append((name, data, timezone.now()))

    def capture(self) -> Save | None:
        """On the loop, in one synchronous block: text, epoch and seq belong together."""
        feed = self.feed
        if not feed.is_dirty and not self.events:
            return None
        parts = [
            PartSave(part, str(part.text), str(part.reasoning), part.state, part.reasoning_ms)
            for part in feed.parts
            if part.is_dirty
        ]
        for save in parts:
            save.part.is_dirty = False
        events, self.events, feed.is_dirty = self.events, [], False
        return Save(
            self.turn_pk,
            self.conversation_pk,
            self.leg_pk,
            self.owner,
            feed.epoch,
            feed.seq,
            parts,
            events,
            feed.deltas.first_at,
        )

    def give_back(self, save: Save) -> None:
        """A save that failed: what it held is unsaved again."""
        for part_save in save.parts:
            part_save.part.is_dirty = True
        self.events[:0] = save.events
        self.feed.is_dirty = True


class Writer:
    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self.desks: set[Desk] = set()

    async def run(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a database function on the writer's thread; a connection that died is replaced first."""

        def job() -> R:
            if connection.vendor != "sqlite":  # a file does not restart, and opening it anew costs
                close_old_connections()
            return call(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    async def beat_forever(self, owner: str) -> None:
        """Checkpoint and heartbeat, once a second, for as long as turns are alive."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if self.desks or settings.REDIS_URL:  # to the other processes this one lives as well
                await self.checkpoint(owner)

    async def checkpoint(self, owner: str) -> None:
        taken = [(desk, save) for desk in self.desks if (save := desk.capture())]
        try:
            await self.run(write_all, [save for _, save in taken], owner)
        except Exception:
            # Top of a task that must not end: what could not be saved is unsaved again, and said.
            logger.exception("checkpoint of %d turns failed; trying them one by one", len(taken))
            for desk, save in taken:
                await self._retry(desk, save, owner)

    async def _retry(self, desk: Desk, save: Save, owner: str) -> None:
        try:
            await self.run(write_all, [save], owner)
        except Exception:
            logger.exception("checkpoint of turn %s failed; kept for the next beat", save.turn_pk)
            desk.give_back(save)

    def close(self) -> None:
        self._thread.shutdown(wait=True)


def write_all(saves: list[Save], owner: str) -> None:
    """One transaction: texts, raw events, positions, and the sign of life of every turn of `owner`."""
    with transaction.atomic():
        write(*saves)
        Turn.objects.filter(owner=owner, state__in=OWNED).update(beat_at=timezone.now())
        if settings.REDIS_URL:
            lease.beat(owner)


def write(*saves: Save) -> None:
    """Write what changed of some turns, inside a transaction. A turn that another process has taken over is
    left alone: every statement names owner and epoch."""
    if saves:
        save_positions(saves)
        insert_new(saves)
        update_known(saves)
        insert_events(saves)


# One executemany costs a twentieth of as many ORM updates (design, section 4); the texts of all live turns
# are written once a second, so this is the second half of the path of a delta.
IS_OURS = "id=%s AND owner=%s AND epoch=%s"


def save_positions(saves: Sequence[Save]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {TURNS} SET seq=%s, first_token_at=COALESCE(first_token_at, %s) WHERE {IS_OURS}",  # noqa: S608
            [
                (save.seq, adapted(save.first_delta_at), save.turn_pk, save.owner, save.epoch)
                for save in saves
            ],
        )


def update_known(saves: Sequence[Save]) -> None:
    known = [(save, one) for save in saves for one in save.parts if one.part.pk is not None]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {MESSAGES} SET text=%s, reasoning=%s, reasoning_ms=%s, state=%s, type=%s, "  # noqa: S608
            f"content_type=%s, title=%s, epoch=%s "
            f"WHERE id=%s AND EXISTS (SELECT 1 FROM {TURNS} WHERE {IS_OURS})",
            [
                (
                    one.text,
                    one.reasoning,
                    one.reasoning_ms,
                    str(one.state),
                    one.part.type,
                    one.part.content_type,
                    one.part.title[:200],
                    save.epoch,
                    one.part.pk,
                    save.turn_pk,
                    save.owner,
                    save.epoch,
                )
                for save, one in known
            ],
        )


def insert_new(saves: Sequence[Save]) -> None:
    new = [(save, one) for save in saves for one in save.parts if one.part.pk is None]
    held = still_ours([save for save, _ in new])
    new = [(save, one) for save, one in new if save.turn_pk in held]
    rows = Message.objects.bulk_create(message_of(save, one) for save, one in new)
    made = [(one.part, row.pk) for (_, one), row in zip(new, rows, strict=True)]

    def remember() -> None:
        for part, pk in made:
            part.pk = pk

    # Only a committed row has a pk worth keeping: after a rollback the part must be inserted again.
    transaction.on_commit(remember)


def message_of(save: Save, one: PartSave) -> Message:
    return Message(
        uuid=one.part.uuid,
        conversation_id=save.conversation_pk,
        turn_id=save.turn_pk,
        leg_id=save.leg_pk,
        ordinal=one.part.ordinal,
        upstream_id=one.part.upstream_id,
        type=one.part.type,
        content_type=one.part.content_type,
        title=one.part.title[:200],
        text=one.text,
        reasoning=one.reasoning,
        reasoning_ms=one.reasoning_ms,
        state=one.state,
        epoch=save.epoch,
    )


def insert_events(saves: Sequence[Save]) -> None:
    speaking = [save for save in saves if save.events]
    held = still_ours(speaking)
    Event.objects.bulk_create(
        Event(turn_id=save.turn_pk, leg_id=save.leg_pk, name=name[:80], data=data, received_at=at)
        for save in speaking
        if save.turn_pk in held
        for name, data, at in save.events
    )


def still_ours(saves: Sequence[Save]) -> set[int]:
    """Pks of the turns among `saves` that no other process has taken over."""
    if not saves:
        return set()
    epochs = {save.turn_pk: save.epoch for save in saves}
    mine = Turn.objects.filter(pk__in=epochs, owner__in={save.owner for save in saves})
    return {pk for pk, epoch in mine.values_list("pk", "epoch") if epochs[pk] == epoch}


def adapted(unix_time: float) -> Any:
    moment = datetime.fromtimestamp(unix_time, UTC) if unix_time else None
    return connection.ops.adapt_datetimefield_value(moment)


TURNS = connection.ops.quote_name(Turn._meta.db_table)
MESSAGES = connection.ops.quote_name(Message._meta.db_table)
