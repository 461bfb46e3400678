"""What was used as known here, compared with what the upstreams say: asked for by an admin (M-093)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

MOST_FOUND = 500  # rows that are kept; the counts go on


class Reconciliation(models.Model):
    """`position` and the counts move together (turns/commands/reconciling.py).

    `found`: the first of what was filled, differs or could not be asked, as `{"turn", "kind", "id", "kept",
    "said", "is_filled", "problem"}` with tokens, null where not known.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"))
    since = models.DateField(_("questions since"), null=True, blank=True)
    is_everything = models.BooleanField(_("compare everything"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    position = models.PositiveBigIntegerField(default=0)  # pk of the last leg that was looked at
    looked_at_count = models.PositiveIntegerField(_("looked at"), default=0)
    filled_count = models.PositiveIntegerField(_("filled in"), default=0)
    differing_count = models.PositiveIntegerField(_("different"), default=0)
    problem_count = models.PositiveIntegerField(_("could not be asked"), default=0)
    silent_count = models.PositiveIntegerField(_("without a figure upstream"), default=0)
    found: Any = models.JSONField(default=list, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                models.expressions.Value(1), condition=Q(state="running"), name="reconciliation_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
