"""The ASGI application: who asks, which route, what came of it. Every answer carries a log id."""

from __future__ import annotations

import ipaddress
import logging

from simulator import control, oauth
from simulator.answering import CallerGone
from simulator.connection import cut_connection
from simulator.dialects import DIALECTS
from simulator.envelope import ApiError
from simulator.ids import new_log_id
from simulator.routing import (
    Answer,
    Dropped,
    Receive,
    Reply,
    Request,
    Scope,
    Send,
    Streamed,
    find_route,
    parse_query,
)
from simulator.simulator import Simulator

logger = logging.getLogger(__name__)
MOST_BODY_BYTES = 20 * 1024 * 1024


class App:
    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.dialect = DIALECTS[simulator.dialect]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"the simulator speaks no {scope['type']}")
        log_id = new_log_id()
        request = await self._read(scope, receive, log_id)
        answer = Reply(b"", 413, "text/plain") if request is None else await self._answer(request, scope)
        headers = [(self.dialect.log_header, log_id.encode()), *self.dialect.more_headers]
        await _send(answer, headers, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.simulator.start()
            else:
                self.simulator.stop()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _read(self, scope: Scope, receive: Receive, log_id: str) -> Request | None:
        """None when the body is too large."""
        most = (
            self.simulator.most_file_bytes + 1_000_000
            if scope["path"] == self.dialect.upload_path
            else MOST_BODY_BYTES
        )
        parts, size, is_more = [], 0, True
        while is_more:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                return None
            is_more = message.get("more_body", False)
        return Request(
            method=scope["method"],
            path=scope["path"],
            query_pairs=parse_query(scope["query_string"]),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            body=b"".join(parts),
            log_id=log_id,
            receive=receive,
        )

    async def _answer(self, request: Request, scope: Scope) -> Answer:
        try:
            if request.path.startswith(control.PREFIX):
                return await self._control(request, scope)
            self.simulator.requests.append(control.request_entry(request))
            fault = await self.simulator.faults.meet(request, self.simulator.holds, self.dialect.refuse)
            answer = fault or await self._dispatch(request)
            return Dropped() if request.loses_answer else answer
        except CallerGone:
            return Dropped()
        except oauth.OAuthError as error:
            return Reply.json(error.body(), error.status)
        except ApiError as error:
            return self.dialect.refuse(error, request)
        except Exception as error:
            logger.exception("%s %s", request.method, request.path)
            return self.dialect.refuse(ApiError(5000, f"simulator: {error!r}", 500), request)

    async def _control(self, request: Request, scope: Scope) -> Answer:
        """Loopback only, and no web page: a page that a person has open sends its Origin along."""
        client = scope.get("client")
        is_loopback = client is not None and ipaddress.ip_address(client[0]).is_loopback
        if not is_loopback or "origin" in request.headers:
            raise ApiError(4200, status=404)
        return await self._dispatch(request)

    async def _dispatch(self, request: Request) -> Answer:
        found = find_route(self.dialect.routes, request.method, request.path)
        if found is None:
            raise self.dialect.unknown(request)
        route, request.path_values = found
        if route.needs_token:
            request.token = self.dialect.who_asks(self.simulator, request)
        return await route.handler(self.simulator, request)


async def _send(answer: Answer, always: list[tuple[bytes, bytes]], receive: Receive, send: Send) -> None:
    if isinstance(answer, Dropped):
        await cut_connection(send)
    elif isinstance(answer, Streamed):
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache"), *always]
        await answer.outlet.serve(receive, send, headers)
    else:
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *always,
            *((name.lower().encode(), value.encode()) for name, value in answer.headers.items()),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})
