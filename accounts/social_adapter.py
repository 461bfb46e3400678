"""Our answers about people who come from a company's sign-in service: who is let in, and as whom."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from requests import Session

from .claims import claims_of
from .models import User

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> Session:
        """For what the service names: never led elsewhere, and never from https to plain http."""
        session: Session = super().get_requests_session()
        session.max_redirects = 0
        if settings.OIDC_ISSUER.startswith("https:"):
            del session.adapters["http://"]
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return settings.OIDC_SIGN_UP != "closed"

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """A superuser's account is never taken over by an address, whoever vouches for it."""
        theirs = EmailAddress.objects.filter(email=email.lower(), user__is_superuser=True)
        return settings.OIDC_LINK_BY_EMAIL and not theirs.exists()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raise ImmediateHttpResponse, back to the sign-in page, for a newcomer who is not to come in."""
        if sociallogin.is_existing or settings.OIDC_SIGN_UP == "closed":
            return
        if reason := refusal_of_newcomer(sociallogin):
            raise _back(request, reason)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = sociallogin.user
        user.username = str(data.get("username") or "")[:150]
        user.email = valid_email_or_none(data.get("email")) or ""
        user.full_name = str(data.get("name") or "")[:80]
        user.is_approved = settings.OIDC_SIGN_UP != "approval"
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Raise ImmediateHttpResponse: back to the sign-in page with a sentence."""
        label = {"label": settings.OIDC_LABEL}
        if error == "cancelled":
            raise _back(request, _("You did not sign in with %(label)s.") % label)
        logger.warning("signing in with OIDC failed: %s", repr(exception) if exception else "unknown state")
        sentence = _(
            "Signing in with %(label)s did not work. Try again, or tell an administrator of this site."
        )
        raise _back(request, sentence % label)


def refusal_of_newcomer(sociallogin: SocialLogin) -> str:
    """Why somebody without an account gets none, as a sentence for them; "" if they get one."""
    label = {"label": settings.OIDC_LABEL}
    # allauth drops an address that may not sign up, and then nobody could be told why.
    claims = claims_of(sociallogin.account.extra_data)
    email = str(claims.get("email") or "")
    domains = settings.SIGN_UP_DOMAINS
    if email and domains and email.rpartition("@")[2].lower() not in domains:
        return _("Use an address at %(domains)s.") % {"domains": ", ".join(domains)}
    if not sociallogin.user.email:
        return _("%(label)s did not tell your e-mail address, which an account here needs.") % label
    if domains and not claims.get("email_verified"):
        return _("%(label)s has not checked your e-mail address.") % label
    if (
        EmailAddress.objects.filter(email=email.lower()).exists()
        or User.objects.filter(email__iexact=email).exists()
    ):
        return _(
            "There is an account with your address already, and %(label)s does not open it. "
            "Sign in as you did before, or ask an administrator of this site."
        ) % {"label": settings.OIDC_LABEL}
    return ""


def _back(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
    messages.error(request, sentence)
    return ImmediateHttpResponse(redirect("account_login"))
