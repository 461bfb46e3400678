"""Whole answers of Assistants-style services: their body, or the error they refuse with (wire-workflows 5.5).

These services tell by the status and by sentences. Where they give no code, a word of ours takes its place
(`CODES`), so that nobody has to read sentences twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from .bodies import refusal
from .errors import (
    Busy,
    Forbidden,
    Missing,
    NotSupported,
    Occupied,
    OutOfQuota,
    Refused,
    TokenRefused,
    Unusable,
    UpstreamError,
)
from .failures import failure_in, unusable
from .http import log_id_of
from .values import mapping, parse, text_of
from .waits import asked_wait_seconds, poll_after_seconds

IS_LOCKED = re.compile(r"while a run \S+ is active|already has an active run", re.IGNORECASE)
THREAD_LOCKED = "thread_locked"
# A page with one of these is a proxy's: whether the service did what it was asked, nobody knows.
GATEWAY_STATUSES = frozenset({502, 504})
OF_STATUS: dict[int, str] = {
    401: "invalid_api_key",
    403: "forbidden",
    404: "not_found",
    405: "no_such_call",
    409: THREAD_LOCKED,
    429: "rate_limit_exceeded",
}
CODES: dict[str, type[UpstreamError]] = {
    "invalid_api_key": TokenRefused,
    "forbidden": Forbidden,
    "not_found": Missing,
    "assistant_not_found": Missing,
    "thread_not_found": Missing,
    "no_such_call": NotSupported,
    "unknown_url": NotSupported,
    THREAD_LOCKED: Occupied,
    "insufficient_quota": OutOfQuota,
    "billing_hard_limit_reached": OutOfQuota,
    "rate_limit_exceeded": Busy,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`poll_after`: seconds until it is worth asking again how a run goes; None where it does not say."""

    body: dict[str, Any]
    poll_after: float | None = None


def read_answer(content: bytes, response: httpx.Response) -> Answer:
    """What a call that succeeded said. Raises UpstreamError."""
    body = parse(content.decode("utf-8-sig", "replace"))
    status, log_id = response.status_code, log_id_of(response)
    wait = asked_wait_seconds(response.headers)
    if error := refused_with(body, status, log_id, wait):
        raise error
    if not isinstance(body, dict):
        if status == httpx.codes.NO_CONTENT:
            return Answer({})
        raise Unusable(unusable(status, content.decode("utf-8", "replace"))[1], None, status, log_id, wait)
    return Answer(body, poll_after_seconds(response.headers))


def refused_with(
    body: Any, status: int, log_id: str = "", wait_seconds: float | None = None
) -> UpstreamError | None:
    """The error that a parsed body and its status come to; None when they say yes."""
    failure = failure_in(body) or refusal(body, status)
    if failure is None:
        return None
    code, message = failure
    is_page = not isinstance(body, dict)
    code = code or _word_for(mapping(mapping(body).get("error")), message, status, is_page=is_page)
    kind = CODES.get(str(code)) or CODES.get(OF_STATUS.get(status, ""))
    if kind is None:
        kind = Unusable if is_page else Refused
    return kind(message, code, status, log_id, wait_seconds)


def _word_for(error: Mapping[str, Any], message: str, status: int, *, is_page: bool) -> str | None:
    if IS_LOCKED.search(message):
        return THREAD_LOCKED
    if status == httpx.codes.NOT_FOUND:
        if message.startswith("Invalid URL"):
            return "unknown_url"
        named = re.search(r"\b(assistant|thread)\b", message, re.IGNORECASE)
        return f"{named[1].lower()}_not_found" if named else OF_STATUS[status]
    if status in OF_STATUS:
        return OF_STATUS[status]
    return None if is_page else text_of(error.get("type")) or None
