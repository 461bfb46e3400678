"""An HTTP server on loopback that answers with raw bytes of a test's choice and remembers its requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chatweb.upstreams.client import ConnectionSettings, HttpClient, OAuthApp, Upstream, open_upstream


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        return self.headers["authorization"].removeprefix("Bearer ")


class Answer:
    """What a script does with one request. `write` sends raw bytes; returning closes the connection."""

    def __init__(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.request = request
        self._reader = reader
        self._writer = writer

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def head(self, content_type: str, status: int = 200, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}", "x-tt-logid: LOG1"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())

    async def send(self, body: bytes, content_type: str, status: int = 200, **headers: str) -> None:
        await self.head(content_type, status, Content_Length=str(len(body)), **headers)
        await self.write(body)

    async def json(self, value: Any, status: int = 200, **headers: str) -> None:
        await self.send(json.dumps(value).encode(), "application/json", status, **headers)

    async def stream(self, body: bytes) -> None:
        """A body whose end is the end of the connection."""
        await self.head("text/event-stream")
        await self.write(body)

    def reset(self) -> None:
        """Cut the connection the hard way."""
        self._writer.transport.abort()

    async def client_left(self) -> None:
        """Wait until the other side has closed the connection."""
        while await self._reader.read(65536):
            pass


Script = Callable[[Answer], Awaitable[None]]


@dataclass
class Canned:
    url: str = ""
    requests: list[Request] = field(default_factory=list)

    def settings(self, dialect: str = "coze", **more: Any) -> ConnectionSettings:
        return ConnectionSettings(key="k", dialect=dialect, base_url=self.url + "/", token="pat_x", **more)

    def upstream(self, http: HttpClient, dialect: str = "coze", **more: Any) -> Upstream:
        return open_upstream(self.settings(dialect, **more), http)

    def paths(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.requests]


def oauth_app() -> OAuthApp:
    """Signs with a counter: every assertion is another one, as `jti` makes them."""
    count = iter(range(1, 1000))
    return OAuthApp("app", lambda session_name: f"jwt-{session_name}-{next(count)}")


@asynccontextmanager
async def canned(*scripts: Script) -> AsyncIterator[Canned]:
    """One script a request, the last one for all that follow."""
    server_side = Canned()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await read_request(reader)
            server_side.requests.append(request)
            script = scripts[min(len(server_side.requests), len(scripts)) - 1]
            await script(Answer(request, reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    server_side.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield server_side


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    start, *lines = head.strip().split("\r\n")
    method, target, _ = start.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body)
