"""How long things are kept, and what is kept whatever the rules say (M-114)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .bots import Bot
from .conversation import Conversation


def days(label: Any, help_text: Any) -> Any:
    return models.PositiveIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1)], help_text=help_text
    )


class RetentionRule(models.Model):
    """For a bot, for the people of a group, or (neither) for the whole site. An empty limit rules nothing.

    For each kind of thing: of the rules of its bot and of its person's groups the shortest counts; the rule
    of the site counts where none of them says anything. See chatweb/retention/rules.py.
    """

    bot = models.ForeignKey(
        Bot,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="retention_rules",
        verbose_name=_("bot"),
    )
    group = models.ForeignKey(
        Group,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="retention_rules",
        verbose_name=_("group"),
    )
    conversation_days = days(_("conversations (days)"), _("After their last question, with all in them."))
    deleted_days = days(_("deleted conversations (days)"), _("After their person deleted them."))
    file_days = days(_("files (days)"), _("After they were uploaded: the copy here. Their names stay."))
    event_days = days(_("raw events (days)"), _("After they came: what the console shows of the upstream."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention")
        ordering = ["bot__name", "group__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(bot=None) | Q(group=None),
                name="retention_of_a_bot_or_a_group",
                violation_error_message=_("Choose a bot or a group, not both; neither for the whole site."),
            ),
            models.UniqueConstraint(
                fields=["bot"],
                name="retention_once_a_bot",
                violation_error_message=_("This bot has a rule already."),
            ),
            models.UniqueConstraint(
                fields=["group"],
                name="retention_once_a_group",
                violation_error_message=_("This group has a rule already."),
            ),
            models.UniqueConstraint(
                models.expressions.Value(1),
                condition=Q(bot=None, group=None),
                name="retention_once_a_site",
                violation_error_message=_("The whole site has a rule already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.bot or self.group or _("the whole site"))


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def active(self) -> LegalHoldQuerySet:
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """On a person, a bot, a group or one conversation: nothing of it is removed until it is lifted."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="legal_holds", verbose_name=_("person")
    )
    bot = models.ForeignKey(
        Bot, models.PROTECT, null=True, blank=True, related_name="legal_holds", verbose_name=_("bot")
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="legal_holds", verbose_name=_("group")
    )
    conversation = models.ForeignKey(
        Conversation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="legal_holds",
        verbose_name=_("conversation"),
    )
    reason = models.TextField(_("reason"), help_text=_("For other administrators; nobody else reads it."))
    placed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    lifted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(user__isnull=False, bot=None, group=None, conversation=None)
                    | Q(user=None, bot__isnull=False, group=None, conversation=None)
                    | Q(user=None, bot=None, group__isnull=False, conversation=None)
                    | Q(user=None, bot=None, group=None, conversation__isnull=False)
                ),
                name="hold_on_one_thing",
                violation_error_message=_("Choose one: a person, a bot, a group or a conversation."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user or self.bot or self.group or self.conversation)


def held_conversation(conversation: str = "pk", bot: str = "bot", user: str = "user") -> Exists:
    """Whether the conversation at this path of the outer query is under a hold of any kind."""
    theirs = (
        Q(conversation=OuterRef(conversation))
        | Q(bot=OuterRef(bot))
        | Q(user=OuterRef(user))
        | Q(group__in=User.groups.through.objects.filter(user=OuterRef(OuterRef(user))).values("group"))
    )
    return Exists(LegalHold.objects.active().filter(theirs))


def held_person(user: str = "pk") -> Exists:
    """Whether the person themselves is held, or a group of theirs: then everything of theirs is."""
    groups = User.groups.through.objects.filter(user=OuterRef(OuterRef(user))).values("group")
    return Exists(LegalHold.objects.active().filter(Q(user=OuterRef(user)) | Q(group__in=groups)))
