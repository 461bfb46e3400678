"""What one turn came to, in figures: read by quotas, the usage pages, the operators' log and the plots."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatweb.turns.states import TurnState

from .bots import Bot
from .conversation import Conversation
from .turn import Turn


class TurnFigures(models.Model):
    """Beside the turn, so that lists over a million messages read narrow rows with their own indexes.

    Written by `reckoning.py` with every question and every move of a turn, and nowhere else. A copy in a
    branch has none, nor has a question that was taken back.
    """

    # They outlive both: what was used stays countable when its words are gone. They go with the account.
    turn = models.OneToOneField(
        Turn, models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="figures"
    )
    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, db_constraint=False, related_name="figures"
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="figures", db_index=False)
    bot = models.ForeignKey(Bot, models.CASCADE, related_name="figures", db_index=False)
    asked_at = models.DateTimeField(_("asked"), db_index=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=TurnState.choices)
    # Of a turn that failed or was lost: the upstream's code, or else a key of chatweb/sentences.py.
    error_code = models.CharField(_("error code"), max_length=24, blank=True, default="")
    # From the start of the first leg that was not refused as busy; `answer_ms` leaves out what the turn
    # waited for a person.
    first_token_ms = models.PositiveIntegerField(_("first token (ms)"), null=True, blank=True)
    answer_ms = models.PositiveIntegerField(_("answer (ms)"), null=True, blank=True)
    waited_ms = models.PositiveBigIntegerField(_("waited for a person (ms)"), default=0)
    call_count = models.PositiveSmallIntegerField(_("calls and questions"), default=0)
    file_count = models.PositiveSmallIntegerField(_("files"), default=0)
    input_tokens = models.PositiveIntegerField(_("input tokens"), default=0)
    output_tokens = models.PositiveIntegerField(_("output tokens"), default=0)
    tokens = models.PositiveIntegerField(_("tokens"), default=0)
    # In the currency of the price table, at the price of its day; null: no price was known.
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=6, null=True, blank=True)
    rating = models.CharField(_("rating"), max_length=4, blank=True, default="")  # good | bad
    has_comment = models.BooleanField(_("has a comment"), default=False)

    class Meta:
        verbose_name = _("figures of a turn")
        verbose_name_plural = _("figures of turns")
        indexes = [
            models.Index(fields=["user", "asked_at"], name="figures_of_a_user"),
            models.Index(fields=["bot", "asked_at"], name="figures_of_a_bot"),
        ]

    def __str__(self) -> str:
        return f"figures of turn {self.turn_id}"
