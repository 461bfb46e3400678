"""The one vocabulary. Every dialect (Coze chat, workflow, Studio, Assistants) becomes these few events.

Source of the mapping: wire-workflows 5.6. Everything here is plain data: no I/O, no Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# `Message.type` of a card or JSON that only repeats an open question: kept, never shown (wire-workflows 3.2).
ASKING = "asking"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a leg as the upstream counted them."""

    token_count: int = 0
    input_count: int = 0
    output_count: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One typed field of an input form (wire-workflows 3.3). `default` stays as received.

    `schema`: elements of an array or properties of an object, as received.
    """

    type: str = "string"
    required: bool = False
    description: str = ""
    default: Any = None
    schema: Any = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that waits for an output. `arguments` is the raw string, parsable or not."""

    id: str
    type: str
    name: str
    arguments: str
    require: tuple[str, ...] = ()  # facts to collect, for example "coordinates"
    interrupt_type: int | None = None  # of a workflow: echo back as received (wire-workflows 1.6)
    title: str = ""  # of the workflow node that calls


@dataclass(frozen=True, slots=True)
class Question:
    """A question or input node, or a sign-in. `id` is what must be echoed, "" where the wire has none."""

    id: str
    text: str
    options: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    interrupt_type: int | None = None  # echo back as received (wire-workflows 1.6)
    link: str = ""  # where to sign in
    title: str = ""  # of the workflow node that asks


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the upstream holds it (wire-chat 3.3)."""

    id: str
    type: str  # question answer function_call tool_response follow_up knowledge verbose …
    content: str
    content_type: str = "text"
    role: str = "assistant"
    reasoning: str = ""
    chat_id: str = ""
    created_at: int = 0  # seconds; 0 when unknown
    meta: Mapping[str, str] = field(default_factory=dict)
    title: str = ""  # of the workflow node that speaks
    is_cut_off: bool = False  # it broke off: Assistants' `incomplete`


@dataclass(frozen=True, slots=True)
class Received:
    """A raw event for the operators' log: every one but the deltas. Comes before what it means."""

    name: str
    data: str


@dataclass(frozen=True, slots=True)
class ChatStarted:
    """Also sent for `in_progress`; ids the upstream left out are ""."""

    chat_id: str = ""
    conversation_id: str = ""
    section_id: str = ""
    execute_id: str = ""
    question_id: str = ""
    usage: Usage | None = None  # of a chat that was asked for; a stream's first zeros are left out


@dataclass(frozen=True, slots=True)
class Delta:
    """A fragment of one message. `type` is nearly always "answer"."""

    message_id: str
    text: str = ""
    reasoning: str = ""
    type: str = "answer"
    title: str = ""


@dataclass(frozen=True, slots=True)
class MessageDone:
    """The whole message; its content wins over the joined deltas unless it is empty where they were not."""

    message: Message


@dataclass(frozen=True, slots=True)
class ActionRequired:
    """The leg is over and waits for a person: outputs for `calls`, or answers to `questions`.

    `expires_at`: until when the upstream waits, Unix time in seconds; 0 where it does not say.
    """

    calls: tuple[ToolCall, ...] = ()
    questions: tuple[Question, ...] = ()
    usage: Usage | None = None
    expires_at: int = 0


@dataclass(frozen=True, slots=True)
class ChatDone:
    usage: Usage | None = None
    is_cut_off: bool = False  # Assistants' `incomplete`


@dataclass(frozen=True, slots=True)
class ChatFailed:
    """`is_error`: an `error` event, an error envelope or an unusable answer rather than chat.failed.
    `code` as received: Studio's chatflow sends digits as a string (wire-supplement 40), OAuth words;
    compare `str(code)`. None when unknown. `is_expired`: the upstream waited long enough."""

    code: int | str | None
    msg: str
    is_error: bool = False
    usage: Usage | None = None
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class ChatCanceled:
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class RunOutput:
    """What a workflow run put out in the end, unwrapped as people should see it (wire-workflows 1.2)."""

    text: str


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """The upstream's own end mark (`done`), not the end of the body."""

    debug_url: str = ""


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event nobody knows. Kept for the log, never fatal."""

    name: str
    data: str


Event = (
    Received
    | ChatStarted
    | Delta
    | MessageDone
    | ActionRequired
    | ChatDone
    | ChatFailed
    | ChatCanceled
    | RunOutput
    | StreamEnd
    | Ping
    | Unknown
)
