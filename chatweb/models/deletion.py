"""An account that is deleted, and what is left of it for a while: a receipt that names nobody (M-113)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .bots import Connection

RECEIPT_DAYS = 30


def new_token() -> str:
    """Who knows it may read the receipt: there is no account left to sign in with."""
    return secrets.token_urlsafe(32)


def last_day() -> datetime:
    return timezone.now() + timedelta(days=RECEIPT_DAYS)


class Deletion(models.Model):
    """Begun while the account is still there (`user`), carried out when it is not. Goes with its last day.

    `removed`: rows by model label. `kept`: what no call of the upstream deletes, counted by the keys of
    `chatweb/exports/receipt.py: KEPT`.
    """

    token = models.CharField(max_length=64, default=new_token, unique=True, editable=False)
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="deletion", verbose_name=_("user")
    )
    removed = models.JSONField(_("removed rows"), default=dict, blank=True)
    kept = models.JSONField(_("kept upstream"), default=dict, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    # Conversations that a legal hold keeps, and the closed account with them, until it is lifted.
    held_count = models.PositiveIntegerField(_("held conversations"), default=0)
    is_held = models.BooleanField(_("held"), default=False)
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    expires_at = models.DateTimeField(_("receipt expires"), default=last_day)

    class Meta:
        verbose_name = _("deleted account")
        verbose_name_plural = _("deleted accounts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def look_again(cls) -> None:
        """A hold was lifted or changed: what waits for it may go on, or waits on."""
        cls.objects.filter(is_held=True).update(is_held=False)


class DeletionCall(models.Model):
    """One call that asks an upstream to delete a conversation: an errand that outlives the account."""

    class Outcome(models.TextChoices):
        PENDING = "", _("not asked yet")
        DONE = "done", _("deleted there")
        GONE = "gone", _("was gone already")
        CLEARED = "cleared", _("made to forget; it deletes no conversations")
        IMPOSSIBLE = "impossible", _("cannot be asked to delete")
        GAVE_UP = "gave_up", _("refused")

    # None: a conversation that was too old to be kept (chatweb/retention).
    deletion = models.ForeignKey(Deletion, models.CASCADE, null=True, blank=True, related_name="calls")
    connection = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="+")
    connection_name = models.CharField(_("connection"), max_length=100)
    identity_key = models.CharField(max_length=64)  # emptied when the call is over
    upstream_id = models.CharField(_("conversation id upstream"), max_length=64)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, blank=True, default=Outcome.PENDING
    )
    not_before = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True, default="")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("call of a deletion")
        verbose_name_plural = _("calls of deletions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["not_before"], name="deletion_call_due", condition=Q(outcome=""))]

    def __str__(self) -> str:
        return f"{self.connection_name} {self.upstream_id}"
