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
    """`ordinal` keeps the upstream's order within a round: outputs are submitted in it."""

    class Kind(models.TextChoices):
        TOOL_CALL = "tool_call", _("tool call")
        QUESTION = "question", _("question")

    class Decision(models.TextChoices):
        ANSWERED = "answered", _("answered")
        DECLINED = "declined", _("declined")
        AUTO = "auto", _("answered by a rule")

    class ServiceState(models.TextChoices):
        """Whether a service of the site is asked in the person's place."""

        NONE = "", _("not asked")
        DUE = "due", _("to be asked")
        ASKED = "asked", _("asked")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    turn = models.ForeignKey(Turn, models.CASCADE, related_name="actions")
    # A copy in a branch was asked by no leg of its turn.
    leg = models.ForeignKey(Leg, models.CASCADE, null=True, blank=True, related_name="actions")
    round = models.PositiveSmallIntegerField(_("round"), default=1)  # a new interrupt of the turn is one more
    ordinal = models.PositiveSmallIntegerField(default=0)
    # The last message before it: where the card stands among the answers.
    after = models.PositiveIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    upstream_id = models.CharField(_("id upstream"), max_length=200, blank=True, default="")
    upstream_type = models.CharField(max_length=24, blank=True, default="")
    interrupt_type = models.PositiveSmallIntegerField(null=True, blank=True)  # echoed as it was received
    name = models.CharField(_("tool"), max_length=200, blank=True, default="")  # or the node that asks
    arguments = models.TextField(_("arguments"), blank=True, default="")
    needs = models.JSONField(default=list, blank=True)  # facts to collect: "coordinates"
    question = models.JSONField(default=dict, blank=True)  # {text, options, fields, link}
    state = models.CharField(
        _("state"), max_length=12, choices=ActionState.choices, default=ActionState.PENDING
    )
    decision = models.CharField(
        _("decision"), max_length=12, choices=Decision.choices, blank=True, default=""
    )
    output = models.TextField(_("output"), blank=True, default="")
    reason = models.TextField(_("reason"), blank=True, default="")  # why the person declined
    draft = models.JSONField(null=True, blank=True)  # what is half filled in; only the page understands it
    draft_version = models.PositiveIntegerField(default=0)
    # What the upstream said when it refused the last submit.
    refusal = models.TextField(blank=True, default="")
    refusal_code = models.CharField(max_length=24, blank=True, default="")
    refusal_log_id = models.CharField(max_length=128, blank=True, default="")
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=120, blank=True, default="")  # it was answered from
    service_state = models.CharField(max_length=8, choices=ServiceState.choices, blank=True, default="")
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["round", "ordinal"]
        constraints = [
            # An id may be "" (K4); the ordinal then tells the calls of a leg apart.
            models.UniqueConstraint(fields=["leg", "ordinal"], name="action_order"),
        ]
        indexes = [
            models.Index(fields=["turn"], name="action_open", condition=Q(state__in=["pending", "ready"])),
            # The supervisor's sweep.
            models.Index(
                fields=["expires_at"], name="action_expires", condition=Q(state__in=["pending", "ready"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.uuid}"


class Decision(models.Model):
    """One decision about an action: kept for good, also when it was changed later (M-063)."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="decisions", verbose_name=_("action"))
    decision = models.CharField(_("decision"), max_length=12, choices=Action.Decision.choices)
    # Nobody: a rule of the tool's.
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    device = models.CharField(_("device"), max_length=120, blank=True, default="")
    arguments_sha256 = models.CharField(max_length=64)  # of what was shown
    output_sha256 = models.CharField(max_length=64)  # of what was entered
    created_at = models.DateTimeField(_("decided"), default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.decision} {self.action_id}"
