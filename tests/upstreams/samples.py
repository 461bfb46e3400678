"""Response bodies as servers send them, and what the library must conclude from each.

Sources: wire-chat 11, wire-supplement 4, wire-workflows 7 (S1 to S17) and the seeds. `expected` holds the
keys of `manage.py replay` that the sample is about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from chatweb.turns.transcript import Json, Recording, transcribe

CHAT, CONVERSATION = "7101", "7001"


@dataclass(frozen=True)
class Sample:
    body: bytes
    expected: Json
    dialect: str = "coze"
    call: str = "chat"
    http_status: int = 200
    content_type: str = "text/event-stream"
    tags: frozenset[str] = field(default_factory=frozenset)

    def replay(self, body: bytes | None = None, chunk: int = 65536) -> Json:
        recording = Recording(self.dialect, self.call, self.http_status, self.content_type, chunk)
        return transcribe(self.body if body is None else body, recording)


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def frame(name: str, data: Any, id_: int | None = None, blank: str = " ") -> str:
    text = data if isinstance(data, str) else dumps(data)
    number = "" if id_ is None else f"id:{blank}{id_}\n"
    return f"{number}event:{blank}{name}\ndata:{blank}{text}\n\n"


def chat(name: str, **more: Any) -> str:
    base = {"id": CHAT, "conversation_id": CONVERSATION, "status": more.pop("status", name)}
    return frame(f"conversation.chat.{name}", base | more)


def message(kind: str, id_: str, content: Any, type_: str = "answer", **more: Any) -> str:
    base = {"id": id_, "conversation_id": CONVERSATION, "chat_id": CHAT, "role": "assistant"}
    base |= {"type": type_, "content": content, "content_type": more.pop("content_type", "text")}
    return frame(f"conversation.message.{kind}", base | more)


def delta(id_: str, content: Any, **more: Any) -> str:
    return message("delta", id_, content, **more)


def whole(id_: str, content: Any, type_: str = "answer", **more: Any) -> str:
    return message("completed", id_, content, type_, **more)


def verbose(id_: str, msg_type: str, data: str = "") -> str:
    return whole(id_, dumps({"msg_type": msg_type, "data": data, "from_module": None}), "verbose")


def envelope(data: Any, code: int = 0, msg: str = "") -> bytes:
    return dumps({"code": code, "msg": msg, "data": data}).encode()


def chat_object(status: str, **more: Any) -> Json:
    return {"id": CHAT, "conversation_id": CONVERSATION, "bot_id": "1", "status": status, **more}


def calls(*tool_calls: Json) -> Json:
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": list(tool_calls)}}


def function_call(id_: str, arguments: str, **more: Any) -> Json:
    function = {"name": "get_rain_probability", "arguments": arguments}
    return {"id": id_, "type": "function", "function": function, "require_info": None, **more}


ZEROS = {"token_count": 0, "output_count": 0, "input_count": 0}
REPLY = calls({"id": "", "type": "reply_message", "function": None, "require_info": None})
STARTED = chat("created") + chat("in_progress")
DONE = frame("done", '"[DONE]"')
USAGE = {"token_count": 7, "input_count": 3, "output_count": 4}
OPTION = {
    "type": "question",
    "content_type": "option",
    "content": {"options": [{"name": "Paris"}, {"name": "Rome"}], "question": "Which city?"},
    "id": "118742_0",
}
OPTION_QUESTION = {"id": "", "text": "Which city?", "options": ["Paris", "Rome"], "fields": {}}
FORM_SCHEMA = [
    {"type": "string", "name": "city", "required": True},
    {"type": "string", "name": "when", "assistType": 10000},
    {"type": "list", "name": "tags", "schema": {"type": "string"}},
]


def form_field(type_: str, required: bool = False, description: str = "", default: Any = None) -> Json:
    return {"type": type_, "required": required, "description": description, "default": default}


FORM_FIELDS = {
    "city": form_field("string", required=True),
    "when": form_field("time"),
    "tags": form_field("array"),
}
CARD = dumps(
    {
        "card_type": 3,
        "response_type": "card",
        "template_id": 7383997384420262000,
        "data": dumps({"rootID": "root"}),
        "x_properties": {
            "workflow_card_info": dumps(
                {
                    "card_type": "QUESTION",
                    "question_card_data": {
                        "Title": "Which city?",
                        "Options": [{"name": "Paris"}, {"name": "Rome"}],
                    },
                }
            )
        },
    }
)
