"""Telling supervisors, once the transaction is committed, that there is work."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from chatweb.models import Turn
from chatweb.turns.hub import hub, of_process
from chatweb.turns.supervisor import supervisor


def wake() -> None:
    """Harmless where no supervisor runs (a command, a test): the rows are found by the next sweep."""
    transaction.on_commit(lambda: hub.post(supervisor.wake_here) and None)


def stop_turn(turn_id: str, shown: dict[str, Any]) -> None:
    """The process that runs the turn is told at once; the wish in the row is what counts if that is lost."""

    def tell() -> None:
        hub.post(supervisor.stop_turn, turn_id, shown)
        if hub.crossing is not None:
            owner = Turn.objects.values_list("owner", flat=True).get(uuid=turn_id)
            hub.cross(of_process(owner), kind="stop", turn=turn_id, shown=shown)

    transaction.on_commit(tell)
