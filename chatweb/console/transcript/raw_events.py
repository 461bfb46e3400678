"""The raw events of turns as they came (K11): their list, and each of them on demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models.functions import Length

from chatweb.console.redaction import Redact, redact_json
from chatweb.models import Event, Turn

from .timing import said

MOST_LISTED = 300  # of one turn
MOST_EVENTS = 1_000_000


def events_by_turn(turns: Sequence[Turn]) -> dict[int, list[dict[str, Any]]]:
    """Names, times and sizes of the first events of these turns; one query, without what they hold."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    begins = {turn.pk: begin_of(turn) for turn in turns}
    rows = Event.objects.filter(turn__in=turns).annotate(size=Length("data")).order_by("turn", "pk")
    for turn_pk, name, at, size in rows.values_list("turn", "name", "received_at", "size").iterator():
        listed = found[turn_pk]
        if len(listed) < MOST_LISTED:
            listed.append(
                {"number": len(listed) + 1, "name": name, "since": since(begins[turn_pk], at), "size": size}
            )
    return found


def event_text(turn: Turn, number: int, redact: Redact) -> tuple[Event, str] | None:
    """The event at a place (from 1) and its redacted JSON, pretty; None past the end."""
    if not 1 <= number <= MOST_EVENTS:
        return None
    event = Event.objects.filter(turn=turn).order_by("pk")[number - 1 : number].first()
    return (event, redact_json(event.data, redact, indent=2)) if event else None


def begin_of(turn: Turn) -> datetime:
    return turn.started_at or turn.created_at


def since(begin: datetime, at: datetime) -> str:
    return "+" + said(max(at - begin, begin - begin))
