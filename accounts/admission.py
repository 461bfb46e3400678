"""Who may come in, beyond a right password. One rule, asked by every way of signing in."""

from __future__ import annotations

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import User
from .place import is_from_this_computer


class Refusal(TextChoices):
    """Why somebody with a right password does not come in, as a sentence for them."""

    INACTIVE = "inactive", _("This account is switched off. Ask an administrator of this site.")
    WAITING = "waiting", _("This account waits for an administrator to approve it.")
    DEMO = (
        "demo",
        _(
            "This is a demo account. It signs in only from the computer that runs this site, "
            "never over a network or through a proxy."
        ),
    )


def refusal(user: User, request: HttpRequest | None) -> Refusal | None:
    """Why `user` may not come in by `request`; None if they may. No request counts as from elsewhere."""
    if not user.is_active:
        return Refusal.INACTIVE
    if not user.is_approved:
        return Refusal.WAITING
    if user.is_demo and (request is None or not is_from_this_computer(request.META)):
        return Refusal.DEMO
    return None


def may_use_password(user: User) -> bool:
    """Where everybody signs in with OIDC superusers keep the password: somebody must get in to mend it."""
    return settings.PASSWORD_SIGN_IN or user.is_superuser
