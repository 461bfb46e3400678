"""Telling tabs what the database now says: a turn, a row of the sidebar, a notice.

From threads: build, then post to the loop. On the loop: build in a thread, then tell.
Always after the commit.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from chatweb import frames, rows
from chatweb.database import AWAY, in_thread
from chatweb.models import Conversation
from chatweb.turns.hub import Hub, hub, of_user

if TYPE_CHECKING:
    from chatweb.turns.claims import Assignment

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 0.5  # while the database is away

Told = list[tuple[str, str]]  # ("turn" or "user", frame)


@dataclass(frozen=True, slots=True)
class Change:
    """What another process is told, instead of frames that nobody may look at there: it reads the rest.

    `notices`: (turn id, kind) for other pages of the person. `is_end`: a turn is no longer run.
    """

    user_pk: int
    conversation_pk: int
    conversation_id: str
    since: int | None
    notices: tuple[tuple[str, str], ...] = ()
    is_end: bool = False

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Change:
        notices = tuple((turn_id, kind) for turn_id, kind in message["notices"])
        return cls(message["user"], message["conversation"], message["id"], message["since"], notices)

    def say(self, hub: Hub) -> None:
        """To whoever holds tabs of the person. From any thread, after the commit."""
        hub.cross(
            of_user(self.user_pk),
            kind="changed",
            user=self.user_pk,
            conversation=self.conversation_pk,
            id=self.conversation_id,
            since=self.since,
            notices=self.notices,
            is_end=self.is_end,
        )

    def after(self, earlier: Change) -> Change:
        """Both in one."""
        since = [one for one in (self.since, earlier.since) if one is not None]
        return Change(
            self.user_pk,
            self.conversation_pk,
            self.conversation_id,
            min(since, default=None),
            earlier.notices + self.notices,
        )


def announce(conversation: Conversation, since: int | None = None) -> None:
    """From a thread, inside or outside a transaction: once it is committed, tell every tab of the user.

    `since`: the version from which on the conversation's turns changed; None when none did.
    """
    user_pk, conversation_pk = conversation.user_id, conversation.pk
    conversation_id = str(conversation.uuid)

    def tell() -> None:
        if hub.has_tabs(user_pk):
            told = build(conversation_pk, user_pk, since)
            hub.post(deliver, hub, conversation_id, user_pk, told)
        Change(user_pk, conversation_pk, conversation_id, since).say(hub)

    transaction.on_commit(tell)


def announce_gone(conversation: Conversation) -> None:
    """From a thread, before its row is deleted: once that is committed, it leaves the user's lists."""
    user_pk, conversation_id = conversation.user_id, str(conversation.uuid)

    def tell() -> None:
        if hub.has_tabs(user_pk):
            gone = frames.conversation_gone(conversation_id, rows.list_version(user_pk))
            hub.post(deliver, hub, conversation_id, user_pk, [("user", gone)])
        hub.cross(of_user(user_pk), kind="gone", user=user_pk, id=conversation_id)

    transaction.on_commit(tell)


def build(conversation_pk: int, user_pk: int, since: int | None) -> Told:
    """Frames of the turns that changed and of the sidebar's row, from what is committed."""
    conversation = Conversation.objects.select_related("user").get(pk=conversation_pk)
    changed = [] if since is None else rows.turns_of(conversation, version__gte=since)
    told: Told = [("turn", frames.turn(turn)) for turn in changed]
    version = rows.list_version(user_pk)
    if conversation.deleted_at:
        told.append(("user", frames.conversation_gone(str(conversation.uuid), version)))
    else:
        row = rows.conversation_row(conversation_pk, conversation.user)
        told.append(("user", frames.conversation(row, version)))
    return told


def deliver(hub: Hub, conversation_id: str, user_pk: int, told: Told) -> None:
    """On the loop. A live turn's text is in its feed, so a frame built from rows never replaces it:
    the runner publishes such a turn itself."""
    for kind, frame in told:
        if kind == "user":
            hub.tell_user(user_pk, frame)
        else:
            hub.tell(conversation_id, frame)


async def announce_start(hub: Hub, job: Assignment) -> None:
    """On the loop: a turn is run here, and the sidebar's row says so. Its text is in the feed."""
    begun = {"turn": job.turn_id, "epoch": job.hold.epoch}
    hub.cross(of_user(job.user_pk), kind="begun", user=job.user_pk, id=job.conversation_id, **begun)
    Change(job.user_pk, job.hold.conversation_pk, job.conversation_id, None).say(hub)
    if hub.has_tabs(job.user_pk):
        # Not patiently: who waits here may have lost the turn by the time that it asks the upstream.
        told = await in_thread(build, job.hold.conversation_pk, job.user_pk, None)
        deliver(hub, "", job.user_pk, told)


async def announce_end(hub: Hub, job: Assignment, version: int, kind: str) -> None:
    """On the loop, after the commit: the turn's last frame with what it did to its queue, a notice for
    other pages, the sidebar's row."""
    notices = ((job.turn_id, kind),) if kind else ()
    where = (job.user_pk, job.hold.conversation_pk, job.conversation_id)
    Change(*where, version, notices, is_end=True).say(hub)
    if not hub.has_tabs(job.user_pk):
        return
    told = await _build(job.hold.conversation_pk, job.user_pk, version)
    deliver(hub, job.conversation_id, job.user_pk, told)
    if kind:
        hub.tell_user(job.user_pk, frames.notice(job.conversation_id, job.turn_id, kind))


async def _build(*args: Any) -> Told:
    """Whatever the database does meanwhile: nobody would say this again to the tabs."""
    while True:
        try:
            return await in_thread(build, *args)
        except AWAY as error:
            logger.warning("tabs wait for what the database cannot say now: %s", error)
            await asyncio.sleep(AGAIN_SECONDS)
