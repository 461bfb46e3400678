"""Sums up the figures of conversations from those of their turns, of one conversation or of many.

Called by whoever writes figures of turns, in the same transaction; plain SQL, as that is.
"""

from __future__ import annotations

from django.db import connection

TURNS, ACTIONS, MESSAGES = "chatweb_turn", "chatweb_action", "chatweb_message"
FIGURES, SUMS, MARKS = "chatweb_turnfigures", "chatweb_conversationfigures", "chatweb_conversationmark"
COLUMNS = (
    "conversation_id", "user_id", "bot_id", "first_asked_at", "last_asked_at", "first_turn_pk",
    "last_turn_pk", "turn_count", "state", "states", "good_count", "bad_count", "has_comment",
    "slowest_ms", "tokens",
)  # fmt: skip
LONGEST_MARK = 200
MOST_MS = 2_147_483_647


def sum_up(first_turn_pk: int, last_turn_pk: int) -> None:
    """Bring the conversations of the turns between two pks in step, once the turns' own figures are."""
    touched = f"SELECT conversation_id FROM {TURNS} WHERE id BETWEEN %s AND %s"  # noqa: S608
    bounds = [first_turn_pk, last_turn_pk]
    names = ", ".join(COLUMNS)
    new = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SUMS} ({names}) {_sums(touched)} "
            f"ON CONFLICT (conversation_id) DO UPDATE SET {new}",
            bounds,
        )
        # Its only question was taken back.
        cursor.execute(
            f"DELETE FROM {SUMS} WHERE conversation_id IN ({touched}) AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM {FIGURES} f WHERE f.conversation_id = {SUMS}.conversation_id)",
            bounds,
        )
        cursor.execute(
            f"INSERT INTO {MARKS} (conversation_id, kind, word) {_marks()} "
            "ON CONFLICT (conversation_id, kind, word) DO NOTHING",
            bounds * 3,
        )


def _sums(touched: str) -> str:
    """`state` is of the turn that was asked last."""
    one_of = "string_agg(DISTINCT state, ',')" if _is_postgresql() else "group_concat(DISTINCT state)"
    is_commented = "bool_or(has_comment)" if _is_postgresql() else "MAX(has_comment)"
    return f"""
SELECT f.conversation_id, MIN(user_id), MIN(bot_id), MIN(asked_at), MAX(asked_at), MIN(turn_id), MAX(turn_id),
    COUNT(*),
    (SELECT l.state FROM {FIGURES} l WHERE l.conversation_id = f.conversation_id
     ORDER BY l.turn_id DESC LIMIT 1),
    ',' || {one_of} || ',',
    SUM(CASE WHEN rating = 'good' THEN 1 ELSE 0 END), SUM(CASE WHEN rating = 'bad' THEN 1 ELSE 0 END),
    {is_commented}, COALESCE(MAX(answer_ms), 0), SUM(tokens)
FROM {FIGURES} f WHERE f.conversation_id IN ({touched}) GROUP BY f.conversation_id
"""  # noqa: S608


def _marks() -> str:
    """Tools that a turn called, upstream or here, and the code of what went wrong in it."""
    is_long = f"BETWEEN 1 AND {LONGEST_MARK}"
    return f"""
SELECT DISTINCT conversation_id, kind, word FROM (
    SELECT f.conversation_id, 'error' AS kind, f.error_code AS word
    FROM {FIGURES} f JOIN {TURNS} t ON t.id = f.turn_id
    WHERE f.turn_id BETWEEN %s AND %s
  UNION ALL
    SELECT f.conversation_id, 'tool', a.name FROM {FIGURES} f JOIN {ACTIONS} a ON a.turn_id = f.turn_id
    WHERE f.turn_id BETWEEN %s AND %s AND a.kind = 'tool_call'
  UNION ALL
    SELECT f.conversation_id, 'tool', {_name_in_call()}
    FROM {FIGURES} f JOIN {MESSAGES} m ON m.turn_id = f.turn_id
    WHERE f.turn_id BETWEEN %s AND %s AND m.type = 'function_call'
) found WHERE LENGTH(word) {is_long}
"""  # noqa: S608


def _name_in_call() -> str:
    """The "name" of a call's JSON, in Studio inside "function"; null where there is none. Hostile text must
    not raise."""
    if _is_postgresql():
        named = r'\{\s*"name"\s*:\s*"([^"\\]+)"'
        inside = rf'"function"\s*:\s*{named}'
        return rf"COALESCE(substring(m.text from '^\s*{named}'), substring(m.text from '{inside}'))"
    one_of = "COALESCE(json_extract(m.text, '$.name'), json_extract(m.text, '$.function.name'))"
    return f"CASE WHEN json_valid(m.text) THEN CAST({one_of} AS TEXT) END"


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"
