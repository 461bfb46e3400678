"""That an operator opened somebody's conversation: who, when, why, and what was uncovered (M-098)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .conversation import Conversation

FRESH = timedelta(hours=1)


class LookQuerySet(models.QuerySet["Look"]):
    def fresh(self, operator: User) -> LookQuerySet:
        """The operator's looks that still count: within them a conversation opens without another."""
        return self.filter(operator=operator, at__gt=timezone.now() - FRESH)

    def shown_to(self, person: User) -> LookQuerySet:
        """What a person may read of looks at their conversations, newest first; not at those they deleted."""
        theirs = self.filter(person=person).select_related("operator", "conversation__bot")
        return theirs.order_by("-at", "-pk")

    def earlier_than(self, look: Look) -> LookQuerySet:
        return self.filter(Q(at__lt=look.at) | Q(at=look.at, pk__lt=look.pk))


class Look(models.Model):
    """One an operator, conversation and hour. It outlives the operator's account and the conversation."""

    class Revealed(models.TextChoices):
        NAME = "name", _("name, e-mail and Coze user_id")
        ORIGINAL = "original", _("text without redaction")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    operator = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="looks", verbose_name=_("operator")
    )
    operator_name = models.CharField(_("operator"), max_length=150)
    conversation = models.ForeignKey(
        Conversation, models.SET_NULL, null=True, related_name="looks", verbose_name=_("conversation")
    )
    conversation_uuid = models.UUIDField(_("conversation"))
    person = models.ForeignKey(
        User, models.CASCADE, related_name="looked_at", db_index=False, verbose_name=_("whose")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason = models.TextField(_("reason"), blank=True, default="")
    revealed = models.JSONField(_("uncovered"), default=list, blank=True)  # of Revealed

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["person", "at"], name="look_at_a_person"),
            models.Index(fields=["operator", "conversation", "at"], name="look_of_an_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_name} · {self.conversation_uuid}"
