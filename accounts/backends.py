"""The one authentication backend: allauth's, by user name or e-mail, plus our rule of admission."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from .admission import may_use_password, refusal
from .models import User


class SignInBackend(AuthenticationBackend):
    """Refuses here, below every form, so that no way of signing in can forget to ask."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The user, or None. A refused user is left for `unstash_authenticated_user`, which explains."""
        user = super().authenticate(request, **credentials)
        if user is not None and (refusal(user, request) or not may_use_password(user)):
            self._stash_user(user)
            return None
        return user

    def user_can_authenticate(self, user: User) -> bool:
        """Asked again on each request of a session: taking an approval back signs the person out."""
        return super().user_can_authenticate(user) and user.is_approved
