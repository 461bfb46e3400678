"""Figures rolled up from TurnFigures and actions (chatweb/rollups): what plots and usage tables read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HourFigures(models.Model):
    """What was asked in one hour, of one bot or of all (key 0), by one group's people or by all (key 0).

    `hour` counts from 1970 in UTC. Keys, not foreign keys: the row is thrown away and counted anew whenever
    its hour changed. Durations are spreads (rollups/spread.py); people and conversations are sorted keys of
    64 bits, so that a day, a week or a year knows how many different ones there were.
    """

    hour = models.PositiveIntegerField()
    bot_key = models.PositiveBigIntegerField(default=0)
    group_key = models.PositiveBigIntegerField(default=0)

    turns = models.PositiveIntegerField(default=0)
    over = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)
    cost_micros = models.BigIntegerField(default=0)
    calls_answered = models.PositiveIntegerField(default=0)
    calls_declined = models.PositiveIntegerField(default=0)
    calls_auto = models.PositiveIntegerField(default=0)
    calls_expired = models.PositiveIntegerField(default=0)
    calls_failed = models.PositiveIntegerField(default=0)
    errors = models.TextField(blank=True, default="")  # "code count" a line
    first_token_ms = models.BinaryField(default=b"")
    answer_ms = models.BinaryField(default=b"")
    waited_ms = models.BinaryField(default=b"")
    people = models.BinaryField(default=b"")
    conversations = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("figures of an hour")
        verbose_name_plural = _("figures of hours")
        constraints = [
            # Also the way in: the plots read one bot and group over a stretch of hours.
            models.UniqueConstraint(fields=["group_key", "bot_key", "hour"], name="figures_once_an_hour")
        ]
        indexes = [models.Index(fields=["hour"], name="figures_of_an_hour")]

    def __str__(self) -> str:
        return f"hour {self.hour}, bot {self.bot_key}, group {self.group_key}"


class UsageFigures(models.Model):
    """What one person used of one bot in a quarter of an hour, which every time zone's days are made of.

    `slot` counts quarters of an hour from 1970 in UTC. Counted anew with its hour; keys as above.
    """

    slot = models.PositiveIntegerField()
    user_key = models.PositiveBigIntegerField()
    bot_key = models.PositiveBigIntegerField()
    messages = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)
    cost_micros = models.BigIntegerField(default=0)
    # Turns with tokens for which no price was known.
    unpriced = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("usage of a quarter of an hour")
        verbose_name_plural = _("usage by quarters of an hour")
        constraints = [
            models.UniqueConstraint(fields=["slot", "user_key", "bot_key"], name="usage_once_a_quarter")
        ]

    def __str__(self) -> str:
        return f"slot {self.slot}, user {self.user_key}, bot {self.bot_key}"


class ChangedHour(models.Model):
    """An hour to be counted anew. Triggers write it, so that no writer can forget it (rollups/marks.py)."""

    hour = models.PositiveIntegerField(db_index=True)

    class Meta:
        verbose_name = _("hour to be counted")
        verbose_name_plural = _("hours to be counted")

    def __str__(self) -> str:
        return f"hour {self.hour}"
