"""The one HTTP client of a process: httpx's interface over aiohttp's engine (design, section 5).

Says for every failure whether anything can have been sent: that decides whether a repeat is safe.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from .errors import Broken, Unreachable
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


class HttpClient:
    """Belongs to one event loop. Keeps no cookies: one upstream's cookie is not every user's."""

    def __init__(self) -> None:
        self.tokens = TokenCache()
        self._ssl = httpx.create_ssl_context()
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=self._open_session),
            headers={"User-Agent": "chatweb", "Accept-Encoding": "identity"},
            follow_redirects=False,
        )
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def _open_session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEPALIVE_SECONDS, ssl=self._ssl)
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
        with told_apart():
            sent = self._client.build_request(method, url, timeout=timeout, **request)
            response = await self._client.send(sent, stream=True)
        try:
            yield response
        finally:
            with suppressed_while_closing():
                await response.aclose()

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
