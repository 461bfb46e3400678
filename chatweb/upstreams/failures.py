"""Finding the failure in a body or an `error` event, in every shape it comes in (wire-chat 1.2, 11)."""

from __future__ import annotations

from .objects import Code, as_code
from .text import clean
from .values import parse, text_of

NOTHING = (None, "", 0, "0")
MESSAGE_KEYS = ("msg", "message", "error_message", "error_description", "error_msg", "detail")
EXCERPT_CHARACTERS = 200


def failure_in(body: object) -> tuple[Code, str] | None:
    """(code as received, message) when a JSON value is an error envelope, else None."""
    if not isinstance(body, dict):
        return None
    for key in ("code", "error_code"):
        if body.get(key) not in NOTHING:
            return as_code(body[key]), message_in(body)
    error = body.get("error")
    if isinstance(error, dict) and error:
        code = error.get("code")
        return as_code(code) if code not in NOTHING else None, message_in(error)
    if isinstance(error, str) and error:
        # OAuth's device flow; some proxies.
        return clean(error), message_in(body) or clean(error)
    return None


def read_failure(data: str) -> tuple[Code, str]:
    """An `error` event's data: an object, {}, a JSON string, or plain text (quirk 11)."""
    value = parse(data)
    if isinstance(value, str):
        value = parse(value) or value
    if isinstance(value, dict):
        return failure_in(value) or (as_code(value.get("code")), message_in(value))
    if isinstance(value, str):
        return None, clean(value)
    return None, clean(data.strip())


def message_in(body: dict[str, object]) -> str:
    return next((text_of(body[key]) for key in MESSAGE_KEYS if body.get(key)), "")


def unusable(http_status: int, text: str) -> tuple[None, str]:
    """HTML or plain text of a proxy, a body that is cut: the status and how it begins."""
    begin = clean(text.strip())[:EXCERPT_CHARACTERS]
    return None, f"HTTP {http_status}: {begin or 'empty answer'}"
