"""Upstream calls that must answer now: test a connection, import its bots, fetch a whole answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatweb.models import Bot, Connection
from chatweb.sentences import SENTENCES, reason_of
from chatweb.turns.connections import settings_of
from chatweb.turns.hub import hub
from chatweb.turns.supervisor import supervisor
from chatweb.upstreams.client import BotInfo, HttpClient, Upstream, open_upstream
from chatweb.upstreams.errors import Unreachable, UpstreamError

R = TypeVar("R")
CALL_SECONDS = 30.0
REACH_SECONDS, REACH_CALL_SECONDS = 15.0, 3.0
_reached: dict[int, tuple[float, bool]] = {}  # connection pk -> when asked (monotonic), what came


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """`sentence` is translated and fit for a person; `code` and `log_id` are the upstream's."""

    is_ok: bool
    sentence: str
    who: str = ""
    bot_count: int = 0
    code: str = ""
    log_id: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    added: int
    updated: int
    missing: int
    sentence: str


def call(
    connection: Connection, work: Callable[[Upstream], Awaitable[R]], seconds: float = CALL_SECONDS
) -> R:
    """Run upstream work from a thread: on the process's loop, or on one of its own in a command.

    Raises UpstreamError; Unreachable also when it takes longer than `seconds`.
    """
    settings = settings_of(connection)

    async def on_loop() -> R:
        async with asyncio.timeout(seconds):
            return await work(supervisor.upstream(settings))

    async def alone() -> R:
        http = HttpClient()
        try:
            async with asyncio.timeout(seconds):
                return await work(open_upstream(settings, http))
        finally:
            await http.close()

    try:
        if hub.loop is None:
            return asyncio.run(alone())
        return asyncio.run_coroutine_threadsafe(on_loop(), hub.loop).result()
    except TimeoutError as error:
        raise Unreachable(f"no answer within {seconds:.0f} s") from error


def is_supervised() -> bool:
    """Whether this process runs turns."""
    return hub.loop is not None


def reach(connection: Connection) -> bool:
    """Whether the upstream answers at all, asked at most every REACH_SECONDS."""
    asked_at, answer = _reached.get(connection.pk, (float("-inf"), False))
    if time.monotonic() - asked_at < REACH_SECONDS:
        return answer
    try:
        call(connection, lambda upstream: upstream.me(), REACH_CALL_SECONDS)
        answer = True
    except Unreachable:
        answer = False
    except UpstreamError:
        answer = True  # a refusal is an answer
    _reached[connection.pk] = (time.monotonic(), answer)
    return answer


def test_connection(connection: Connection) -> ConnectionReport:
    """Who the credentials belong to, and how many bots they reach."""
    try:
        who, bots = call(connection, _look_around)
    except UpstreamError as error:
        reason = "unreachable" if isinstance(error, Unreachable) else reason_of(error.code, is_error=True)
        hint = ""
        if str(error.code) == "4100":
            hint = " " + _("Is the token of another region (api.coze.cn, api.coze.com)?")
        return ConnectionReport(
            False,
            f"{SENTENCES[reason].sentence} {error.message}{hint}".strip(),
            code="" if error.code is None else str(error.code),
            log_id=error.log_id,
        )
    sentence = ngettext(
        "Connected as %(who)s; %(count)d bot is within reach.",
        "Connected as %(who)s; %(count)d bots are within reach.",
        len(bots),
    ) % {"who": who or "?", "count": len(bots)}
    return ConnectionReport(True, sentence, who, len(bots))


async def _look_around(upstream: Upstream) -> tuple[str, list[BotInfo]]:
    return await upstream.me(), await _all_bots(upstream)


async def _all_bots(upstream: Upstream) -> list[BotInfo]:
    if not upstream.capabilities.lists_bots:
        return []
    found = []
    for workspace in await upstream.workspaces():
        for listed in await upstream.bots(workspace.id):
            found.append(await upstream.bot(listed.id))
    return found


def import_bots(connection: Connection, only_id: str = "") -> ImportReport:
    """Bring what the upstream publishes into the table of bots. Nothing is deleted; raises UpstreamError."""
    if only_id:
        infos = call(connection, lambda upstream: _one_bot(upstream, only_id))
    else:
        infos = call(connection, _all_bots)
    added = 0
    with transaction.atomic():
        for info in infos:
            _bot, is_new = Bot.objects.update_or_create(
                connection=connection,
                kind=Bot.Kind.BOT,
                upstream_id=info.id,
                defaults={
                    "name": info.name[:100] or info.id,
                    "description": info.description,
                    "prologue": info.prologue,
                    "suggested_questions": list(info.suggested_questions),
                    "shortcut_commands": list(info.shortcut_commands),
                    "synced_at": timezone.now(),
                },
            )
            added += is_new
    known = Bot.objects.filter(connection=connection, kind=Bot.Kind.BOT)
    missing = 0 if only_id else known.exclude(upstream_id__in=[info.id for info in infos]).count()
    sentence = _("%(added)d added, %(updated)d updated, %(missing)d no longer published.") % {
        "added": added,
        "updated": len(infos) - added,
        "missing": missing,
    }
    return ImportReport(added, len(infos) - added, missing, sentence)


async def _one_bot(upstream: Upstream, bot_id: str) -> list[BotInfo]:
    return [await upstream.bot(bot_id)]
