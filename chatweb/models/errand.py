"""Upstream calls that can wait: rename, delete after the undo time, clear, let go of a call nobody answers.
The supervisor retries them."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .conversation import Conversation


class Errand(models.Model):
    """Pending until `done_at` or `gave_up_at`. A newer errand of the same kind replaces a pending one."""

    class Kind(models.TextChoices):
        RENAME = "rename", _("rename")
        CLEAR = "clear", _("clear context")
        DELETE = "delete", _("delete")
        RELEASE = "release", _("release a waiting chat")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="errands")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    payload = models.JSONField(default=dict, blank=True)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    gave_up_at = models.DateTimeField(_("given up"), null=True, blank=True)

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=Q(done_at=None, gave_up_at=None),
                name="one_pending_errand_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["not_before"], name="errand_due", condition=Q(done_at=None, gave_up_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}"
