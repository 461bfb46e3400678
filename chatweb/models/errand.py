"""Upstream calls that can wait: rename, delete after the undo time, clear, let go of a call nobody answers,
feedback. The supervisor retries them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .conversation import Conversation


class ErrandManager(models.Manager["Errand"]):
    def put(
        self,
        conversation: Conversation,
        kind: str,
        payload: dict[str, Any] | None = None,
        *,
        about: str = "",
        delay: timedelta = timedelta(),
    ) -> None:
        """A newer wish of a kind (about the same thing) replaces one that still waits."""
        wish = {"payload": payload or {}, "not_before": timezone.now() + delay, "attempts": 0}
        self.update_or_create(
            conversation=conversation,
            kind=kind,
            about=about,
            done_at=None,
            gave_up_at=None,
            defaults={**wish, "revision": F("revision") + 1},
            create_defaults=wish,
        )


class Errand(models.Model):
    """Pending until `done_at` or `gave_up_at`; of each kind and thing it is `about` one pends at a time.

    `revision` counts the wishes: who carried out an older one leaves the newer one pending.
    """

    class Kind(models.TextChoices):
        RENAME = "rename", _("rename")
        CLEAR = "clear", _("clear context")
        DELETE = "delete", _("delete")
        RELEASE = "release", _("release a waiting chat")
        FEEDBACK = "feedback", _("feedback")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="errands")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # What of the conversation it is about, as a uuid; empty: all of it.
    about = models.CharField(_("about"), max_length=36, blank=True, default="")
    payload = models.JSONField(default=dict, blank=True)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    revision = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # The process that has it in hand, where several serve: a newer wish waits until it has not.
    taken_by = models.CharField(max_length=40, blank=True, default="", db_default="")
    last_error = models.TextField(_("last error"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    gave_up_at = models.DateTimeField(_("given up"), null=True, blank=True)

    objects = ErrandManager()

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind", "about"],
                condition=Q(done_at=None, gave_up_at=None),
                name="one_pending_errand_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["not_before"], name="errand_due", condition=Q(done_at=None, gave_up_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.conversation_id}"
