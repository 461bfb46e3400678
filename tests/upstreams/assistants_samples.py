"""Bodies of Assistants-style services (wire-workflows 5, S16, S17; seed 004)."""

from __future__ import annotations

from typing import Any

from .samples import Json, Sample, dumps, frame

IDS = {"id": "run_1", "object": "thread.run", "thread_id": "thread_1"}
CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"location":"Oslo"}'},
}
WAITS = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": [CALL]}}
TOOL_CALLS = [{"id": "call_1", "type": "function", "name": "get_weather", "arguments": '{"location":"Oslo"}'}]


def run(status: str, **more: Any) -> Json:
    return {**IDS, "status": status, "last_error": None, **more}


def text(value: str) -> list[Json]:
    return [{"type": "text", "text": {"value": value, "annotations": []}}]


def delta(value: str) -> str:
    return frame(
        "thread.message.delta", {"id": "msg_1", "delta": {"content": [{"index": 0, **text(value)[0]}]}}
    )


CREATED = frame("thread.run.created", run("queued")) + frame("thread.run.step.created", {"id": "step_1"})
DONE = frame("done", "[DONE]")

STREAMS: dict[str, tuple[str, Json]] = {
    "S17: an answer": (
        CREATED
        + frame("thread.message.created", {"id": "msg_1"})
        + delta("28 ")
        + delta("C.")
        + frame("thread.message.completed", {"id": "msg_1", "role": "assistant", "content": text("28 C.")})
        + frame("thread.run.completed", run("completed", usage={"prompt_tokens": 20, "completion_tokens": 3}))
        + DONE,
        {
            "status": "completed",
            "answers": ["28 C."],
            "chat_id": "run_1",
            "conversation_id": "thread_1",
            "usage": {"token_count": 23, "input_count": 20, "output_count": 3},
            "unknown_events": 0,
        },
    ),
    "waits": (
        CREATED + frame("thread.run.requires_action", run("requires_action", required_action=WAITS)) + DONE,
        {"status": "requires_action", "tool_calls": TOOL_CALLS},
    ),
    "cut off by its limits": (
        CREATED + delta("28") + frame("thread.run.incomplete", run("incomplete")),
        {"status": "completed", "answers": ["28"]},
    ),
    "error": (
        CREATED + frame("error", {"error": {"message": "x", "type": "server_error", "code": None}}),
        {"status": "error", "error": {"code": None, "msg": "x"}},
    ),
    "bare error": (
        frame("error", {"message": "x", "code": "rate_limit_exceeded"}),
        {"status": "error", "error": {"code": "rate_limit_exceeded", "msg": "x"}},
    ),
    "unknown event": (CREATED + frame("thread.foo", {}), {"status": "lost", "unknown_events": 1}),
    "cancelled": (
        CREATED
        + frame("thread.run.cancelling", run("cancelling"))
        + frame("thread.run.cancelled", run("cancelled")),
        {"status": "canceled"},
    ),
}
BODIES: dict[str, tuple[str, int, Any, Json]] = {
    "S16: queued": ("chat", 200, run("queued"), {"status": "in_progress", "chat_id": "run_1"}),
    "S16: waits": (
        "retrieve",
        200,
        run("requires_action", required_action=WAITS),
        {"status": "requires_action", "tool_calls": TOOL_CALLS},
    ),
    "S16: submitted": ("submit", 200, run("queued"), {"status": "in_progress"}),
    "S16: failed": (
        "retrieve",
        200,
        run("failed", last_error={"code": "server_error", "message": "down"}),
        {"status": "failed", "error": {"code": "server_error", "msg": "down"}},
    ),
    "S16: expired": ("retrieve", 200, run("expired"), {"status": "failed"}),
    "S16: cancelling": ("cancel", 200, run("cancelling"), {"status": "in_progress"}),
    "S16: messages": (
        "messages",
        200,
        {
            "object": "list",
            "data": [
                {"id": "msg_2", "created_at": 2, "role": "assistant", "content": text("28 C.")},
                {"id": "msg_1", "created_at": 1, "role": "user", "content": text("How warm?")},
            ],
        },
        {"status": None, "answers": ["28 C."]},
    ),
    "S16: the thread is locked": (
        "chat",
        400,
        {"error": {"message": "Can't add messages", "type": "invalid_request_error", "code": None}},
        {"status": "error", "error": {"code": None, "msg": "Can't add messages"}},
    ),
    "a relay's error": ("chat", 429, {"message": "slow down"}, {"status": "error"}),
}
ASSISTANTS_SAMPLES = {
    name: Sample(body.encode(), expected, dialect="assistants") for name, (body, expected) in STREAMS.items()
} | {
    name: Sample(dumps(body).encode(), expected, "assistants", call, status, "application/json")
    for name, (call, status, body, expected) in BODIES.items()
}
