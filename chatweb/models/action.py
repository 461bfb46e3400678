"""Tool calls and questions: what waits for a person. A row, never a task (design, section 1)."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.turns.states import ActionState, check_action_move

from .turn import Leg, Turn


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> ActionQuerySet:
        return self.filter(turn__conversation__user=user, turn__conversation__deleted_at=None)

    def move(self, from_: str, to: str, **changes: object) -> int:
        """Guarded update; the number of rows that moved. Raises IllegalMove."""
        check_action_move(from_, to)
        return self.filter(state=from_).update(state=to, **changes)


class Action(models.Model):
    """`ordinal` keeps the upstream's order within a leg: outputs are submitted in it."""

    class Kind(models.TextChoices):
        TOOL_CALL = "tool_call", _("tool call")
        QUESTION = "question", _("question")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    turn = models.ForeignKey(Turn, models.CASCADE, related_name="actions")
    leg = models.ForeignKey(Leg, models.CASCADE, related_name="actions")
    ordinal = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    upstream_id = models.CharField(_("id upstream"), max_length=200, blank=True, default="")
    upstream_type = models.CharField(max_length=24, blank=True, default="")
    name = models.CharField(_("tool"), max_length=200, blank=True, default="")
    arguments = models.TextField(_("arguments"), blank=True, default="")
    question = models.JSONField(default=dict, blank=True)  # {text, options, fields}
    state = models.CharField(
        _("state"), max_length=12, choices=ActionState.choices, default=ActionState.PENDING
    )
    output = models.TextField(_("output"), blank=True, default="")
    refusal = models.TextField(blank=True, default="")  # why the upstream refused the last submit
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["ordinal"]
        constraints = [
            # An id may be "" (K4); the ordinal then tells the calls of a leg apart.
            models.UniqueConstraint(fields=["leg", "ordinal"], name="action_order"),
        ]
        indexes = [
            models.Index(fields=["turn"], name="action_open", condition=Q(state__in=["pending", "ready"]))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.uuid}"
