"""What admins know about client-side tools: how their cards look and who answers (M-049 to M-054, M-094)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .bots import Bot, is_base_url
from .conversation import Conversation
from .encrypted import EncryptedTextField


class ToolManager(models.Manager["Tool"]):
    def rules(self, bot_pk: int, names: Iterable[str]) -> dict[str, Tool]:
        """What holds for a bot's tools, by name; no entry for one that nobody registered.

        The bot's own entry counts before the one for all bots, but refusing always wins.
        """
        found: dict[str, Tool] = {}
        registered = self.filter(Q(bot=bot_pk) | Q(bot=None), name__in=list(names), is_registered=True)
        # A secret that no key opens any more must not keep anybody from reading a conversation.
        registered = registered.defer("webhook_secret")
        # Weakest first, so that the strongest is what stays.
        for tool in sorted(
            registered, key=lambda one: (one.mode == Tool.Mode.REFUSE, one.bot_id is not None)
        ):
            found[tool.name] = tool
        return found


class Tool(models.Model):
    """A tool by its name, for one bot or for all. Until it is registered it only waits in the admins' inbox.

    Where entries for a bot and for all bots meet, `ToolManager.rules` says which holds.
    """

    class Mode(models.TextChoices):
        FORM = "form", _("a person fills in the output")
        APPROVE = "approve", _("a person approves or declines")
        AUTO = "auto", _("answered at once, from a template")
        REFUSE = "refuse", _("refused at once")
        WEBHOOK = "webhook", _("answered by a service of the site, else by a person")

    bot = models.ForeignKey(
        Bot, models.CASCADE, null=True, blank=True, related_name="tools", verbose_name=_("bot")
    )
    name = models.CharField(_("name"), max_length=200)
    is_registered = models.BooleanField(_("registered"), default=True)
    title_en = models.CharField(_("title (English)"), max_length=100, blank=True, default="")
    title_zh = models.CharField(_("title (Chinese)"), max_length=100, blank=True, default="")
    icon = models.CharField(_("icon"), max_length=8, blank=True, default="")  # one emoji
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices, default=Mode.FORM)
    schema = models.JSONField(_("output schema"), null=True, blank=True)  # JSON Schema
    template = models.TextField(_("output template"), blank=True, default="")
    approve_output = models.TextField(_("output when approved"), blank=True, default="")
    decline_output = models.TextField(_("output when declined"), blank=True, default="")
    webhook_url = models.CharField(
        _("address of the service"), max_length=500, blank=True, default="", validators=[is_base_url]
    )
    webhook_secret = EncryptedTextField(_("secret of the service"), blank=True, default="")
    webhook_timeout_seconds = models.PositiveSmallIntegerField(
        _("the service answers within (seconds)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    time_limit_seconds = models.PositiveIntegerField(
        _("time limit (seconds)"), null=True, blank=True, validators=[MinValueValidator(10)]
    )
    may_be_allowed = models.BooleanField(_("users may allow it for a conversation"), default=False)
    seen_count = models.PositiveIntegerField(_("times seen"), default=0)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    sample_arguments = models.TextField(_("arguments seen last"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: Any = ToolManager()

    class Meta:
        verbose_name = _("tool")
        verbose_name_plural = _("tools")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bot", "name"], name="tool_once_a_bot"),
            models.UniqueConstraint(fields=["name"], condition=Q(bot=None), name="tool_once_for_all_bots"),
        ]

    def __str__(self) -> str:
        return self.name


class Allowance(models.Model):
    """A user said "always in this conversation" to a tool that is approved or declined."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="allowances")
    name = models.CharField(_("tool"), max_length=200)
    created_at = models.DateTimeField(_("allowed"), default=timezone.now)

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "name"], name="allowance_once_a_conversation")
        ]

    def __str__(self) -> str:
        return self.name
