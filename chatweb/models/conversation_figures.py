"""What a whole conversation came to, in figures: the operators' log filters and sorts by nothing else."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.turns.states import TurnState

from .bots import Bot
from .conversation import Conversation


class ConversationFiguresQuerySet(models.QuerySet["ConversationFigures"]):
    def reviewable_by(self, user: User) -> ConversationFiguresQuerySet:
        """As `Conversation.objects.reviewable_by`: an operator's log has all, anybody else's none."""
        return self if user.is_operator else self.none()


class ConversationFigures(models.Model):
    """Beside the conversation, narrow and with an index for every order of the log.

    Summed up from the figures of its turns by `summing.py` alone. Whether a conversation is deleted or
    archived is asked of its own row.
    """

    conversation = models.OneToOneField(
        Conversation, models.CASCADE, primary_key=True, related_name="figures_of_all"
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    bot = models.ForeignKey(Bot, models.CASCADE, related_name="+", db_index=False)
    first_asked_at = models.DateTimeField(_("first question"))
    last_asked_at = models.DateTimeField(_("last question"))
    # Pks, and no foreign keys: they lead to the two questions a row of the log shows.
    first_turn_pk = models.PositiveBigIntegerField(null=True)
    last_turn_pk = models.PositiveBigIntegerField(null=True)
    turn_count = models.PositiveIntegerField(_("turns"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=TurnState.choices, blank=True, default="")
    # Of any of its turns, each between commas: ",completed,failed,".
    states = models.CharField(max_length=120, blank=True, default="")
    good_count = models.PositiveIntegerField(_("good ratings"), default=0)
    bad_count = models.PositiveIntegerField(_("bad ratings"), default=0)
    has_comment = models.BooleanField(_("has a comment"), default=False)
    slowest_ms = models.PositiveIntegerField(_("slowest answer (ms)"), default=0)
    tokens = models.PositiveBigIntegerField(_("tokens"), default=0)

    objects = ConversationFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a conversation")
        verbose_name_plural = _("figures of conversations")
        indexes = [
            models.Index(fields=["last_asked_at", "conversation"], name="log_newest"),
            models.Index(fields=["slowest_ms", "conversation"], name="log_slowest"),
            models.Index(fields=["tokens", "conversation"], name="log_most_tokens"),
            models.Index(fields=["bad_count", "conversation"], name="log_worst"),
            models.Index(fields=["bot", "last_asked_at", "conversation"], name="log_of_bot"),
            models.Index(fields=["user", "last_asked_at", "conversation"], name="log_of_user"),
        ]

    def __str__(self) -> str:
        return f"figures of conversation {self.conversation_id}"


class ConversationMark(models.Model):
    """A word that some turn of a conversation gives it: a tool that was called, an error's code."""

    class Kind(models.TextChoices):
        TOOL = "tool", _("tool")
        ERROR = "error", _("error code")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="marks", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    word = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("mark of a conversation")
        verbose_name_plural = _("marks of conversations")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "kind", "word"], name="mark_once_a_conversation")
        ]
        indexes = [models.Index(fields=["kind", "word", "conversation"], name="conversations_of_a_mark")]

    def __str__(self) -> str:
        return f"{self.kind} {self.word}"
