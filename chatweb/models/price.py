"""What a bot's answers cost: rows the admins keep, each from a day on (M-093)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .bots import Bot, Connection

NOT_NEGATIVE = [MinValueValidator(0)]


def price_field(name: Any) -> models.DecimalField:
    return models.DecimalField(name, max_digits=14, decimal_places=6, default=0, validators=NOT_NEGATIVE)


class Price(models.Model):
    """In the site's currency. A bot's price outdoes its connection's, and that the one of all bots; of
    several prices the newest that was valid when the question was asked (models/reckoning.py).
    """

    class Per(models.IntegerChoices):
        THOUSAND = 1_000, _("1,000 tokens")
        MILLION = 1_000_000, _("1,000,000 tokens")

    bot = models.ForeignKey(
        Bot, models.CASCADE, related_name="prices", null=True, blank=True, verbose_name=_("bot")
    )
    connection = models.ForeignKey(
        Connection,
        models.CASCADE,
        related_name="prices",
        null=True,
        blank=True,
        verbose_name=_("connection"),
    )
    input_price = price_field(_("input"))
    output_price = price_field(_("output"))
    per = models.PositiveIntegerField(_("for"), choices=Per.choices, default=Per.MILLION)
    message_price = price_field(_("each message"))
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    # Midnight of that day in the site's zone.
    starts_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(bot=None) | Q(connection=None),
                name="price_of_one",
                violation_error_message=_("Choose a bot or a connection, or neither for all bots."),
            ),
            models.UniqueConstraint(
                Coalesce("bot", 0),
                Coalesce("connection", 0),
                "valid_from",
                name="price_once_a_day",
                violation_error_message=_("There is a price from that day on already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.input_price.normalize():f}/{self.output_price.normalize():f}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        zone = timezone.get_default_timezone()
        self.starts_at = datetime.combine(self.valid_from, time.min, tzinfo=zone)
        super().save(*args, **kwargs)
