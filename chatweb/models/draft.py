"""What stands in the composer and was not sent: one draft a conversation, one for the start."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .attachment import Attachment
from .conversation import Conversation


class Draft(models.Model):
    """Without a conversation it is the start screen's. An empty one stays: its version orders drafts."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts", null=True)
    text = models.TextField(blank=True, default="")
    files = models.ManyToManyField(Attachment, related_name="drafts", blank=True)
    version = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["user", "conversation"], name="draft_once_a_conversation"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(conversation=None), name="draft_once_a_start_screen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.conversation_id}"
