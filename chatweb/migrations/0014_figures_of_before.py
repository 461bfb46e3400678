"""Figures of the turns of before. The SQL is that of chatweb/models/reckoning.py as it was then."""

from django.db import migrations

from chatweb.models.summing import sum_up

BATCH = 5_000
COLUMNS = (
    "turn_id, conversation_id, user_id, bot_id, asked_at, ended_at, state, error_code, first_token_ms, answer_ms, "
    "waited_ms, call_count, file_count, input_tokens, output_tokens, tokens, rating, has_comment"
)


def fill(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id), MAX(id) FROM chatweb_turn")
        first, last = cursor.fetchone()
        for pk in range(first or 0, (last or -1) + 1, BATCH):
            cursor.execute(
                f"{truth(connection.vendor)} INSERT INTO chatweb_turnfigures ({COLUMNS}) SELECT {COLUMNS} "
                "FROM truth WHERE true ON CONFLICT (turn_id) DO NOTHING",
                [pk, pk + BATCH - 1],
            )
            sum_up(pk, pk + BATCH - 1)


def truth(vendor):
    def ms(earlier, later):
        if vendor == "postgresql":
            return f"CAST(ROUND(EXTRACT(EPOCH FROM ({later} - {earlier})) * 1000) AS BIGINT)"
        return f"CAST(ROUND((julianday({later}) - julianday({earlier})) * 86400000.0) AS INTEGER)"

    def within(figure, most):
        return f"CASE WHEN {figure} < 0 THEN 0 WHEN {figure} > {most} THEN {most} ELSE {figure} END"

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
    SELECT turn_id, calls, {ms("opened_at", "closed_at")} AS ms FROM rounds
), waited AS (
    SELECT turn_id, SUM(calls) AS calls, SUM(CASE WHEN ms > 0 THEN ms ELSE 0 END) AS ms
    FROM waits GROUP BY turn_id
), rated AS (
    SELECT m.turn_id, MIN(NULLIF(f.rating, '')) AS rating,
        MAX(CASE WHEN f.comment <> '' THEN 1 ELSE 0 END) AS comments
    FROM wanted w CROSS JOIN chatweb_message m CROSS JOIN chatweb_feedback f
    WHERE m.turn_id = w.id AND f.message_id = m.id GROUP BY m.turn_id
), timed AS (
    SELECT w.id, {ms("b.begun_at", "w.first_token_at")} AS first_token_ms,
        {ms("b.begun_at", "w.ended_at")} - COALESCE(waited.ms, 0) AS answer_ms
    FROM wanted w CROSS JOIN begun b LEFT JOIN waited ON waited.turn_id = w.id WHERE b.turn_id = w.id
), truth AS (
    SELECT w.id AS turn_id, w.conversation_id, c.user_id, c.bot_id, w.created_at AS asked_at, w.ended_at,
        w.state,
        CASE WHEN w.state NOT IN ('failed', 'lost') THEN '' WHEN w.error_code <> '' THEN w.error_code
            ELSE w.error_reason END AS error_code,
        {within("timed.first_token_ms", 2_147_483_647)} AS first_token_ms,
        {within("timed.answer_ms", 2_147_483_647)} AS answer_ms,
        COALESCE(waited.ms, 0) AS waited_ms,
        {within("COALESCE(waited.calls, 0)", 32_767)} AS call_count,
        {within("(SELECT COUNT(*) FROM chatweb_turn_files WHERE turn_id = w.id)", 32_767)} AS file_count,
        {within("COALESCE(spent.given, 0)", 2_147_483_647)} AS input_tokens,
        {within("COALESCE(spent.made, 0)", 2_147_483_647)} AS output_tokens,
        {within("COALESCE(spent.total, 0)", 2_147_483_647)} AS tokens,
        COALESCE(rated.rating, '') AS rating,
        COALESCE(rated.comments, 0) = 1 AS has_comment
    FROM wanted w CROSS JOIN chatweb_conversation c
    LEFT JOIN spent ON spent.turn_id = w.id
    LEFT JOIN waited ON waited.turn_id = w.id
    LEFT JOIN rated ON rated.turn_id = w.id
    LEFT JOIN timed ON timed.id = w.id
    WHERE c.id = w.conversation_id
)
"""


class Migration(migrations.Migration):

    # A batch at a time, so that a site that goes on does not wait for years of turns.
    atomic = False

    dependencies = [
        ('chatweb', '0013_log_figures'),
    ]

    operations = [
        # `cost` gets null: no price was known.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
