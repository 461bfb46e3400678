"""The columns that filling gives values to; all others get their defaults."""

from __future__ import annotations

from django.db.models import Model

from chatweb.models import (
    Action,
    Conversation,
    ConversationFigures,
    ConversationMark,
    Feedback,
    Leg,
    Message,
    Passage,
    Turn,
    TurnFigures,
)

from .tables import Table

# In the order their foreign keys ask for.
COLUMNS: dict[str, tuple[type[Model], str]] = {
    "conversation": (
        Conversation,
        "id uuid client_id user bot identity upstream_id name is_named_by_user is_archived version "
        "created_at changed_at last_asked_at deleted_at",
    ),
    "turn": (
        Turn,
        "id uuid client_id conversation ordinal state epoch error_reason error_code error_message "
        "log_id created_at started_at first_token_at ended_at",
    ),
    "leg": (
        Leg,
        "id turn chat_id log_id upstream_conversation_id token_count input_count output_count "
        "delta_count first_delta_at last_delta_at started_at ended_at",
    ),
    "message": (Message, "id uuid conversation turn leg ordinal upstream_id type text created_at"),
    "action": (
        Action,
        "id uuid turn leg kind name arguments state decision output reason after answered_at created_at",
    ),
    "feedback": (Feedback, "id uuid message user rating comment sync_state created_at changed_at"),
    "passage": (Passage, "id user owner conversation turn message action kind folded said_at"),
    "turn_figures": (
        TurnFigures,
        "turn conversation user bot asked_at ended_at state error_code first_token_ms answer_ms "
        "waited_ms call_count input_tokens output_tokens tokens rating has_comment",
    ),
    "figures": (
        ConversationFigures,
        "conversation user bot first_asked_at last_asked_at first_turn_pk last_turn_pk turn_count "
        "state states good_count bad_count has_comment slowest_ms tokens",
    ),
    "mark": (ConversationMark, "id conversation kind word"),
}


def new_tables() -> dict[str, Table]:
    return {name: Table(model, *columns.split()) for name, (model, columns) in COLUMNS.items()}
