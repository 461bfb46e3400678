"""Who people are. The user model is our own from the first migration on."""

from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account. Coze never sees this row's ids, name or e-mail (design, section 2)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    is_operator = models.BooleanField(
        _("operator"), default=False, help_text=_("May review conversation logs in the console.")
    )
    is_approved = models.BooleanField(
        _("approved"), default=True, help_text=_("Sign-up in approval mode waits for an admin to tick this.")
    )
    is_demo = models.BooleanField(
        _("demo account"),
        default=False,
        help_text=_("Signs in from this computer only, never through a proxy."),
    )
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    sends_with_enter = models.BooleanField(_("Enter sends"), default=True)

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """What the interface and a bot's prologue call the person."""
        return self.get_full_name() or self.username
