"""A signed question to a service of the site's own, which answers a tool call in a person's place (M-055)."""

from __future__ import annotations

import hmac
import json
import time
from hashlib import sha256
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from .addresses import socket_to_services, whole
from .http import FAILURES, is_plain
from .text import clean

MOST_BYTES = 200_000


def _session() -> aiohttp.ClientSession:
    """One for each question: nothing of one is there for the next."""
    connector = aiohttp.TCPConnector(socket_factory=socket_to_services, force_close=True)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


class NoAnswer(Exception):
    """Why there is none, in words for the log: nothing of what was asked or said."""


def signature(secret: str, moment: int, body: bytes) -> str:
    """`t=<Unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>`, so that an old question is known as old."""
    digest = hmac.new(secret.encode(), b"%d." % moment + body, sha256).hexdigest()
    return f"t={moment},v1={digest}"


async def ask_service(url: str, secret: str, question: dict[str, Any], seconds: float) -> str:
    """POST the question as JSON; the `output` (text or any JSON) of what it answers. Raises NoAnswer."""
    body = json.dumps(question, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "X-Chatweb-Signature": signature(secret, int(time.time()), body),
    }
    try:
        async with (
            httpx.AsyncClient(
                transport=AiohttpTransport(client=_session()), timeout=seconds, trust_env=False
            ) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise NoAnswer(f"HTTP {answer.status_code}")
            if not is_plain(answer):
                raise NoAnswer("compressed")  # a few bytes can unfold to any size
            content = await whole(answer, MOST_BYTES)
    except FAILURES as error:
        raise NoAnswer(type(error.__cause__ or error).__name__) from error
    try:
        output = json.loads(content)["output"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoAnswer("no output in the answer") from error
    return clean(output if isinstance(output, str) else json.dumps(output, ensure_ascii=False))
