"""Our answers to allauth's questions: who may sign up, with which address, and what happens then."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .admission import Refusal, may_use_password, refusal
from .models import User


class AccountAdapter(DefaultAccountAdapter):
    # One sentence for both: it does not tell which of the two exists.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The name or the password is not right."),
        "email_password_mismatch": gettext_lazy("The name or the password is not right."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP != "closed" and settings.PASSWORD_SIGN_IN

    def get_login_stages(self) -> list[str]:
        return [*super().get_login_stages(), "accounts.stages.AdmissionStage"]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Raise ValidationError, shown in the form, for a demo account from elsewhere."""
        user = super().authenticate(request, **credentials)
        if user is not None and refusal(user, request) == Refusal.DEMO:
            raise ValidationError(Refusal.DEMO.label)
        if user is not None and not may_use_password(user):
            raise ValidationError(_("Sign in with %(label)s.") % {"label": settings.OIDC_LABEL})
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has only just signed in has shown who they are."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        is_fresh = time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.is_approved = settings.SIGN_UP != "approval"
        return super().save_user(request, user, form, commit)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Raise ValidationError for names that look like an address: sign-in takes both in one field."""
        if "@" in username:
            raise ValidationError(_("A user name cannot contain @."))
        return super().clean_username(username, shallow)

    def clean_email(self, email: str) -> str:
        """Raise ValidationError unless the address belongs to one of SIGN_UP_DOMAINS, if there are any."""
        domain = email.rpartition("@")[2].lower()
        if email and settings.SIGN_UP_DOMAINS and domain not in settings.SIGN_UP_DOMAINS:
            raise ValidationError(
                _("Use an address at %(domains)s.") % {"domains": ", ".join(settings.SIGN_UP_DOMAINS)}
            )
        return super().clean_email(email)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Somebody who waits is told so at once, not only when they try to sign in."""
        if not email_address.user.is_approved:
            return reverse("account_waiting")
        return super().get_email_verification_redirect_url(email_address)

    def tell_approved(self, user: User) -> None:
        """Mail to somebody who has waited. Without a mail server or an address it does nothing."""
        if settings.CAN_SEND_MAIL and user.email:
            with translation.override(user.language or settings.LANGUAGE_CODE):
                self.send_mail("account/email/approved", user.email, {"user": user})
