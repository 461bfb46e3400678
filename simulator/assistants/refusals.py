"""How the service says no (wire-workflows 5.5): `{"error": {message, type, param, code}}`, an HTTP status."""

from __future__ import annotations

from http.client import responses
from typing import Any

from simulator.envelope import ApiError
from simulator.routing import Reply, Request

INVALID = "invalid_request_error"
# What tests script by the codes of Coze, and what the common parts raise: status, type, code.
_BY_CODE: dict[int, tuple[int, str, str | None]] = {
    4000: (400, INVALID, None),
    4001: (404, INVALID, None),
    4002: (404, INVALID, None),
    4003: (400, INVALID, None),
    4006: (404, INVALID, None),
    4009: (429, "requests", "rate_limit_exceeded"),
    4013: (429, "tokens", "rate_limit_exceeded"),
    4016: (400, INVALID, None),
    4020: (429, "requests", "rate_limit_exceeded"),
    4028: (429, "insufficient_quota", "insufficient_quota"),
    4100: (401, INVALID, "invalid_api_key"),
    4101: (403, INVALID, None),
    4200: (404, INVALID, None),
    700012006: (401, INVALID, "invalid_api_key"),
}
_RUN_ERRORS = {4000: "invalid_prompt"} | dict.fromkeys((429, 4009, 4013, 4020, 4028), "rate_limit_exceeded")


class Refusal(ApiError):
    """`code` of the record is the HTTP status; `word` is `code` on the wire."""

    def __init__(
        self,
        message: str,
        status: int = 400,
        kind: str = INVALID,
        param: str | None = None,
        word: str | None = None,
    ) -> None:
        super().__init__(status, message, status)
        self.kind, self.param, self.word = kind, param, word


def not_found(what: str, wanted_id: str) -> Refusal:
    return Refusal(f"No {what} found with id '{wanted_id}'.", 404)


def unknown_path(request: Request) -> ApiError:
    return Refusal(f"Invalid URL ({request.method} {request.path})", 404)


def as_refusal(error: ApiError) -> Refusal:
    """Codes of Coze by the table; a code that is an HTTP status is that status."""
    if isinstance(error, Refusal):
        return error
    if 400 <= error.code < 600:
        kind = INVALID if error.code < 500 else "server_error"
        return Refusal(responses.get(error.code, error.msg), error.code, kind)
    status, kind, word = _BY_CODE.get(error.code, (500, "server_error", None))
    return Refusal(error.msg, status, kind, word=word)


def error_object(refusal: Refusal) -> dict[str, Any]:
    return {"message": refusal.msg, "type": refusal.kind, "param": refusal.param, "code": refusal.word}


def refuse(error: ApiError, request: Request) -> Reply:
    refusal = as_refusal(error)
    reply = Reply.json({"error": error_object(refusal)}, refusal.status)
    if refusal.status == 429:
        reply.headers = {"retry-after": "1"}
    return reply


def run_error(code: int) -> str:
    """`last_error.code` of a run for the code that a directive says."""
    return _RUN_ERRORS.get(code, "server_error")
