"""Wiring: HTTP to Django, the WebSocket to the tab, and the supervisor to the process's start.

`chatweb.asgi:application` runs unchanged under daphne and uvicorn.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatweb.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from chatweb.consumers import tab_socket
from chatweb.telemetry import loop, tracing
from chatweb.turns.draining import SERVICE_RESTART, leave
from chatweb.turns.hub import hub
from chatweb.turns.supervisor import AnotherProcess, supervisor


def start() -> None:
    """Start the supervisor, or end the process with a sentence when it must not serve."""
    if hub.loop is not None:
        return
    try:
        supervisor.start()
    except AnotherProcess as refused:
        sys.stderr.write(f"Chatweb: {refused}\n")
        os._exit(1)
    tracing.start()
    loop.sample(asyncio.get_running_loop())


async def lifespan(receive: Any, send: Any) -> None:
    """uvicorn's way of saying that the process begins and ends."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await (leave(supervisor) if supervisor.is_shared else supervisor.stop())
            await asyncio.to_thread(tracing.stop)
            await send({"type": "lifespan.shutdown.complete"})
            return


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    start()  # idempotent: for servers that announce neither start nor lifespan
    if scope["type"] == "http":
        await django_application(scope, receive, send)
    elif scope["type"] == "websocket" and scope["path"] == "/ws/":
        await tab_socket(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4404})


if "daphne.server" in sys.modules:
    # daphne speaks no lifespan; what its reactor calls without delay runs as soon as the loop does.
    from twisted.internet import defer, reactor

    reactor.callLater(0, start)  # type: ignore[arg-type]

    def before_shutdown() -> defer.Deferred[None]:
        """The reactor waits for this. It comes before daphne cancels all sockets: tabs are told why first."""
        hub.close_all(SERVICE_RESTART)
        return defer.Deferred.fromFuture(asyncio.ensure_future(leave(supervisor)))

    if supervisor.is_shared:
        reactor.addSystemEventTrigger("before", "shutdown", before_shutdown)  # type: ignore[arg-type]
