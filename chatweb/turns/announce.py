"""Telling tabs what the database now says: a turn, a row of the sidebar, a notice.

From threads: build, then post to the loop. On the loop: build in a thread, then tell.
Always after the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels.db import database_sync_to_async
from django.db import transaction

from chatweb import frames, rows
from chatweb.models import Conversation
from chatweb.turns.hub import Hub, hub

if TYPE_CHECKING:
    from chatweb.turns.claims import Assignment

Told = list[tuple[str, str]]  # ("turn" or "user", frame)


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

    transaction.on_commit(tell)


def build(conversation_pk: int, user_pk: int, since: int | None) -> Told:
    """Frames of the turns that changed and of the sidebar's row, from what is committed."""
    conversation = Conversation.objects.select_related("user").get(pk=conversation_pk)
    changed = [] if since is None else rows.turns_of(conversation, version__gte=since)
    told: Told = [("turn", frames.turn(turn)) for turn in changed]
    version = rows.list_version(user_pk)
    mine = Conversation.objects.filter(pk=conversation_pk)
    if conversation.deleted_at:
        told.append(("user", frames.conversation_gone(str(conversation.uuid), version)))
    else:
        [row] = rows.conversation_rows(mine, conversation.user)
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


async def announce_row(hub: Hub, conversation_pk: int, user_pk: int) -> None:
    """On the loop: the sidebar's row changed."""
    if hub.has_tabs(user_pk):
        told = await _build(conversation_pk, user_pk, None)
        deliver(hub, "", user_pk, told)


async def announce_end(hub: Hub, job: Assignment, version: int, kind: str) -> None:
    """On the loop, after the commit: the turn's last frame with what it did to its queue, a notice for
    other pages, the sidebar's row."""
    if not hub.has_tabs(job.user_pk):
        return
    told = await _build(job.hold.conversation_pk, job.user_pk, version)
    deliver(hub, job.conversation_id, job.user_pk, told)
    if kind:
        hub.tell_user(job.user_pk, frames.notice(job.conversation_id, job.turn_id, kind))


def _build(*args: Any) -> Any:
    return database_sync_to_async(build, thread_sensitive=False)(*args)
