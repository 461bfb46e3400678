"""Bearer tokens: who asks, and whether the token reaches a bot (wire-chat 1.1, 1.3)."""

from __future__ import annotations

from simulator.envelope import ApiError, no_token
from simulator.ids import now
from simulator.records import Token
from simulator.routing import Request
from simulator.simulator import Simulator


def bearer(request: Request) -> str:
    """The token of the header; ApiError 4100 when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise no_token()
    return token.strip()


def who_asks(simulator: Simulator, request: Request) -> Token:
    """4100 for a token nobody gave out, 700012006 for one that is over; HTTP 401 with both."""
    text = bearer(request)
    if text in simulator.revoked_tokens:
        raise ApiError(700012006, status=401)
    if text == simulator.main_token.id:
        return simulator.main_token
    token = simulator.world.tokens.get(text)
    if token is None:
        raise no_token()
    if token.expires_at and token.expires_at <= now():
        raise ApiError(700012006, status=401)
    return token


def check_reach(token: Token, bot_id: str) -> None:
    """4101 when the token was asked for other bots only."""
    if token.bot_ids is not None and bot_id not in token.bot_ids:
        raise ApiError(4101)
