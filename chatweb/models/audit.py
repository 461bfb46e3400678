"""What admins and operators did: who, when, to what, what it was before and after, and why."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AuditEntry(models.Model):
    """Written once, by `chatweb/auditing.py: record`, and never changed.

    `actor_name` and `object_name` outlive the rows they name. `before` and `after` hold only what changed, as
    {field: value}; a secret is there by the fact of its change, never by its value.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    actor = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="audit_entries",
        db_index=False,
        verbose_name=_("who"),
    )
    actor_name = models.CharField(_("who"), max_length=150, blank=True, default="")
    # What was done to which kind of thing: "bot.changed", "identity.rotated", "conversation.opened".
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("kind"), max_length=60, blank=True, default="")
    object_id = models.CharField(_("id"), max_length=64, blank=True, default="")
    object_name = models.CharField(_("name"), max_length=200, blank=True, default="")
    # Whose things were touched, where they are somebody's.
    subject = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="audited_as_subject",
        db_index=False,
        verbose_name=_("whose"),
    )
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, default="")
    address = models.GenericIPAddressField(_("from"), null=True, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-created_at", "-pk"]
        # Each filter of the log with the order it is shown in; ids and names are looked up on their own.
        indexes = [
            models.Index(fields=["object_id", "created_at"], name="audit_of_an_object"),
            models.Index(fields=["object_type", "created_at"], name="audit_by_kind"),
            models.Index(fields=["action", "created_at"], name="audit_by_action"),
            models.Index(fields=["actor", "created_at"], name="audit_by_actor"),
            models.Index(fields=["subject", "created_at"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_name}"
