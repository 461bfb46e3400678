"""Who people are. The user model is our own from the first migration on."""

from uuid import uuid4

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .devices import device_of


class User(AbstractUser):
    """A person with an account. Coze never sees this row's ids, name or e-mail (design, section 2)."""

    # One name, as people write it: a first and a last name do not fit half of the world.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(
        _("display name"),
        max_length=80,
        blank=True,
        default="",
        help_text=_("What this site and its bots call you."),
    )
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    is_operator = models.BooleanField(
        _("operator"), default=False, help_text=_("May review conversation logs in the console.")
    )
    is_approved = models.BooleanField(
        _("approved"), default=True, help_text=_("Nobody signs in before an admin has ticked this.")
    )
    is_demo = models.BooleanField(
        _("demo account"),
        default=False,
        help_text=_("Signs in from this computer only, never through a proxy."),
    )
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    sends_with_enter = models.BooleanField(_("Enter sends"), default=True)
    # Of the chat page's keyboard, what the person changed: {"is_off", "single_off", "keys": {action: keys}}.
    shortcuts = models.JSONField(_("keyboard shortcuts"), default=dict, blank=True)

    class Meta(AbstractUser.Meta):
        permissions = [("view_as_user", "Can see the site as another person, without touching anything")]
        constraints = [
            # Sign-in ignores case, so "Ana" and "ana" must not be two people.
            models.UniqueConstraint(
                Lower("username"),
                name="username_once_whatever_case",
                violation_error_message=_("A user with that user name already exists."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """What the interface and a bot's prologue call the person."""
        return self.full_name.strip() or self.username

    def get_full_name(self) -> str:
        return self.full_name.strip()

    def get_short_name(self) -> str:
        return self.display_name


class SignIn(models.Model):
    """A browser in which a person is signed in. Lives exactly as long as its session (see sessions.py)."""

    MAX_AGENT_CHARS = 300

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name=_("user"))
    session = models.OneToOneField(Session, models.CASCADE, related_name="sign_in", editable=False)
    agent = models.CharField(_("browser"), max_length=MAX_AGENT_CHARS, blank=True, default="")
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    began_at = models.DateTimeField(_("since"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last use"), default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-last_used_at", "-pk"]

    def __str__(self) -> str:
        return self.device

    @property
    def device(self) -> str:
        """What people call the browser and its system."""
        return device_of(self.agent) or gettext("An unknown browser")


class GroupRules(models.Model):
    """What a site asks of a group's members. A group without a row asks nothing."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="rules", verbose_name=_("group"))
    needs_second_factor = models.BooleanField(
        _("needs a second factor"),
        default=False,
        help_text=_("Members without one are led to set it up and can do nothing else before."),
    )

    class Meta:
        verbose_name = _("rules")
        verbose_name_plural = _("rules")

    def __str__(self) -> str:
        return str(self.group)
