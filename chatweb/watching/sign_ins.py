"""What happens at the door, for the audit log: sign-ins, failures, new passwords, second factors."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from django.apps import apps
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import Signal
from django.http import HttpRequest

from accounts.models import User
from chatweb import auditing


def watch() -> None:
    """Once, when the site starts."""
    account.user_logged_in.connect(signed_in, dispatch_uid="watch_signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="watch_signed_out")
    user_login_failed.connect(refused, dispatch_uid="watch_refused")
    record_as("session.password_changed", account.password_changed)
    record_as("session.password_set", account.password_set)
    record_as("session.password_reset", account.password_reset)
    record_as("session.address_added", account.email_added)
    record_as("session.address_removed", account.email_removed)
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as mfa

        record_as("session.second_factor_added", mfa.authenticator_added)
        record_as("session.second_factor_removed", mfa.authenticator_removed)
        record_as("session.second_factor_reset", mfa.authenticator_reset)
        record_as("session.second_factor_used", mfa.authenticator_used)
        mfa.authentication_failed.connect(second_factor_refused, dispatch_uid="watch_second_factor_refused")


def record_as(action: str, signal: Signal) -> None:
    def listen(request: HttpRequest | None, user: User, **more: Any) -> None:
        kind = str(getattr(more.get("authenticator"), "type", ""))
        after = {"kind": kind} if kind else None
        auditing.record(user, action, user, subject=user, after=after, request=request)

    signal.connect(listen, weak=False, dispatch_uid=f"watch_{action}")


def signed_in(request: HttpRequest | None, user: User, **_signal: Any) -> None:
    auditing.record(user, "session.begun", user, subject=user, request=request)


def signed_out(request: HttpRequest | None, user: User | None, **_signal: Any) -> None:
    if user is not None and user.pk is not None:
        auditing.record(user, "session.ended", user, subject=user, request=request)


def refused(credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: Any) -> None:
    """A name nobody has is not written down: people type their password into the wrong field."""
    name = next((str(credentials[key]) for key in ("username", "email", "login") if credentials.get(key)), "")
    user = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first() if name else None
    auditing.record(None, "session.refused", user, subject=user, request=request)


def second_factor_refused(request: HttpRequest | None, user: User, **_signal: Any) -> None:
    """Nobody is signed in yet: the account is whose code it should have been, not who did it."""
    auditing.record(None, "session.second_factor_refused", user, subject=user, request=request)
