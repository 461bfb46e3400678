"""Records as the service's JSON objects (wire-workflows 5.2). `is_old`: in the shape of v1."""

from __future__ import annotations

from typing import Any

from simulator.assistants.records import ThreadFile, ThreadMessage, ThreadRun
from simulator.assistants.refusals import run_error
from simulator.assistants.tools import tools_of
from simulator.bots.bot import Bot
from simulator.records import Conversation, File

MODEL = "simulated-1"
MADE_AT = 1_730_000_000  # seconds; the assistants are as old as that
ENDED = {"completed", "incomplete", "failed", "canceled", "expired"}


def spell(status: str) -> str:
    return "cancelled" if status == "canceled" else status


def assistant_object(bot: Bot, assistant_id: str, is_old: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "id": assistant_id,
        "object": "assistant",
        "created_at": MADE_AT,
        "name": bot.name,
        "description": bot.description,
        "model": MODEL,
        "instructions": bot.description,
        "tools": tools_of(assistant_id),
        "metadata": {},
    }
    if is_old:
        return result | {"file_ids": []}
    more = {"tool_resources": {}, "temperature": 1.0, "top_p": 1.0, "response_format": "auto"}
    return result | more


def thread_object(thread: Conversation, is_old: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "id": thread.id,
        "object": "thread",
        "created_at": thread.created_at,
        "metadata": thread.meta_data,
    }
    return result if is_old else result | {"tool_resources": {}}


def message_object(message: ThreadMessage, is_old: bool) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    if message.text or (not message.parts and message.status != "in_progress"):
        content.append({"type": "text", "text": {"value": message.text, "annotations": []}})
    result: dict[str, Any] = {
        "id": message.id,
        "object": "thread.message",
        "created_at": message.created_at,
        "thread_id": message.conversation_id,
        "role": message.role,
        "assistant_id": message.bot_id or None,
        "run_id": message.chat_id or None,
        "content": content + message.parts,
        "metadata": message.meta_data,
    }
    if is_old:
        return result | {"file_ids": [each["file_id"] for each in message.attachments]}
    is_cut = message.status == "incomplete"
    return result | {
        "status": message.status,
        "completed_at": message.completed_at or None,
        "incomplete_at": message.updated_at if is_cut else None,
        "incomplete_details": {"reason": message.incomplete_reason} if is_cut else None,
        "attachments": message.attachments,
    }


def run_object(run: ThreadRun, is_old: bool, status: str = "") -> dict[str, Any]:
    """`status` for an event that tells of an earlier state than the record's."""
    status = status or run.status
    failed = {"code": run_error(run.error_code), "message": run.error_msg} if status == "failed" else None
    result: dict[str, Any] = {
        "id": run.id,
        "object": "thread.run",
        "created_at": run.created_at,
        "assistant_id": run.bot_id,
        "thread_id": run.conversation_id,
        "status": spell(status),
        "started_at": run.started_at or None,
        "expires_at": None if status in ENDED else int(run.expires_at),
        "cancelled_at": (run.completed_at or None) if status == "canceled" else None,
        "failed_at": (run.failed_at or None) if status == "failed" else None,
        "completed_at": (run.completed_at or None) if status in {"completed", "incomplete"} else None,
        "last_error": failed,
        "model": MODEL,
        "instructions": run.instructions,
        "tools": tools_of(run.bot_id),
        "metadata": run.meta_data,
        "required_action": _required_action(run) if status == "requires_action" else None,
    }
    return result | ({"file_ids": []} if is_old else _newer(run, status))


def _required_action(run: ThreadRun) -> dict[str, Any]:
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": run.calls}}


def _newer(run: ThreadRun, status: str) -> dict[str, Any]:
    is_cut = status == "incomplete"
    return {
        "usage": usage(run.input_count, run.output_count) if status in ENDED else None,
        "incomplete_details": {"reason": run.incomplete_reason} if is_cut else None,
        "max_completion_tokens": run.most_output or None,
        "max_prompt_tokens": None,
        "temperature": 1.0,
        "top_p": 1.0,
        "truncation_strategy": {"type": "auto", "last_messages": None},
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "response_format": "auto",
    }


def usage(incoming: int, outgoing: int) -> dict[str, int]:
    return {
        "prompt_tokens": incoming,
        "completion_tokens": outgoing,
        "total_tokens": incoming + outgoing,
    }


def step_object(run: ThreadRun, step: dict[str, Any], is_old: bool) -> dict[str, Any]:
    """`usage` of a step is the run's when it is over: one message, one model call."""
    status, ended = step["status"], step["ended_at"] or None
    error = {"code": "server_error", "message": run.error_msg} if status == "failed" else None
    result: dict[str, Any] = {
        "id": step["id"],
        "object": "thread.run.step",
        "created_at": step["created_at"],
        "run_id": run.id,
        "assistant_id": run.bot_id,
        "thread_id": run.conversation_id,
        "type": step["type"],
        "status": spell(status),
        "completed_at": ended if status == "completed" else None,
        "cancelled_at": ended if status == "canceled" else None,
        "failed_at": ended if status == "failed" else None,
        "expired_at": ended if status == "expired" else None,
        "last_error": error,
        "step_details": {"type": step["type"], step["type"]: step["details"]},
        "metadata": {},
    }
    if is_old:
        return result
    return result | {
        "usage": None if status == "in_progress" else usage(run.input_count, step["output_count"])
    }


def file_object(file: File) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.bytes,
        "created_at": file.created_at,
        "filename": file.file_name,
        "purpose": file.purpose if isinstance(file, ThreadFile) else "assistants",
        "status": "processed",
        "status_details": None,
    }


def deleted(record_id: str, kind: str) -> dict[str, Any]:
    return {"id": record_id, "object": kind, "deleted": True}
