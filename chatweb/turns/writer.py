"""The one thread of a process that writes for its turns, with a database connection of its own.

While text streams it checkpoints once a second: one transaction for every live turn. Starts, actions and
ends are written at once through `run`. Everything filters on owner and epoch, so that a process that was
frozen and wakes up cannot overwrite what its successor wrote.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from chatweb.models import Event, Message, Turn
from chatweb.turns.feed import Feed, Part
from chatweb.turns.states import OWNED

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0  # stays well below supervisor.LEASE_SECONDS, or a living owner is taken for dead

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
    first_delta_at: float | None
    last_delta_at: float | None
    delta_count: int


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
            feed.first_delta_at,
            feed.last_delta_at,
            feed.delta_count,
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
        self.checkpoint_count = 0

    async def run(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a database function on the writer's thread; a connection that died is replaced first."""

        def job() -> R:
            close_old_connections()
            return call(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    async def beat_forever(self, owner: str) -> None:
        """Checkpoint and heartbeat, once a second, for as long as turns are alive."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if self.desks:
                await self.checkpoint(owner)

    async def checkpoint(self, owner: str) -> None:
        taken = [(desk, save) for desk in self.desks if (save := desk.capture())]
        try:
            await self.run(write_all, [save for _, save in taken], owner)
            self.checkpoint_count += 1
        except DatabaseError:
            logger.exception("checkpoint of %d turns failed; trying them one by one", len(taken))
            for desk, save in taken:
                await self._retry(desk, save, owner)

    async def _retry(self, desk: Desk, save: Save, owner: str) -> None:
        try:
            await self.run(write_all, [save], owner)
        except DatabaseError:
            logger.exception("checkpoint of turn %s failed; kept for the next beat", save.turn_pk)
            desk.give_back(save)

    def close(self) -> None:
        self._thread.shutdown(wait=True)


def write_all(saves: list[Save], owner: str) -> None:
    """One transaction: texts, raw events, positions, and the sign of life of every turn of `owner`."""
    with transaction.atomic():
        for save in saves:
            write(save)
        Turn.objects.filter(owner=owner, state__in=OWNED).update(beat_at=timezone.now())


def write(save: Save) -> bool:
    """Write one turn's changes inside a transaction. False when the turn has another owner by now."""
    position: dict[str, object] = {"seq": save.seq}
    if save.first_delta_at:
        position["first_token_at"] = datetime.fromtimestamp(save.first_delta_at, UTC)
    is_ours = Turn.objects.filter(pk=save.turn_pk, owner=save.owner, epoch=save.epoch).update(**position)
    if not is_ours:
        logger.warning("turn %s was taken over: its checkpoint is dropped", save.turn_pk)
        return False
    insert_new(save)
    update_known(save)
    Event.objects.bulk_create(
        Event(turn_id=save.turn_pk, leg_id=save.leg_pk, name=name[:80], data=data, received_at=at)
        for name, data, at in save.events
    )
    return True


def insert_new(save: Save) -> None:
    new = [part_save for part_save in save.parts if part_save.part.pk is None]
    rows = Message.objects.bulk_create(
        Message(
            uuid=new_save.part.uuid,
            conversation_id=save.conversation_pk,
            turn_id=save.turn_pk,
            leg_id=save.leg_pk,
            ordinal=new_save.part.ordinal,
            upstream_id=new_save.part.upstream_id,
            type=new_save.part.type,
            content_type=new_save.part.content_type,
            title=new_save.part.title[:200],
            text=new_save.text,
            reasoning=new_save.reasoning,
            reasoning_ms=new_save.reasoning_ms,
            state=new_save.state,
            epoch=save.epoch,
        )
        for new_save in new
    )
    made = [(part_save.part, row.pk) for part_save, row in zip(new, rows, strict=True)]

    def remember() -> None:
        for part, pk in made:
            part.pk = pk

    # Only a committed row has a pk worth keeping: after a rollback the part must be inserted again.
    transaction.on_commit(remember)


def update_known(save: Save) -> None:
    known = [part_save for part_save in save.parts if part_save.part.pk is not None]
    if not known:
        return
    table = connection.ops.quote_name(Message._meta.db_table)
    # executemany costs a twentieth of one ORM update a row (design, section 4).
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET text=%s, reasoning=%s, reasoning_ms=%s, state=%s, content_type=%s, epoch=%s "  # noqa: S608
            "WHERE id=%s AND turn_id=%s",
            [
                (
                    part_save.text,
                    part_save.reasoning,
                    part_save.reasoning_ms,
                    str(part_save.state),
                    part_save.part.content_type,
                    save.epoch,
                    part_save.part.pk,
                    save.turn_pk,
                )
                for part_save in known
            ],
        )
