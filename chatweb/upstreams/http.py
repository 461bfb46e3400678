"""The one HTTP client of a process: httpx's interface over aiohttp's engine (design, section 5).

Says for every failure whether anything can have been sent: that decides whether a repeat is safe.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from .addresses import socket_to_services
from .errors import Broken, Unreachable, UpstreamError
from .short_cut import chunks_from, content_of
from .tokens import TokenCache

CONNECT_SECONDS = 5.0
CONNECT_WITH_DNS_SECONDS = 10.0
# Below the 5 s after which common servers close an idle connection: a question sent on a connection
# that is just being closed has an unknown outcome.
KEEPALIVE_SECONDS = 4.0
LOG_ID_HEADERS = ("x-tt-logid", "x-log-id", "x-request-id")

# aiohttp's failures before a byte of the request left; httpx-aiohttp files broken connections among them.
NOTHING_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)
FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError)


@dataclass(slots=True)
class Call:
    """A request and what came of it. Times in Unix seconds; `answered_at` 0 and `status` 0: no answer."""

    method: str
    host: str
    path: str  # without its query
    began_at: float
    answered_at: float = 0.0
    ended_at: float = 0.0
    status: int = 0
    log_id: str = ""
    error: UpstreamError | None = None


class HttpClient:
    """Belongs to one event loop. Keeps no cookies: one upstream's cookie is not every user's.

    `note` is told of every request that is over; of a stream that is when its body was let go of."""

    def __init__(self, note: Callable[[Call], None] = lambda call: None) -> None:
        self._note = note
        self.tokens = TokenCache()
        self._ssl = httpx.create_ssl_context()
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=self._open_session),
            headers={"User-Agent": "chatweb", "Accept-Encoding": "identity"},
            follow_redirects=False,
        )
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def _open_session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0, keepalive_timeout=KEEPALIVE_SECONDS, ssl=self._ssl, socket_factory=socket_to_services
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    @asynccontextmanager
    async def open(
        self, method: str, url: str, *, read_timeout_seconds: float, **request: Any
    ) -> AsyncIterator[httpx.Response]:
        """Send a request; the body is still to be read. `request`: params, json, files, headers.

        Raises Unreachable when nothing was sent, Broken when the outcome is unknown.
        """
        timeout = httpx.Timeout(
            connect=CONNECT_SECONDS, read=read_timeout_seconds, write=60.0, pool=CONNECT_WITH_DNS_SECONDS
        )
        parts = urlsplit(url)
        call = Call(method, parts.netloc.rpartition("@")[2], parts.path, time.time())
        try:
            with told_apart():
                sent = self._client.build_request(method, url, timeout=timeout, **request)
                response = await self._client.send(sent, stream=True)
            call.answered_at, call.status = time.time(), response.status_code
            call.log_id = log_id_of(response)
            try:
                yield response
            finally:
                with suppressed_while_closing():
                    await response.aclose()
        except UpstreamError as error:
            call.error, call.log_id = error, call.log_id or error.log_id
            raise
        finally:
            call.ended_at = time.time()
            self._note(call)

    async def close(self) -> None:
        await self.tokens.close()
        await self._client.aclose()


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn whatever the engine raises into Unreachable or Broken."""
    try:
        yield
    except FAILURES as error:
        cause = error.__cause__ or error
        words = f"{type(cause).__name__}: {cause}".strip(": ")
        if isinstance(cause, NOTHING_SENT) or isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
            raise Unreachable(words) from error
        raise Broken(words) from error


@contextmanager
def suppressed_while_closing() -> Iterator[None]:
    """A connection that breaks while it is given up is as good as closed."""
    try:
        yield
    except FAILURES:
        return


def log_id_of(response: httpx.Response) -> str:
    return next((response.headers[name] for name in LOG_ID_HEADERS if name in response.headers), "")


def chunks_of(response: httpx.Response) -> AsyncGenerator[bytes]:
    """The body as it arrives; inflated when a proxy compressed it all the same (quirk 33)."""
    if not is_plain(response):
        return cast("AsyncGenerator[bytes]", response.aiter_bytes())
    content = content_of(response)
    return cast("AsyncGenerator[bytes]", response.aiter_raw()) if content is None else chunks_from(content)


def is_plain(response: httpx.Response) -> bool:
    return response.headers.get("content-encoding", "identity").strip().lower() in ("", "identity")
