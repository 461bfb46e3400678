"""What an operator takes out of the log: asked for here, made in the background, fetched while it lasts."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .saved_view import LONGEST_QUERY


class LogExportQuerySet(models.QuerySet["LogExport"]):
    def visible_to(self, user: User) -> LogExportQuerySet:
        """One's own, for as long as one is an operator."""
        return self.filter(owner=user) if user.is_operator else self.none()

    def withdraw(self) -> None:
        """Somebody's account is gone: files that were finished expire now, what is being made begins again.

        What a file holds cannot be looked up, so it is all of them. The next step of the making removes them.
        """
        now = timezone.now()
        self.filter(state=LogExport.State.DONE, expires_at__gt=now).update(expires_at=now)
        afresh = {"position": None, "size_bytes": 0, "conversation_count": 0, "row_count": 0}
        self.filter(state=LogExport.State.MAKING).update(**afresh)


class LogExport(models.Model):
    """`position`, `size_bytes` and the counts move together: what of the file counts, and where it goes on
    after a process was killed. What a file holds beyond `size_bytes` is cut off.
    """

    class Format(models.TextChoices):
        CONVERSATIONS = "conversations", _("CSV, a row for each conversation")
        MESSAGES = "messages", _("CSV, a row for each message")
        JSONL = "jsonl", _("JSON Lines, a conversation in each line")
        HTML = "html", _("HTML, to read")

    class State(models.TextChoices):
        MAKING = "making", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="log_exports", verbose_name=_("whose"))
    format = models.CharField(_("format"), max_length=16, choices=Format.choices)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True, default="")
    with_names = models.BooleanField(_("with names"), default=False)
    # Its owner's when it was asked for: days and headings are theirs.
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.MAKING)
    position = models.PositiveBigIntegerField(
        null=True, blank=True
    )  # pk of the last conversation in the file
    size_bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    conversation_count = models.PositiveIntegerField(_("conversations"), default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    total = models.PositiveIntegerField(default=0)  # conversations, when it was asked for
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = LogExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of the log")
        verbose_name_plural = _("exports of the log")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "expires_at"], name="log_export_due")]

    def __str__(self) -> str:
        return f"{self.format} {self.uuid}"
