"""What the simulator remembers, as plain records. Every field can be written to JSON (`journal.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FINAL = {"completed", "failed", "canceled", "expired", "incomplete"}


@dataclass(slots=True)
class Conversation:
    """`owner` is who may see it: the account, and the session_name of an OAuth token."""

    id: str
    owner: str
    section_id: str
    created_at: int
    updated_at: int
    bot_id: str = ""
    connector_id: str = "1024"
    name: str = ""
    meta_data: dict[str, str] = field(default_factory=dict)
    app_id: str = ""
    workflow_id: str = ""
    user_id: str = ""  # Studio keeps people apart by it
    script: dict[str, Any] | None = None  # what a question that waits for words keeps, see `answering.py`


@dataclass(slots=True)
class Chat:
    """`status` as on the wire. `calls` are tool calls that wait, `memory` is the bot's own between legs."""

    id: str
    conversation_id: str
    section_id: str
    bot_id: str
    owner: str
    user_id: str
    created_at: int
    question: str = ""
    status: str = "in_progress"
    completed_at: int = 0
    failed_at: int = 0
    error_code: int = 0
    error_msg: str = ""
    input_count: int = 0
    output_count: int = 0
    calls: list[dict[str, Any]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    meta_data: dict[str, str] = field(default_factory=dict)
    inserted: list[str] = field(default_factory=list)  # ids of the saved question messages
    context: list[str] = field(default_factory=list)  # ids of the messages the model was shown
    is_saved: bool = True
    is_other_client: bool = False
    workflow_id: str = ""
    execute_id: str = ""
    enable_card: bool = False
    answers: str = ""  # id of the chat whose question this one's message answered
    submits: list[dict[str, Any]] = field(default_factory=list)  # all that were tried, see `answering.py`

    @property
    def is_occupying(self) -> bool:
        """Holds its conversation (4016): running, or waiting for tool outputs. A question does not: the next
        message answers it."""
        return self.status == "in_progress" or (self.status == "requires_action" and self.waits_for_outputs)

    @property
    def waits_for_outputs(self) -> bool:
        return any(call["type"] != "reply_message" for call in self.calls)


@dataclass(slots=True)
class Message:
    id: str
    conversation_id: str
    section_id: str
    role: str
    type: str
    content: str
    created_at: int
    updated_at: int
    content_type: str = "text"
    chat_id: str = ""
    bot_id: str = ""
    reasoning: str = ""
    meta_data: dict[str, str] = field(default_factory=dict)
    feedback: dict[str, Any] | None = None


@dataclass(slots=True)
class File:
    id: str
    owner: str
    file_name: str
    bytes: int
    sha256: str
    created_at: int


@dataclass(slots=True)
class Token:
    """A bearer token. `bot_ids` None: all bots. `expires_at` 0: never."""

    id: str
    owner: str
    expires_at: int = 0
    bot_ids: list[str] | None = None


@dataclass(slots=True)
class Variable:
    id: str  # JSON of owner, connector_id, connector_uid, bot or app id, keyword
    scope: str
    keyword: str
    value: str
    create_time: int
    update_time: int


@dataclass(slots=True)
class Run:
    """One execution of a workflow; `id` is the execute_id. `interrupt` is what it waits for."""

    id: str
    workflow_id: str
    owner: str
    user_id: str
    mode: int  # 0 sync, 1 stream, 2 async
    created_at: int
    updated_at: int
    bot_id: str = "0"
    status: str = "Running"
    log_id: str = ""
    memory: dict[str, Any] = field(default_factory=dict)
    interrupt: dict[str, Any] | None = None
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)  # title -> id, uuid, text, at
    input_count: int = 0
    output_count: int = 0
    error_code: str = ""
    error_msg: str = ""
    said: str = ""  # the start parameters as text: their directives hold for the resumes as well
    submits: list[dict[str, Any]] = field(default_factory=list)  # all that were tried, see `answering.py`


Record = Conversation | Chat | Message | File | Token | Variable | Run
