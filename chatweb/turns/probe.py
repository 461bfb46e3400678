"""Is there anything to do? One statement a second: building the sweep's own queries costs ten times as much,
in the process whose every microsecond is for deltas (docs/performance.md)."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from chatweb.models import Action, Deletion, DeletionCall, Errand, ServingProcess, Turn
from chatweb.turns.states import ANSWERABLE, OWNED, TurnState

quoted = connection.ops.quote_name
TURNS, ERRANDS, ACTIONS, DELETIONS, CALLS, PROCESSES = (
    quoted(model._meta.db_table) for model in (Turn, Errand, Action, Deletion, DeletionCall, ServingProcess)
)
IS_OWNED = f"state IN ({', '.join(['%s'] * len(OWNED))})"
# The names are our own: nothing a person typed is in the statement. Each part is what one query of the sweep
# looks for, or a little more.
STATEMENT = f"""
SELECT EXISTS (SELECT 1 FROM {TURNS}
               WHERE state = %s AND NOT is_held AND (not_before IS NULL OR not_before <= %s))
    OR EXISTS (SELECT 1 FROM {TURNS} WHERE state = %s AND owner = '')
    OR (SELECT COUNT(*) FROM {TURNS} WHERE {IS_OWNED} AND (owner = %s OR %s = '')) > %s
    OR (%s <> '' AND EXISTS (SELECT 1 FROM {TURNS}
               WHERE {IS_OWNED} AND owner <> '' AND owner NOT IN (SELECT owner FROM {PROCESSES})))
    OR EXISTS (SELECT 1 FROM {ERRANDS} WHERE done_at IS NULL AND gave_up_at IS NULL AND not_before <= %s)
    OR EXISTS (SELECT 1 FROM {DELETIONS} WHERE user_id IS NOT NULL AND NOT is_held)
    OR EXISTS (SELECT 1 FROM {CALLS} WHERE outcome = '' AND not_before <= %s)
    OR EXISTS (SELECT 1 FROM {ACTIONS}
               WHERE state IN ({", ".join(["%s"] * len(ANSWERABLE))}) AND expires_at <= %s)
"""  # noqa: S608


def is_anything_due(running: int, owner: str = "") -> bool:
    """Whether a sweep would find something; `running`: how many turns have a runner. `owner`: this process,
    where others own turns as well."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values: list[Any] = [
        *(TurnState.QUEUED, now, TurnState.RESUMING),
        *(*sorted(OWNED), owner, owner, running),
        *(owner, *sorted(OWNED), now, now),
        *(*sorted(ANSWERABLE), now),
    ]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [str(value) if isinstance(value, str) else value for value in values])
        return bool(cursor.fetchone()[0])
