"""What operators remark on a message or a part of it: labels, a score, a better answer, a note (M-100).

Nobody but operators ever sees it, and it changes nothing of what users see.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .conversation import Conversation
from .turn import Message

LABEL_CHARACTERS = 40
# By keys one can reach nine of them.
MOST_LABELS = 40


class Label(models.Model):
    """A word operators put on answers. One that is no longer offered stays where it was put."""

    class Colour(models.TextChoices):
        """Names of hues; static/css/reviews.css gives them their tokens."""

        GREEN = "green", _("green")
        BLUE = "blue", _("blue")
        PURPLE = "purple", _("purple")
        RED = "red", _("red")
        AMBER = "amber", _("amber")
        OLIVE = "olive", _("olive")
        CYAN = "cyan", _("cyan")
        GREY = "grey", _("grey")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title_en = models.CharField(_("title (English)"), max_length=LABEL_CHARACTERS, blank=True, default="")
    title_zh = models.CharField(_("title (Chinese)"), max_length=LABEL_CHARACTERS, blank=True, default="")
    colour = models.CharField(_("colour"), max_length=8, choices=Colour.choices, default=Colour.GREY)
    is_active = models.BooleanField(_("offered"), default=True)
    ordinal = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["ordinal", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language, where there is a title in it."""
        first, second = self.title_en, self.title_zh
        if (get_language() or "").startswith("zh"):
            first, second = second, first
        return first or second

    def clean(self) -> None:
        if not (self.title_en or self.title_zh):
            raise ValidationError({"title_en": _("Give it a title in at least one language.")})


class Annotation(models.Model):
    """One operator's remark. `quote` "" is about the whole message, of which everybody has one at most.

    A part is kept by what it says and where that stood: `start` and `end` count UTF-16 units of the message's
    source text, as browsers do. `author_name` outlives the account.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="annotations", verbose_name=_("answer"))
    # The message's own: the log finds the few annotated conversations without reading all messages.
    conversation = models.ForeignKey(
        Conversation,
        models.CASCADE,
        related_name="annotations",
        editable=False,
        verbose_name=_("conversation"),
    )
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="annotations", verbose_name=_("author")
    )
    author_name = models.CharField(_("author"), max_length=150, blank=True, default="")
    quote = models.TextField(_("part"), blank=True, default="")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    labels = models.ManyToManyField(
        Label, through="PutLabel", related_name="annotations", verbose_name=_("labels"), blank=True
    )
    score = models.SmallIntegerField(_("score"), null=True, blank=True)
    better_answer = models.TextField(_("better answer"), blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "author"], condition=Q(quote=""), name="one_remark_on_the_whole"
            ),
            models.CheckConstraint(
                condition=Q(quote="", start=None, end=None)
                | (~Q(quote="") & Q(start__isnull=False, end__isnull=False, end__gt=F("start"))),
                name="a_part_has_a_place",
            ),
        ]
        indexes = [models.Index(fields=["changed_at"], name="annotations_by_time")]

    def __str__(self) -> str:
        return f"annotation of {self.message_id} by {self.author_name}"

    def save(self, *args: Any, **options: Any) -> None:
        if self.conversation_id is None:
            self.conversation_id = self.message.conversation_id
        super().save(*args, **options)


class PutLabel(models.Model):
    """A label on an annotation: one that was put cannot be deleted, only no longer offered."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="put")
    label = models.ForeignKey(Label, models.PROTECT, related_name="put")

    class Meta:
        verbose_name = _("label of an annotation")
        verbose_name_plural = _("labels of annotations")
        constraints = [models.UniqueConstraint(fields=["annotation", "label"], name="label_once_a_remark")]

    def __str__(self) -> str:
        return f"{self.annotation_id} {self.label_id}"


class Mention(models.Model):
    """An operator whose name stands in a note. It stays in their list until they have seen it."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="mentions")
    operator = models.ForeignKey(User, models.CASCADE, related_name="mentions")
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "operator"], name="mentioned_once_a_note")
        ]
        indexes = [
            models.Index(fields=["operator", "-id"], name="mentions_unseen", condition=Q(seen_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} in {self.annotation_id}"
