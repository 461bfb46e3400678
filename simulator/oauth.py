"""The token endpoint of the OAuth JWT flow (wire-chat 1.1): no envelope, and errors of another shape."""

from __future__ import annotations

import secrets
from typing import Any

import jwt

from simulator.access import bearer
from simulator.envelope import ApiError
from simulator.ids import now
from simulator.records import Token
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import ACCOUNT_ID, Simulator

routes = Routes(needs_token=False)
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEFAULT_SECONDS, MOST_SECONDS = 900, 86_399
_CLAIMS = ["iss", "aud", "iat", "exp", "jti"]


class OAuthError(Exception):
    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message)
        self.code, self.message, self.status = code, message, status

    def body(self) -> dict[str, str]:
        return {"error_code": self.code, "error_message": self.message, "error": self.code}


@routes.post("/api/permission/oauth2/token")
@routes.post("/api/permission/oauth2/account/{account_id}/token")
async def give_token(simulator: Simulator, request: Request) -> Answer:
    """`expires_in` is an absolute time; session_name makes an owner of its own."""
    try:
        body, assertion = request.json(), bearer(request)
    except ApiError as error:
        raise OAuthError("invalid_request", error.msg) from error
    if body.get("grant_type") != GRANT_TYPE:
        raise OAuthError("unsupported_grant_type", "Only the JWT bearer grant is known here.")
    claims = _read_jwt(simulator, assertion)
    seconds = body.get("duration_seconds") or DEFAULT_SECONDS
    if not isinstance(seconds, int) or not 1 <= seconds <= MOST_SECONDS:
        raise OAuthError("invalid_request", f"duration_seconds must be between 1 and {MOST_SECONDS}.")
    session = str(claims.get("session_name") or "")
    token = Token(
        id=f"czs_{secrets.token_urlsafe(32)}",
        owner=f"{ACCOUNT_ID}/{session}" if session else ACCOUNT_ID,
        expires_at=now() + seconds,
        bot_ids=_bot_ids(body.get("scope")),
    )
    simulator.world.save(token)
    return Reply.json({"access_token": token.id, "expires_in": token.expires_at, "token_type": "Bearer"})


def _read_jwt(simulator: Simulator, assertion: str) -> dict[str, Any]:
    """The claims; the signature is checked when the key's public half was registered. A JWT works once."""
    try:
        key_id = jwt.get_unverified_header(assertion).get("kid", "")
        public_key = simulator.public_keys.get(key_id)
        if simulator.public_keys and public_key is None:
            raise OAuthError("invalid_client", f"The public key {key_id} is not registered.", 401)
        options: Any = {"require": _CLAIMS, "verify_aud": False, "verify_signature": public_key is not None}
        if public_key is None:
            options |= {"verify_exp": True}
        claims = jwt.decode(assertion, public_key or "", algorithms=["RS256"], options=options)
    except jwt.PyJWTError as error:
        raise OAuthError("invalid_client", f"The JWT is not valid: {error}", 401) from error
    jti = str(claims["jti"])
    if jti in simulator.used_jtis:
        raise OAuthError("invalid_request", "This JWT was used before.")
    simulator.used_jtis[jti] = int(claims["exp"])
    return claims


def _bot_ids(scope: Any) -> list[str] | None:
    """The bots that a scope restricts the token to; None for all."""
    if not scope:
        return None
    try:
        constraint = scope.get("attribute_constraint") or {}
        listed = (constraint.get("connector_bot_chat_attribute") or {}).get("bot_id_list")
        return [str(bot_id) for bot_id in listed] if listed else None
    except (AttributeError, TypeError) as error:
        raise OAuthError("invalid_request", "scope is malformed.") from error
