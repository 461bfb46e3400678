"""What people say of answers, and the reasons the admins let them choose from (M-041, M-042)."""

from __future__ import annotations

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.turns.states import Rating

from .turn import Message

# What Coze takes (wire-chat 7): longer or more would have to be cut there.
REASON_CHARACTERS, MOST_REASONS = 30, 10


class FeedbackReasonQuerySet(models.QuerySet["FeedbackReason"]):
    def fitting(self, rating: str) -> FeedbackReasonQuerySet:
        """Those that can be given for a rating."""
        return self.filter(offered_for__in=[rating, FeedbackReason.OfferedFor.BOTH])


class FeedbackReason(models.Model):
    """A label one can put on an answer. One that is no longer offered stays where it was given."""

    class OfferedFor(models.TextChoices):
        GOOD = "good", _("good answers")
        BAD = "bad", _("bad answers")
        BOTH = "both", _("both")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title_en = models.CharField(_("title (English)"), max_length=REASON_CHARACTERS, blank=True, default="")
    title_zh = models.CharField(_("title (Chinese)"), max_length=REASON_CHARACTERS, blank=True, default="")
    offered_for = models.CharField(
        _("offered for"), max_length=8, choices=OfferedFor.choices, default=OfferedFor.BAD
    )
    is_active = models.BooleanField(_("offered"), default=True)
    ordinal = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = FeedbackReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["ordinal", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """One name for it where no reader's language is known: upstream, in lists, in files."""
        return self.title_en or self.title_zh

    def clean(self) -> None:
        if not self.title:
            raise ValidationError({"title_en": _("Give it a title in at least one language.")})


class Feedback(models.Model):
    """One a person and answer. Here is the truth; what the upstream was told follows as well as it can.

    An empty rating was taken back: the row stays until the upstream knows that too, and to be rated again.
    """

    class Sync(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        NOT_SUPPORTED = "not_supported", _("kept here only")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="feedback", verbose_name=_("answer"))
    user = models.ForeignKey(User, models.CASCADE, related_name="feedback", verbose_name=_("user"))
    rating = models.CharField(_("rating"), max_length=8, choices=Rating.choices, blank=True, default="")
    reasons = models.ManyToManyField(
        FeedbackReason,
        through="GivenReason",
        related_name="feedback",
        verbose_name=_("reasons"),
        blank=True,
    )
    comment = models.TextField(_("comment"), blank=True, default="")
    created_at = models.DateTimeField(_("rated"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    sync_state = models.CharField(_("upstream"), max_length=16, choices=Sync.choices, default=Sync.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True, default="")
    # From when on the upstream may know of a rating: before that there is nothing to take back there.
    told_at = models.DateTimeField(_("first told"), null=True, blank=True)
    synced_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-changed_at"]
        constraints = [
            models.UniqueConstraint(fields=["message", "user"], name="feedback_once_an_answer"),
            models.CheckConstraint(
                condition=~Q(rating="") | Q(comment=""), name="nothing_is_kept_of_what_was_taken_back"
            ),
        ]
        indexes = [models.Index(fields=["sync_state", "changed_at"], name="feedback_sync")]

    def __str__(self) -> str:
        return f"{self.rating or 'taken back'} {self.message_id}"


class GivenReason(models.Model):
    """A reason that was given cannot be deleted, only no longer offered."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="given")
    reason = models.ForeignKey(FeedbackReason, models.PROTECT, related_name="given")

    class Meta:
        verbose_name = _("given reason")
        verbose_name_plural = _("given reasons")
        constraints = [models.UniqueConstraint(fields=["feedback", "reason"], name="reason_once_a_feedback")]

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.reason_id}"
