"""`manage.py check` on settings that contradict each other."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register("accounts")
def sign_up_settings(**kwargs: Any) -> list[CheckMessage]:
    """Unknown modes, a check without a mail server, and a list of domains that nothing enforces."""
    found: list[CheckMessage] = []
    if settings.SIGN_UP not in {"open", "approval", "closed"}:
        found.append(Error("SIGN_UP must be open, approval or closed.", id="accounts.E001"))
    if settings.EMAIL_CHECK not in {"mandatory", "optional", "none"}:
        found.append(Error("EMAIL_CHECK must be mandatory, optional or none.", id="accounts.E002"))
    if settings.EMAIL_CHECK == "mandatory" and not settings.CAN_SEND_MAIL:
        found.append(
            Error(
                "EMAIL_CHECK=mandatory needs a mail server: nobody could confirm an address.",
                hint="Set EMAIL_URL.",
                id="accounts.E003",
            )
        )
    if settings.SIGN_UP == "open" and settings.SIGN_UP_DOMAINS and settings.EMAIL_CHECK != "mandatory":
        found.append(
            Warning(
                "SIGN_UP_DOMAINS is only a hint: without EMAIL_CHECK=mandatory anyone may claim an address.",
                id="accounts.W001",
            )
        )
    if settings.OIDC_SIGN_UP not in {"open", "approval", "closed"}:
        found.append(Error("OIDC_SIGN_UP must be open, approval or closed.", id="accounts.E004"))
    if not settings.PASSWORD_SIGN_IN and not settings.OIDC_ISSUER:
        found.append(
            Error(
                "PASSWORD_SIGN_IN=false leaves superusers only: nobody else could sign in.",
                hint="Set OIDC_ISSUER.",
                id="accounts.E005",
            )
        )
    return found
