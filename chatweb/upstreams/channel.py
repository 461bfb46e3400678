"""Authenticated requests of one connection: tokens, envelopes, retries, log ids (wire-chat 1)."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from .addresses import whole
from .bodies import log_id_in, refusal
from .client import ConnectionSettings
from .errors import Broken, Busy, TokenRefused, Unreachable, Unusable, UpstreamError, refused
from .event_stream import EventStream, MakeBody, SettledStream, one_chunk
from .failures import failure_in, unusable
from .http import HttpClient, chunks_of, is_plain, log_id_of, told_apart
from .short_cut import content_of
from .tokens import Token
from .values import mapping, parse, storable, text_of, whole_number
from .waits import asked_wait_seconds

ANSWER_SECONDS = 60.0  # for what is no stream
REPEAT_AFTER_SECONDS = (0.5, 1.5)
LONGEST_WAIT_SECONDS = 10.0  # a longer Retry-After is the caller's business
TOKEN_PATH = "/api/permission/oauth2/token"  # noqa: S105
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_SECONDS = 3600
SMALLEST_UNIX_TIME = 1_000_000_000

ReadAnswer = Callable[[bytes, httpx.Response], Any]


class Channel:
    """`headers` go with every request. `read` makes of a whole answer what `ask` returns, or raises
    UpstreamError: the envelope of Coze unless a dialect has another."""

    def __init__(
        self,
        settings: ConnectionSettings,
        http: HttpClient,
        headers: Mapping[str, str] | None = None,
        read: ReadAnswer | None = None,
    ) -> None:
        self._settings = settings
        self._http = http
        self._headers = dict(headers or {})
        self._read_answer = read or read_envelope
        self._base_url = settings.base_url.rstrip("/")

    # --- answers that come whole -------------------------------------------------------------------

    async def ask(
        self, method: str, path: str, *, user_id: str = "", is_repeatable: bool = False, **request: Any
    ) -> Any:
        """The answer of a call that succeeded: the parsed JSON body of Coze. Raises UpstreamError.

        What is not repeatable is repeated only after a refusal that says "later": nothing was done then.
        """
        for delay in (*REPEAT_AFTER_SECONDS, None):
            try:
                return await self._ask_renewing(method, path, user_id, request)
            except UpstreamError as error:
                if delay is None or not _may_repeat(error, is_repeatable):
                    raise
                wait = delay if error.retry_after_seconds is None else error.retry_after_seconds
                if wait > LONGEST_WAIT_SECONDS:
                    raise
                await asyncio.sleep(wait * random.uniform(1.0, 1.2))  # noqa: S311
        raise AssertionError("the last attempt returns or raises")

    async def _ask_renewing(self, method: str, path: str, user_id: str, request: dict[str, Any]) -> Any:
        token = await self._token(user_id)
        try:
            return await self._ask_once(method, path, token, request)
        except TokenRefused:
            if not self._forget_token(user_id, token):
                raise
        return await self._ask_once(method, path, await self._token(user_id), request)

    async def _ask_once(self, method: str, path: str, token: str, request: dict[str, Any]) -> Any:
        headers = {**self._headers, "Authorization": f"Bearer {token}"}
        async with self._http.open(
            method,
            self._base_url + path,
            read_timeout_seconds=ANSWER_SECONDS,
            headers=headers,
            **sendable(request),
        ) as response:
            with told_apart():
                content = await whole(response)
            return self._read_answer(content, response)

    # --- streams -----------------------------------------------------------------------------------

    @asynccontextmanager
    async def stream(
        self, path: str, make_body: MakeBody, *, user_id: str, **request: Any
    ) -> AsyncIterator[EventStream]:
        """POST and read as it comes. Never repeated, except after a refused token that can be renewed.

        Entering raises Unreachable only; leaving closes the connection.
        """
        async with AsyncExitStack() as stack:
            stream = await self._open_stream(stack, path, make_body, user_id, sendable(request))
            stack.push_async_callback(stream.close)
            yield stream

    async def _open_stream(
        self, stack: AsyncExitStack, path: str, make_body: MakeBody, user_id: str, request: dict[str, Any]
    ) -> EventStream:
        for is_last in (False, True):
            try:
                token = await self._token(user_id)
            except Broken as error:
                # The request for a token broke; the question was not sent.
                raise Unreachable(error.message, log_id=error.log_id) from error
            except Unreachable:
                raise
            except UpstreamError as error:
                return SettledStream(error)
            try:
                response = await stack.enter_async_context(self._post(path, token, request))
                content = await self._read_refusal(response)
            except Broken as error:
                return SettledStream(error)
            if is_last or content is None or not self._is_token_refused(content, response, user_id, token):
                break
        body = make_body(response.status_code, response.headers.get("content-type", ""))
        chunks = chunks_of(response) if content is None else one_chunk(content)
        way_in = content_of(response) if content is None and is_plain(response) else None
        stream = EventStream(chunks, body, response.status_code, log_id_of(response), way_in)
        stream.headers = response.headers
        return stream

    def _post(
        self, path: str, token: str, request: dict[str, Any]
    ) -> AbstractAsyncContextManager[httpx.Response]:
        return self._http.open(
            "POST",
            self._base_url + path,
            read_timeout_seconds=self._settings.read_timeout_seconds,
            headers={**self._headers, "Authorization": f"Bearer {token}", "Accept": "text/event-stream"},
            **request,
        )

    async def _read_refusal(self, response: httpx.Response) -> bytes | None:
        """The whole body where it may tell of a token that can be renewed, else None."""
        content_type = response.headers.get("content-type", "").lower()
        if self._settings.oauth is None or "json" not in content_type:
            return None
        with told_apart():
            return await whole(response)

    def _is_token_refused(self, content: bytes, response: httpx.Response, user_id: str, token: str) -> bool:
        try:
            read_envelope(content, response)
        except TokenRefused:
            return self._forget_token(user_id, token)
        except UpstreamError:
            return False
        return False

    # --- tokens ------------------------------------------------------------------------------------

    async def _token(self, user_id: str) -> str:
        if self._settings.oauth is None:
            return self._settings.token
        return await self._http.tokens.get((self._settings.key, user_id), lambda: self._fetch_token(user_id))

    def _forget_token(self, user_id: str, token: str) -> bool:
        """True when another token can be had."""
        if self._settings.oauth is None:
            return False
        self._http.tokens.forget((self._settings.key, user_id), token)
        return True

    async def _fetch_token(self, user_id: str) -> Token:
        """Exchange a signed JWT. `expires_in` is a moment, not a duration; a small one is taken as such."""
        assert self._settings.oauth is not None
        grant = {"grant_type": JWT_GRANT, "duration_seconds": TOKEN_SECONDS}
        assertion = self._settings.oauth.sign(user_id)
        body = await self._ask_once("POST", TOKEN_PATH, assertion, {"json": grant})
        value = text_of(mapping(body).get("access_token"))
        if not value:
            raise Unusable("the token endpoint gave no token", http_status=200)
        expires = whole_number(body.get("expires_in"))
        return Token(value, expires if expires > SMALLEST_UNIX_TIME else time.time() + expires)


def sendable(request: dict[str, Any]) -> dict[str, Any]:
    """What people typed may hold half a character, which no JSON in UTF-8 can carry."""
    return {**request, "json": storable(request["json"])} if "json" in request else request


def read_envelope(content: bytes, response: httpx.Response) -> Any:
    """The parsed body; a code or a status that says no is raised (wire-chat 1.2)."""
    status = response.status_code
    body = parse(content.decode("utf-8-sig", "replace"))
    log_id = log_id_of(response) or log_id_in(body)
    wait = asked_wait_seconds(response.headers)
    if not isinstance(body, dict | list):
        if status == httpx.codes.NO_CONTENT:
            return {}
        message = unusable(status, content.decode("utf-8", "replace"))[1]
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.TOO_MANY_REQUESTS):
            raise refused(None, message, status, log_id, wait)
        raise Unusable(message, None, status, log_id, wait)
    failure = failure_in(body) or refusal(body, status)
    if failure:
        raise refused(failure[0], failure[1], status, log_id, wait)
    return body


def _may_repeat(error: UpstreamError, is_repeatable: bool) -> bool:
    if isinstance(error, Unreachable):
        # Whoever waits for the answer decides how long an upstream that is down is worth waiting for.
        return False
    return isinstance(error, Busy) or (is_repeatable and error.is_retryable)
