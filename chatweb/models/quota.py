"""How much people may use: rows the admins keep (M-092)."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .bots import Bot


class QuotaQuerySet(models.QuerySet["Quota"]):
    def of(self, user: User, bot: Bot | None = None) -> QuotaQuerySet:
        """Rows that speak of the person, their groups or everybody; with a bot, only what counts there."""
        mine = Q(user=user) | Q(group__in=user.groups.all()) | Q(user=None, group=None)
        return self.filter(mine) if bot is None else self.filter(mine, Q(bot=None) | Q(bot=bot))


class Quota(models.Model):
    """Which of several rows holds is decided in chatweb/usage/limits.py."""

    class Unit(models.TextChoices):
        MESSAGES = "messages", _("messages")
        TOKENS = "tokens", _("tokens")
        FILES = "files", _("files")

    class Period(models.TextChoices):
        DAY = "day", _("a day")
        MONTH = "month", _("a month")

    user = models.ForeignKey(
        User, models.CASCADE, related_name="quotas", null=True, blank=True, verbose_name=_("user")
    )
    group = models.ForeignKey(
        Group, models.CASCADE, related_name="quotas", null=True, blank=True, verbose_name=_("group")
    )
    bot = models.ForeignKey(
        Bot, models.CASCADE, related_name="quotas", null=True, blank=True, verbose_name=_("bot")
    )
    unit = models.CharField(_("of"), max_length=8, choices=Unit.choices, default=Unit.MESSAGES)
    period = models.CharField(_("per"), max_length=8, choices=Period.choices, default=Period.DAY)
    limit = models.PositiveBigIntegerField(
        _("limit"), null=True, blank=True, help_text=_("Empty: no limit, for one who is an exception.")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) | Q(group=None),
                name="quota_of_one",
                violation_error_message=_("Choose a user or a group, or neither for everybody."),
            ),
            models.UniqueConstraint(
                Coalesce("user", 0),
                Coalesce("group", 0),
                Coalesce("bot", 0),
                "unit",
                "period",
                name="quota_once",
                violation_error_message=_("There is such a quota already."),
            ),
        ]

    def __str__(self) -> str:
        limit = "∞" if self.limit is None else self.limit
        return f"{limit} {self.get_unit_display()} {self.get_period_display()}"
