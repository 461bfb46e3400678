"""Upstream calls that must answer now, and whether a connection works."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatweb.lists import listed
from chatweb.models import Connection
from chatweb.sentences import SENTENCES, reason_of
from chatweb.turns.connections import settings_of
from chatweb.turns.hub import hub
from chatweb.turns.supervisor import supervisor
from chatweb.upstreams.client import HttpClient, Upstream, open_upstream
from chatweb.upstreams.errors import Unreachable, UpstreamError

from .catalogue import Catalogue, list_catalogue

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
    flow_count: int = 0
    code: str = ""
    log_id: str = ""


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


def is_leaving() -> bool:
    """Whether this process ends: whatever can should go to another one."""
    return supervisor.is_leaving


def reaches_others() -> bool:
    """Whether this process runs turns, and hears the others where there are any."""
    return hub.loop is not None and (hub.crossing is None or hub.crossing.is_up)


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
    """Who the credentials belong to, and how many bots and workflows they reach."""
    try:
        who, found = call(connection, _look_around)
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
    if found.bots is None and found.flows is None:
        return ConnectionReport(
            True, _("Connected. This service does not list its bots: add them by their ids.")
        )
    bots, flows = len(found.bots or []), len(found.flows or [])
    within_reach = [
        ngettext("%(count)d bot", "%(count)d bots", bots) % {"count": bots},
        ngettext("%(count)d workflow", "%(count)d workflows", flows) % {"count": flows},
    ]
    sentence = _("Connected as %(who)s; within reach: %(what)s.") % {
        "who": who or "?",
        "what": listed(within_reach if found.flows is not None else within_reach[:1]),
    }
    if found.refusal:
        sentence += " " + _("Workflows could not be listed: %(error)s.") % {"error": found.refusal}
    return ConnectionReport(True, sentence, who, bots, flows)


async def _look_around(upstream: Upstream) -> tuple[str, Catalogue]:
    return await upstream.me(), await list_catalogue(upstream)
