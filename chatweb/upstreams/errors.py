"""What can go wrong at an upstream.

UpstreamError               everything below; carries what support asks for
├── Unreachable             no connection: nothing was sent, a repeat cannot double anything
├── Broken                  the connection broke or fell silent after the request: outcome unknown
├── Unusable                an answer that says nothing: HTML, cut JSON, an empty body
├── NotSupported            this dialect has no such call
└── Refused                 the upstream said no, with a code or a status
    ├── TokenRefused        token invalid or expired: renew it, once
    ├── Forbidden           the token may not do this
    ├── Missing             conversation, chat, run, bot, file … not there, or not ours
    ├── Occupied            another chat is running in the conversation
    ├── AlreadyOver         a chat or a run that is over: nothing to cancel, nothing to go on with
    ├── OutOfQuota          balance, plan or daily use is spent
    └── Busy                too much at once: later, with back-off
"""

from __future__ import annotations

from .objects import Code

# wire-chat 1.3 and 10, wire-supplement 3.1. As text: a code comes as a number or as digits.
TOKEN_CODES = frozenset({"4100", "700012006"})
FORBIDDEN_CODES = frozenset({"4101", "4015", "103000001"})
MISSING_CODES = frozenset(
    {"4001", "4002", "4005", "4006", "4200", "4314", "6031", "720702011"}
    | {"103000002", "103100002", "103200001", "103200003"}
)
OCCUPIED_CODES = frozenset({"4016", "thread_locked"})
OVER_CODES = frozenset({"4104", "4315", "103200005"})
QUOTA_CODES = frozenset({"4008", "4011", "4019", "4022", "4027", "4028", "788788103"})
BUSY_CODES = frozenset({"4009", "4013", "4020"})
# Studio answers a route it does not have as if the token were missing (wire-chat 10).
NO_ROUTE_MESSAGE = "missing session_key"


class UpstreamError(Exception):
    """`code` as received or None, `http_status` 0 when there was no answer, `log_id` "" when none came."""

    is_retryable = False

    def __init__(
        self,
        message: str,
        code: Code = None,
        http_status: int = 0,
        log_id: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.http_status = http_status
        self.log_id = log_id
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        known = {"code": self.code, "HTTP": self.http_status or None, "log id": self.log_id or None}
        facts = ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)
        return f"{self.message} ({facts})" if facts else self.message


class Unreachable(UpstreamError):
    is_retryable = True


class Broken(UpstreamError):
    is_retryable = True


class Unusable(UpstreamError):
    @property
    def is_retryable(self) -> bool:  # type: ignore[override]
        return self.http_status >= 500


class NotSupported(UpstreamError):
    pass


class Refused(UpstreamError):
    @property
    def is_retryable(self) -> bool:  # type: ignore[override]
        return self.http_status == 429 or self.http_status >= 500


class TokenRefused(Refused):
    pass


class Forbidden(Refused):
    pass


class Missing(Refused):
    pass


class Occupied(Refused):
    pass


class AlreadyOver(Refused):
    pass


class OutOfQuota(Refused):
    pass


class Busy(Refused):
    @property
    def is_retryable(self) -> bool:  # type: ignore[override]
        return True


KINDS: tuple[tuple[frozenset[str], type[Refused]], ...] = (
    (TOKEN_CODES, TokenRefused),
    (FORBIDDEN_CODES, Forbidden),
    (MISSING_CODES, Missing),
    (OCCUPIED_CODES, Occupied),
    (OVER_CODES, AlreadyOver),
    (QUOTA_CODES, OutOfQuota),
    (BUSY_CODES, Busy),
)


def refused(
    code: Code,
    message: str,
    http_status: int,
    log_id: str = "",
    retry_after_seconds: float | None = None,
) -> UpstreamError:
    """The exception for a code; without a code for the status."""
    return _kind_of(code, message, http_status)(message, code, http_status, log_id, retry_after_seconds)


def _kind_of(code: Code, message: str, http_status: int) -> type[UpstreamError]:
    if NO_ROUTE_MESSAGE in message:
        return NotSupported
    for codes, kind in KINDS:
        if str(code) in codes:
            return kind
    if http_status == 429:
        return Busy
    if http_status == 401:
        return TokenRefused
    if code is None and http_status < 400:
        return Unusable
    return Refused
