"""A signed question to a service of the site's own, which answers a tool call in a person's place (M-055)."""

from __future__ import annotations

import hmac
import json
import time
from hashlib import sha256
from typing import Any

import httpx

from .text import clean

MOST_BYTES = 200_000


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
        "X-Chatweb-Signature": signature(secret, int(time.time()), body),
    }
    try:
        async with httpx.AsyncClient(timeout=seconds, trust_env=False) as client:
            answer = await client.post(url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoAnswer(type(error).__name__) from error
    if answer.status_code != httpx.codes.OK or len(answer.content) > MOST_BYTES:
        raise NoAnswer(f"HTTP {answer.status_code}, {len(answer.content)} bytes")
    try:
        output = answer.json()["output"]
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer("no output in the answer") from error
    return clean(output if isinstance(output, str) else json.dumps(output, ensure_ascii=False))
