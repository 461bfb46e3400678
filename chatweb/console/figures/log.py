"""Where a figure leads: to the conversations it counts, in the log (chatweb/console/log)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from .wanted import Wanted


def log_of(wanted: Wanted) -> Callable[[datetime], str]:
    """The address of a step's conversations; the log knows days, so that an hour leads to its day."""
    filters = {}
    if wanted.bot:
        filters["bot"] = str(wanted.bot.uuid)
    if wanted.group:
        filters["group"] = str(wanted.group.pk)
    log, others = reverse("console_conversations"), "".join(f"&{urlencode([one])}" for one in filters.items())

    def address(moment: datetime) -> str:
        day = moment.date().isoformat()
        return f"{log}?since={day}&until={day}{others}"

    return address
