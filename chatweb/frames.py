"""The wire to the browser: one builder for every object and frame of docs/protocol.md (delta_ops.py: ops).

Pure: takes rows or plain values, gives plain values or ready-encoded text. Held by tests/frames.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatweb.file_frames import attachment_object
from chatweb.turns.sources import sources_in
from chatweb.turns.states import MessageState, TurnState

if TYPE_CHECKING:
    from chatweb.models import (
        Action,
        Attachment,
        Conversation,
        Feedback,
        FeedbackReason,
        Message,
        Tool,
        Turn,
    )

Json = dict[str, Any]


def encode(frame: Json) -> str:
    """A frame as it goes over the socket."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def utf16_units(text: str) -> int:
    """Length as JavaScript counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_cut(text: str, units: int) -> str:
    """The first `units` UTF-16 units of a text; half a surrogate pair is left out."""
    if text.isascii():
        return text[:units]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")


# --- objects ---------------------------------------------------------------------------------------


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def message_object(message: Message, feedback: Json | None = None) -> Json:
    """`feedback`: what the reader said of it (rows.py knows)."""
    return {
        "id": str(message.uuid),
        "ordinal": message.ordinal,
        "type": message.type,
        "content_type": message.content_type,
        "title": message.title,
        "text": message.text,
        "reasoning": message.reasoning,
        "reasoning_ms": message.reasoning_ms,
        "state": message.state,
        "feedback": feedback,
    }


def feedback_object(feedback: Feedback, reasons: Iterable[FeedbackReason]) -> Json:
    return {
        "rating": feedback.rating,
        "reasons": [reason_object(reason) for reason in reasons],
        "comment": feedback.comment,
    }


def reason_object(reason: FeedbackReason) -> Json:
    return {
        "id": str(reason.uuid),
        "titles": {"en": reason.title_en, "zh": reason.title_zh},
        "offered_for": reason.offered_for,
    }


def action_object(action: Action, tool: Tool | None = None, attempt: Json | None = None) -> Json:
    """`tool`: what the admins say of it; `attempt`: when the question was asked before (rows.py knows)."""
    refusal = {
        "reason": "refused_outputs",
        "code": action.refusal_code,
        "message": action.refusal,
        "log_id": action.refusal_log_id,
    }
    return {
        "id": str(action.uuid),
        "kind": action.kind,
        "round": action.round,
        "ordinal": action.ordinal,
        "after": action.after,
        "state": action.state,
        "decision": action.decision,
        "name": action.name,
        "arguments": action.arguments,
        "needs": action.needs,
        "tool": tool_object(tool) if tool else None,
        "question": {"link": "", **action.question} if action.question else None,
        "attempt": attempt,
        "draft": action.draft,
        "draft_version": action.draft_version,
        "output": action.output,
        "reason": action.reason,
        "refusal": refusal if action.refusal or action.refusal_code else None,
        "asked_at": _iso(action.created_at),
        "expires_at": _iso(action.expires_at),
        "answered_at": _iso(action.answered_at),
        "answered_by": action.answered_by.display_name if action.answered_by else "",
        "device": action.device,
    }


def tool_object(tool: Tool) -> Json:
    return {
        "titles": {"en": tool.title_en, "zh": tool.title_zh},
        "icon": tool.icon,
        "mode": tool.mode,
        "schema": tool.schema,
        "may_allow": tool.may_be_allowed and tool.mode == tool.Mode.APPROVE,
    }


def is_empty(message: Message) -> bool:
    """Over without a word: such a message is kept for operators and shown to nobody."""
    return message.state != MessageState.STREAMING and not message.text and not message.reasoning


def turn_object(
    turn: Turn,
    conversation_uuid: object,
    messages: Iterable[Message],
    actions: Iterable[Json] = (),
    debug_url: str = "",
    files: Iterable[Attachment] = (),
    feedback: Mapping[int, Json] | None = None,
    branches: Iterable[Conversation] = (),
) -> Json:
    """A turn with what people see of it: its question, answers, follow-ups and actions (as objects).

    `feedback`: objects, by the pk of the message they are about.
    """
    said = feedback or {}
    rows = sorted(messages, key=lambda message: message.ordinal)
    is_busy = bool(turn.busy_since) and turn.state == TurnState.QUEUED
    has_error = is_busy or turn.state in (TurnState.FAILED, TurnState.LOST)
    return {
        "id": str(turn.uuid),
        "conversation": str(conversation_uuid),
        "client_id": str(turn.client_id),
        "ordinal": turn.ordinal,
        "section": turn.section,
        "version": turn.version,
        "state": turn.state,
        "epoch": turn.epoch,
        "seq": turn.seq,
        "is_held": turn.is_held,
        "is_withdrawn": turn.is_withdrawn,
        "is_busy": is_busy,
        "busy_since": _iso(turn.busy_since),
        "asked_at": _iso(turn.created_at),
        "started_at": _iso(turn.started_at),
        "ended_at": _iso(turn.ended_at),
        "question": next((row.text for row in rows if row.type == "question"), ""),
        "messages": [
            message_object(row, said.get(row.pk))
            for row in rows
            if row.type == "answer" and not is_empty(row)
        ],
        "follow_ups": [row.text for row in rows if row.type == "follow_up" and row.text],
        "sources": sources_in((row.type, row.text) for row in rows),
        "actions": list(actions),
        "error": error_object(turn) if has_error else None,
        "stop": turn.stop_outcome,
        "files": [attachment_object(file) for file in files],
        "parameters": turn.parameters,
        "replaces": str(turn.replaces.uuid) if turn.replaces else None,
        "sees_replaced": turn.sees_replaced,
        "copied": turn.copied,
        "branches": [branch_object(branch) for branch in branches],
        "debug_url": debug_url,
    }


def branch_object(conversation: Conversation) -> Json:
    """The other end of a branch: a link."""
    return {"conversation": str(conversation.uuid), "name": conversation.name}


def error_object(turn: Turn) -> Json:
    return {
        "reason": turn.error_reason or "failed",
        "code": turn.error_code,
        "message": turn.error_message,
        "log_id": turn.log_id,
    }


def conversation_row(
    conversation: Conversation, *, mark: str, waiting: int, can_ask: bool, is_clearing: bool
) -> Json:
    return {
        "id": str(conversation.uuid),
        "name": conversation.name,
        "bot": str(conversation.bot.uuid),
        "bot_name": conversation.bot.name,
        "version": conversation.version,
        "section": conversation.section,
        "mark": mark,
        "waiting": waiting,
        "is_pinned": conversation.is_pinned,
        "is_archived": conversation.is_archived,
        "can_ask": can_ask,
        "last_asked_at": _iso(conversation.last_asked_at),
        "is_clearing": is_clearing,
        "branch_of": _source_of(conversation),
    }


def _source_of(conversation: Conversation) -> Json | None:
    """What a branch is a branch of, unless that is gone."""
    source = conversation.branched_from.conversation if conversation.branched_from else None
    return branch_object(source) if source and source.deleted_at is None else None


def task_object(row: Json, turn_id: str, question: str, action: Json) -> Json:
    return {"conversation": row, "turn": turn_id, "question": question, "action": action}


# --- frames ----------------------------------------------------------------------------------------


def welcome(list_version: str) -> str:
    return encode({"type": "welcome", "list_version": list_version})


def caught_up(row: Json, turns: Sequence[Json], *, is_reset: bool, has_older: bool) -> str:
    return encode(
        {
            "type": "caught_up",
            "conversation": row,
            "turns": turns,
            "is_reset": is_reset,
            "has_older": has_older,
        }
    )


def turn(turn: Json) -> str:
    return encode({"type": "turn", "turn": turn})


def delta(turn_id: str, epoch: int, seq: int, ops: Sequence[str]) -> str:
    """Built by hand: this runs once for every read from the upstream."""
    return f'{{"type":"delta","turn":"{turn_id}","epoch":{epoch},"seq":{seq},"ops":[{",".join(ops)}]}}'


def conversation(row: Json, list_version: str) -> str:
    return encode({"type": "conversation", "conversation": row, "list_version": list_version})


def conversation_gone(conversation_id: str, list_version: str) -> str:
    return encode(
        {"type": "conversation_gone", "conversation": conversation_id, "list_version": list_version}
    )


def notice(conversation_id: str, turn_id: str, kind: str) -> str:
    return encode({"type": "notice", "conversation": conversation_id, "turn": turn_id, "kind": kind})


def draft(conversation_id: str, turn_id: str, action: Action, tab: str) -> str:
    return encode(
        {
            "type": "draft",
            "conversation": conversation_id,
            "turn": turn_id,
            "action": str(action.uuid),
            "draft": action.draft,
            "draft_version": action.draft_version,
            "tab": tab,
        }
    )


def question_draft(conversation_id: str | None, draft: Json, tab: str) -> str:
    return encode({"type": "question_draft", "conversation": conversation_id, "draft": draft, "tab": tab})


def ping(list_version: str) -> str:
    return encode({"type": "ping", "list_version": list_version})


def refused(conversation_id: str, reason: str = "not_found") -> str:
    return encode({"type": "refused", "conversation": conversation_id, "reason": reason})


def error(reason: str) -> str:
    return encode({"type": "error", "reason": reason})


def signed_out() -> str:
    return encode({"type": "signed_out"})
