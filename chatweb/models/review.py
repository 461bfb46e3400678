"""What operators are to look at (M-101): queues with their rules, and an item for each turn one asks for."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .annotation import Label
from .bots import Bot
from .conversation import Conversation
from .turn import Turn

LONGEST_SCALE = 9


class ReviewQueue(models.Model):
    """`rule` says which turns get an item; bot, group and share narrow it down. By hand any turn goes."""

    class Rule(models.TextChoices):
        HAND = "hand", _("only by hand")
        BAD_RATING = "bad_rating", _("bad ratings")
        ERROR = "error", _("errors")
        TOOL_FAILED = "tool_failed", _("tool failed")
        WAITING = "waiting", _("waits too long")
        LABEL = "label", _("a label was put")
        ANY = "any", _("every turn")

    class Digits(models.TextChoices):
        LABELS = "labels", _("labels")
        SCORE = "score", _("the score")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    rule = models.CharField(_("rule"), max_length=12, choices=Rule.choices, default=Rule.HAND)
    bot = models.ForeignKey(
        Bot, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only this bot")
    )
    group = models.ForeignKey(
        Group,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only people of this group"),
    )
    label = models.ForeignKey(
        Label, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("label")
    )
    wait_minutes = models.PositiveIntegerField(
        _("waits longer than (minutes)"), default=60, validators=[MinValueValidator(1)]
    )
    # Below 100 a conversation is drawn by a hash, once a day, and gives one item that day.
    share_percent = models.DecimalField(
        _("share of conversations a day (%)"),
        max_digits=5,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    score_from = models.SmallIntegerField(_("lowest score"), default=1)
    score_to = models.SmallIntegerField(_("highest score"), default=5)
    digits = models.CharField(_("keys 1–9 set"), max_length=8, choices=Digits.choices, default=Digits.LABELS)
    is_active = models.BooleanField(_("in use"), default=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("review queue")
        verbose_name_plural = _("review queues")
        ordering = ["pk"]

    def __str__(self) -> str:
        """The one that comes with the site has no name of its own and so one in every language."""
        return self.name or capfirst(str(self.get_rule_display()))

    @property
    def is_drawn(self) -> bool:
        return self.share_percent < 100

    def clean(self) -> None:
        if self.rule == self.Rule.LABEL and self.label is None:
            raise ValidationError({"label": _("Choose the label that brings a turn into this queue.")})
        if not 1 <= self.score_to - self.score_from < LONGEST_SCALE:
            raise ValidationError({"score_to": _("A scale has two to nine steps.")})


class ItemState(models.TextChoices):
    OPEN = "open", _("open")
    TAKEN = "taken", _("taken")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")
    # Nobody had looked yet when the reason went away, as a bad rating that was taken back.
    WITHDRAWN = "withdrawn", _("no longer needed")


class ReviewItem(models.Model):
    """One turn in one queue. `assignee` has it while it is taken: until `locked_until`, or, where that is
    null, until it is let go, because a colleague gave it to them."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    queue = models.ForeignKey(ReviewQueue, models.CASCADE, related_name="items", db_index=False)
    turn = models.ForeignKey(Turn, models.CASCADE, related_name="review_items", verbose_name=_("turn"))
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="review_items")
    # The day for which its conversation was drawn; null: the queue takes all there is.
    drawn_on = models.DateField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ItemState.choices, default=ItemState.OPEN)
    assignee = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="review_items",
        db_index=False,
        verbose_name=_("taken by"),
    )
    assigned_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    locked_until = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(_("first looked at"), null=True, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("done at"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("review item")
        verbose_name_plural = _("review items")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["queue", "turn"], name="item_once_a_queue_and_turn"),
            models.UniqueConstraint(
                fields=["queue", "conversation", "drawn_on"],
                condition=Q(drawn_on__isnull=False),
                name="drawn_once_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "state", "id"], name="items_of_a_queue"),
            models.Index(
                fields=["assignee", "id"], name="items_of_an_operator", condition=Q(state=ItemState.TAKEN)
            ),
            models.Index(fields=["ended_at", "queue"], name="items_ended"),
        ]

    def __str__(self) -> str:
        return f"review of turn {self.turn_id} ({self.state})"
