"""From a connection's row to what the upstream library takes; signing for OAuth apps lives here."""

from __future__ import annotations

import secrets
import time
from urllib.parse import urlsplit

import jwt
from django.conf import settings

from chatweb.models import Connection
from chatweb.upstreams.capabilities import Capabilities
from chatweb.upstreams.client import ConnectionSettings, OAuthApp, capabilities_of

ASSERTION_SECONDS = 3600


def settings_of(connection: Connection) -> ConnectionSettings:
    """`key` changes with the credentials, so that no cached token outlives them."""
    is_oauth = connection.auth == Connection.Auth.OAUTH_JWT
    beta = connection.beta if connection.dialect == Connection.Dialect.ASSISTANTS else ""
    secrets_ = (
        connection.dialect,
        beta,
        connection.base_url,
        connection.token,
        connection.oauth_app_id,
        connection.oauth_private_key,
    )
    return ConnectionSettings(
        key=f"{connection.uuid}:{hash(secrets_)}",
        dialect=connection.dialect,
        base_url=connection.base_url.rstrip("/"),
        token="" if is_oauth else connection.token,
        oauth=oauth_app_of(connection) if is_oauth else None,
        beta=beta,
        read_timeout_seconds=settings.UPSTREAM_READ_TIMEOUT_SECONDS,
    )


def can_of(connection: Connection) -> Capabilities:
    """What the upstream of a connection has, without asking it."""
    return capabilities_of(connection.dialect, connection.beta)


def oauth_app_of(connection: Connection) -> OAuthApp:
    """Signs a JWT that may be used once, as wire-chat 1.1 describes."""
    audience = urlsplit(connection.base_url).hostname or ""
    app_id, key_id = connection.oauth_app_id, connection.oauth_key_id
    private_key = connection.oauth_private_key

    def sign(session_name: str) -> str:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": app_id,
            "aud": audience,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": secrets.token_hex(24),
        }
        if session_name:
            claims["session_name"] = session_name
        return jwt.encode(claims, private_key, algorithm="RS256", headers={"kid": key_id})

    return OAuthApp(app_id=app_id, sign=sign)
