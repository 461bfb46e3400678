"""The JSON envelope of Coze's answers and its errors (wire-chat 1.2, 1.3)."""

from __future__ import annotations

import json
from typing import Any

MESSAGES = {
    4000: "Request parameter error",
    4001: "The chat does not exist or you do not have permission to access it.",
    4002: "The conversation does not exist or you do not have permission to access it.",
    4003: "meta_data exceeds the limit: at most 16 pairs, keys of 1 to 64 and values of 1 to 512 characters.",
    4004: "additional_messages exceeds the limit of 100 messages.",
    4005: "The message does not exist or its content is not valid.",
    4006: "The bot does not exist or you do not have permission to access it.",
    4007: "auto_save_history must be true when stream is false.",
    4009: "The system is at its request limit. Please try again later.",
    4013: "The model's request rate limit has been reached. Please try again later.",
    4015: "The bot_id {id} has not been published to the channel Agent As API.",
    4016: "Conversation occupied: Another chat is currently active in this conversation.",
    4020: "The request rate exceeds what was purchased.",
    4028: "The free quota of this account is used up. Please upgrade your plan.",
    4100: "authentication is invalid",
    4101: "You do not have permission to access this resource.",
    4104: "The chat cannot be canceled: it is completed, failed or requires action.",
    4200: "Requested resource does not exist or has not been published.",
    4300: "No file was uploaded or the file is empty.",
    4301: "Only one file can be uploaded at a time.",
    4302: "The file is larger than the limit.",
    4303: "The file type is not supported.",
    4314: "The workflow run does not exist.",
    4315: "The workflow run is already over.",
    5000: "internal server error",
    700012006: "access token invalid",
}

# str.splitlines and httpx's iter_lines split at these; the vendor's client breaks on them (wire-chat 12.1).
_LINE_BREAKERS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


class ApiError(Exception):
    """A refusal. `code` > 0; HTTP `status` is 200 for most of them, as in the cloud."""

    def __init__(self, code: int, msg: str = "", status: int = 200) -> None:
        super().__init__(code, msg)
        self.code = code
        self.msg = msg or MESSAGES.get(code, "error")
        self.status = status
        self.is_scripted = False  # a test asked for it

    def body(self, log_id: str) -> dict[str, Any]:
        return {"code": self.code, "msg": self.msg, "detail": {"logid": log_id}}


def bad_request(msg: str) -> ApiError:
    return ApiError(4000, msg)


def no_token() -> ApiError:
    return ApiError(4100, status=401)


def to_json(value: Any) -> str:
    """JSON in one line that no line splitter of any client can tear."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_LINE_BREAKERS)


def text_to_json(text: str) -> str:
    """`to_json` of a string, made for the path of the deltas."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isascii() else quoted.translate(_LINE_BREAKERS)


def to_bytes(text: str) -> bytes:
    """UTF-8; a lone surrogate, which UTF-8 refuses, becomes its JSON escape."""
    return text.encode("utf-8", "backslashreplace")


def envelope(data: Any, log_id: str, **beside: Any) -> dict[str, Any]:
    return {"code": 0, "msg": "", "data": data, **beside, "detail": {"logid": log_id}}
