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


def waiting_chat(http: httpx.Client, text: str, bot: str = "Weather", **fields: Any) -> dict[str, Any]:
    """The chat object of a streamed chat that ends with requires_action."""
    events = ask(http, text, bot, **fields)
    assert names(events)[-2:] == ["chat.requires_action", "done"], names(events)
    return dict(events[-2][1])


def calls_of(chat: dict[str, Any]) -> list[dict[str, Any]]:
    return list(chat["required_action"]["submit_tool_outputs"]["tool_calls"])


def submit(
    http: httpx.Client, chat: dict[str, Any], outputs: dict[str, str], stream: bool = True
) -> httpx.Response:
    """`outputs` by call id, in the order they are sent."""
    given = [{"tool_call_id": call_id, "output": output} for call_id, output in outputs.items()]
    return http.post(
        "/v3/chat/submit_tool_outputs",
        params={"conversation_id": chat["conversation_id"], "chat_id": chat["id"]},
        json={"stream": stream, "tool_outputs": given},
    )


def submit_one(http: httpx.Client, chat: dict[str, Any], output: str) -> Events:
    """The only call of the round; the events of the leg that follows."""
    (call,) = calls_of(chat)
    return read_events(submit(http, chat, {call["id"]: output}).text)


def answer_text(events: Events) -> str:
    return "\n".join(each["content"] for each in completed(events, "answer"))
