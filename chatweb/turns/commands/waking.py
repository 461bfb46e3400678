"""Telling this process's supervisor, once the transaction is committed, that there is work."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from chatweb.turns.hub import hub
from chatweb.turns.supervisor import supervisor


def wake() -> None:
    """Harmless where no supervisor runs (a command, a test): the rows are found by the next sweep."""
    transaction.on_commit(lambda: hub.post(supervisor.wake) and None)


def stop_turn(turn_id: str, shown: dict[str, Any]) -> None:
    transaction.on_commit(lambda: hub.post(supervisor.stop_turn, turn_id, shown) and None)
