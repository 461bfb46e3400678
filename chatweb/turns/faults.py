"""What went wrong upstream, as a turn's error columns."""

from __future__ import annotations

from chatweb.sentences import reason_of
from chatweb.turns.machine import Leg, Verdict
from chatweb.upstreams.errors import Unreachable, UpstreamError


def fault_of_leg(read: Leg, log_id: str) -> dict[str, str]:
    """Of a leg that failed or broke."""
    reason = reason_of(read.error_code, is_error=read.verdict is Verdict.ERROR)
    return _columns(reason, read.error_code, read.error_msg, log_id)


def fault_of(error: UpstreamError) -> dict[str, str]:
    """Of a call that was refused, or reached nobody."""
    reason = "unreachable" if isinstance(error, Unreachable) else reason_of(error.code, is_error=True)
    return _columns(reason, error.code, error.message, error.log_id)


def code_text(code: object) -> str:
    return "" if code is None else str(code)[:24]


def _columns(reason: str, code: object, message: str, log_id: str) -> dict[str, str]:
    return {
        "error_reason": reason,
        "error_code": code_text(code),
        "error_message": message[:2000],
        "log_id": log_id[:128],
    }
