"""Where a figure leads: to the conversations it counts, in the log (chatweb/console/log)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from .wanted import Wanted


def log_address(wanted: Wanted, moment: datetime) -> str:
    """The conversations of a step's day; the log knows days, so that an hour leads to its day."""
    day = moment.date().isoformat()
    filters = {"since": day, "until": day}
    if wanted.bot:
        filters["bot"] = str(wanted.bot.uuid)
    if wanted.group:
        filters["group"] = str(wanted.group.pk)
    return f"{reverse('console_conversations')}?{urlencode(filters)}"
