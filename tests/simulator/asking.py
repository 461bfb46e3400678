"""Questions to the simulator in one line, and its streams as lists."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.simulator.process import BOT_IDS

Events = list[tuple[str, Any]]


def body(text: str, bot: str = "Echo", **fields: Any) -> dict[str, Any]:
    message = {"role": "user", "type": "question", "content_type": "text", "content": text}
    return {
        "bot_id": BOT_IDS[bot],
        "user_id": "u1",
        "stream": True,
        "additional_messages": [message],
        **fields,
    }


def read_events(text: str) -> Events:
    """The frames of a plainly spelled stream; `data` parsed where it is JSON."""
    events = []
    for frame in text.split("\n\n"):
        fields = dict(line.split(":", 1) for line in frame.split("\n") if line)
        if "event" in fields:
            events.append((fields["event"].strip(), json.loads(fields["data"])))
    return events


def ask(http: httpx.Client, text: str, bot: str = "Echo", conversation_id: str = "", **fields: Any) -> Events:
    params = {"conversation_id": conversation_id} if conversation_id else {}
    content = json.dumps(body(text, bot, **fields))  # httpx's own JSON refuses lone surrogates
    answer = http.post("/v3/chat", content=content, params=params)
    assert answer.headers["content-type"].startswith("text/event-stream"), answer.text
    return read_events(answer.text)


def begin(http: httpx.Client, text: str, bot: str = "Echo", conversation_id: str = "") -> dict[str, Any]:
    """A chat without a stream; its object."""
    params = {"conversation_id": conversation_id} if conversation_id else {}
    answer = http.post("/v3/chat", json=body(text, bot, stream=False), params=params).json()
    assert answer["code"] == 0, answer
    return dict(answer["data"])


def names(events: Events) -> list[str]:
    return [name.removeprefix("conversation.") for name, _ in events]


def deltas(events: Events, key: str = "content") -> list[str]:
    return [data[key] for name, data in events if name == "conversation.message.delta" and data.get(key)]


def completed(events: Events, kind: str) -> list[dict[str, Any]]:
    return [
        data for name, data in events if name == "conversation.message.completed" and data["type"] == kind
    ]


def new_conversation(http: httpx.Client, **fields: Any) -> str:
    return str(http.post("/v1/conversation/create", json=fields).json()["data"]["id"])


def code_of(answer: httpx.Response) -> int:
    return int(answer.json()["code"])
