"""Works out figures of turns from the rows they are about: one statement, for one turn or a million.

The same SQL writes the figures when a turn is made or moves, fills them for turns of before, and tells what
differs. Plain SQL, because it follows every move of every turn: an upsert costs less than reading rows to
count them. It names tables rather than models, so that `models/turn.py` can call it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from .summing import sum_up

BATCH = 2_000  # turns of one statement, so that others write in between
MOST = {"small": 32_767, "int": 2_147_483_647}  # a figure that does not fit must not keep a turn from ending

MOST_COST = 99_999_999

FIGURES = "chatweb_turnfigures"
COLUMNS = (
    "turn_id", "conversation_id", "user_id", "bot_id", "asked_at", "ended_at", "state", "error_code",
    "first_token_ms", "answer_ms", "waited_ms", "call_count", "file_count",
    "input_tokens", "output_tokens", "tokens", "cost", "rating", "has_comment",
)  # fmt: skip


def _milliseconds(earlier: str, later: str) -> str:
    if connection.vendor == "postgresql":
        return f"CAST(ROUND(EXTRACT(EPOCH FROM ({later} - {earlier})) * 1000) AS BIGINT)"
    return f"CAST(ROUND((julianday({later}) - julianday({earlier})) * 86400000.0) AS INTEGER)"


def _within(figure: str, most: str) -> str:
    """Null stays null, which LEAST and GREATEST would not promise."""
    return f"CASE WHEN {figure} < 0 THEN 0 WHEN {figure} > {MOST[most]} THEN {MOST[most]} ELSE {figure} END"


def _cost() -> str:
    """At the price that was valid when it was asked; null where there is none. Tokens that the upstream tells
    only as a sum count as input; a message that came to nothing costs nothing."""
    total, made = "COALESCE(spent.total, 0)", "COALESCE(spent.made, 0)"
    tokens = f"(p.input_price * ({total} - {made}) + p.output_price * {made}) * 1.0 / p.per"
    has_answer = f"w.state = 'completed' OR {total} > 0 OR w.first_token_at IS NOT NULL"
    cost = f"ROUND({tokens} + CASE WHEN {has_answer} THEN p.message_price ELSE 0 END, 6)"
    return f"""
            SELECT CASE WHEN {cost} < {MOST_COST} THEN {cost} ELSE {MOST_COST} END
            FROM chatweb_price p CROSS JOIN chatweb_bot b
            WHERE b.id = c.bot_id AND p.starts_at <= w.created_at
                AND (p.bot_id = b.id OR p.connection_id = b.connection_id
                    OR (p.bot_id IS NULL AND p.connection_id IS NULL))
            ORDER BY CASE WHEN p.bot_id IS NOT NULL THEN 0 WHEN p.connection_id IS NOT NULL THEN 1 ELSE 2 END,
                p.starts_at DESC LIMIT 1
        """  # noqa: S608


def _truth() -> str:
    """The figures of turns between two pks, as `WITH …, truth AS (…)`.

    A copy in a branch asked nothing and has none, nor has a question that was taken back. A turn that was
    sent again because its conversation was busy is timed from the leg that was not refused. Legs of one chat
    tell its usage as it grows, legs of a run each their own (wire-workflows 4).
    """
    # CROSS JOIN: SQLite keeps the order, so that one turn costs look-ups and no scan.
    return f"""
WITH wanted AS (
    SELECT id, conversation_id, state, error_code, error_reason, created_at, started_at, first_token_at,
        ended_at
    FROM chatweb_turn WHERE id BETWEEN %s AND %s AND copied = '' AND NOT is_withdrawn
), chats AS (
    SELECT l.turn_id, MAX(l.input_count) AS given, MAX(l.output_count) AS made, MAX(l.token_count) AS total
    FROM wanted w CROSS JOIN chatweb_leg l WHERE l.turn_id = w.id
    GROUP BY l.turn_id, CASE WHEN l.chat_id <> '' THEN l.chat_id ELSE CAST(l.id AS VARCHAR(20)) END
), spent AS (
    SELECT turn_id, SUM(given) AS given, SUM(made) AS made, SUM(total) AS total FROM chats GROUP BY turn_id
), begun AS (
    SELECT l.turn_id, MIN(l.started_at) AS begun_at FROM wanted w CROSS JOIN chatweb_leg l
    WHERE l.turn_id = w.id AND l.started_at >= COALESCE(w.started_at, l.started_at) GROUP BY l.turn_id
), rounds AS (
    SELECT a.turn_id, COUNT(*) AS calls, MIN(a.created_at) AS opened_at,
        CASE
            WHEN w.state = 'waiting'
                AND a.round = (SELECT MAX(o.round) FROM chatweb_action o WHERE o.turn_id = a.turn_id)
            THEN NULL
            WHEN COUNT(*) = COUNT(a.answered_at) THEN MAX(a.answered_at)
            ELSE w.ended_at
        END AS closed_at
    FROM wanted w CROSS JOIN chatweb_action a WHERE a.turn_id = w.id
    GROUP BY a.turn_id, a.round, w.state, w.ended_at
), waits AS (
    SELECT turn_id, calls, {_milliseconds("opened_at", "closed_at")} AS ms FROM rounds
), waited AS (
    SELECT turn_id, SUM(calls) AS calls, SUM(CASE WHEN ms > 0 THEN ms ELSE 0 END) AS ms
    FROM waits GROUP BY turn_id
), rated AS (
    SELECT m.turn_id, MIN(NULLIF(f.rating, '')) AS rating,
        MAX(CASE WHEN f.comment <> '' THEN 1 ELSE 0 END) AS comments
    FROM wanted w CROSS JOIN chatweb_message m CROSS JOIN chatweb_feedback f
    WHERE m.turn_id = w.id AND f.message_id = m.id GROUP BY m.turn_id
), timed AS (
    SELECT w.id, {_milliseconds("b.begun_at", "w.first_token_at")} AS first_token_ms,
        {_milliseconds("b.begun_at", "w.ended_at")} - COALESCE(waited.ms, 0) AS answer_ms
    FROM wanted w CROSS JOIN begun b LEFT JOIN waited ON waited.turn_id = w.id WHERE b.turn_id = w.id
), truth AS (
    SELECT w.id AS turn_id, w.conversation_id, c.user_id, c.bot_id, w.created_at AS asked_at, w.ended_at,
        w.state,
        CASE WHEN w.state NOT IN ('failed', 'lost') THEN '' WHEN w.error_code <> '' THEN w.error_code
            ELSE w.error_reason END AS error_code,
        {_within("timed.first_token_ms", "int")} AS first_token_ms,
        {_within("timed.answer_ms", "int")} AS answer_ms,
        COALESCE(waited.ms, 0) AS waited_ms,
        {_within("COALESCE(waited.calls, 0)", "small")} AS call_count,
        {_within("(SELECT COUNT(*) FROM chatweb_turn_files WHERE turn_id = w.id)", "small")} AS file_count,
        {_within("COALESCE(spent.given, 0)", "int")} AS input_tokens,
        {_within("COALESCE(spent.made, 0)", "int")} AS output_tokens,
        {_within("COALESCE(spent.total, 0)", "int")} AS tokens,
        CASE WHEN w.state IN ('completed', 'failed', 'canceled', 'lost') THEN ({_cost()}) END AS cost,
        COALESCE(rated.rating, '') AS rating,
        COALESCE(rated.comments, 0) = 1 AS has_comment
    FROM wanted w CROSS JOIN chatweb_conversation c
    LEFT JOIN spent ON spent.turn_id = w.id
    LEFT JOIN waited ON waited.turn_id = w.id
    LEFT JOIN rated ON rated.turn_id = w.id
    LEFT JOIN timed ON timed.id = w.id
    WHERE c.id = w.conversation_id
)
"""  # noqa: S608


def reckon(turn_pk: int) -> None:
    """Make a turn's figures what they should be, and its conversation's. Inside the caller's transaction."""
    reckon_between(turn_pk, turn_pk)


def reckon_between(first_pk: int, last_pk: int) -> None:
    """The same for all turns between two pks, both included."""
    names = ", ".join(COLUMNS)
    new = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_truth()} INSERT INTO {FIGURES} ({names}) SELECT {names} FROM truth WHERE true "  # noqa: S608
            f"ON CONFLICT (turn_id) DO UPDATE SET {new}",
            [first_pk, last_pk],
        )
    sum_up(first_pk, last_pk)


def forget(turn_pk: int) -> None:
    """The question was taken back before it was sent: it counts nowhere."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {FIGURES} WHERE turn_id = %s", [turn_pk])  # noqa: S608
    sum_up(turn_pk, turn_pk)


def differences_between(first_pk: int, last_pk: int) -> dict[int, tuple[Any, Any]]:
    """What stands there and what should, by the turn's pk, where they are not the same; None for no row."""
    names = ", ".join(COLUMNS)
    # Figures outlive their turns (retention); nothing can be said of those.
    is_there = "EXISTS (SELECT 1 FROM chatweb_turn WHERE id = turn_id)"
    kept = f"SELECT {names} FROM {FIGURES} WHERE turn_id BETWEEN %s AND %s AND {is_there}"  # noqa: S608
    found: dict[int, tuple[Any, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_truth()} SELECT {names} FROM truth EXCEPT {kept}",  # noqa: S608
            [first_pk, last_pk] * 2,
        )
        missing = {row[0]: row for row in cursor.fetchall()}
        cursor.execute(
            f"{_truth()} {kept} EXCEPT SELECT {names} FROM truth",  # noqa: S608
            [first_pk, last_pk] * 2,
        )
        wrong = {row[0]: row for row in cursor.fetchall()}
    for pk in sorted({*missing, *wrong}):
        found[pk] = (wrong.get(pk), missing.get(pk))
    return found


def ranges(batch: int = BATCH) -> Iterator[tuple[int, int]]:
    """Pks from and to, over all turns, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id), MAX(id) FROM chatweb_turn")
        first, last = cursor.fetchone()
    if first is not None:
        yield from ((pk, min(pk + batch - 1, last)) for pk in range(first, last + 1, batch))
