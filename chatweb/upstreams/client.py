"""What the rest of the product may ask of an upstream, whatever it speaks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from .capabilities import Capabilities
from .errors import NotSupported, UpstreamError
from .event_stream import EventStream
from .events import Event, Message
from .http import HttpClient

if TYPE_CHECKING:
    from .assistants_calls import AssistantsUpstream
    from .cloud import CozeUpstream

__all__ = [
    "BotInfo",
    "Capabilities",
    "ConnectionSettings",
    "EventStream",
    "Flow",
    "FlowInfo",
    "HttpClient",
    "OAuthApp",
    "Place",
    "QuestionFile",
    "RunHistory",
    "Said",
    "Upstream",
    "UpstreamError",
    "open_upstream",
]


MOST_TO_BEGIN_WITH = 16  # messages of a new conversation (wire-chat 6.1)


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """`sign(session_name)` makes a signed JWT that may be used once; signing lives outside this package."""

    app_id: str
    sign: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """`key` tells connections apart in the token cache and changes with the credentials."""

    key: str
    dialect: str  # coze | studio | assistants
    base_url: str
    token: str = ""
    oauth: OAuthApp | None = None
    beta: str = ""  # value of the `OpenAI-Beta` header; "" sends none
    read_timeout_seconds: float = 600


@dataclass(frozen=True, slots=True)
class BotInfo:
    """A bot as the upstream describes it. Texts are hostile.

    `icon_url`: a remote address. `background`: {"web": {"url", "theme_color"}, "mobile": …}, without what is
    not there. `default_input_mode`: text | voice | call.
    """

    id: str
    name: str
    description: str = ""
    icon_url: str = ""
    prologue: str = ""
    suggested_questions: tuple[str, ...] = ()
    shortcut_commands: tuple[dict[str, Any], ...] = ()
    is_published: bool = True
    kind: str = "bot"  # bot | assistant
    background: dict[str, dict[str, str]] = field(default_factory=dict)
    default_input_mode: str = "text"


@dataclass(frozen=True, slots=True)
class Said:
    """A message that a new conversation begins with. `role`: user | assistant."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace: an id and what people call it."""

    id: str
    name: str
    description: str = ""
    icon_url: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A workflow or chatflow and where it runs: in an app or in a bot, never in both (wire-workflows 2.1)."""

    id: str
    app_id: str = ""
    bot_id: str = ""


@dataclass(frozen=True, slots=True)
class FlowInfo:
    """A workflow as the upstream describes it. Texts are hostile.

    `parameters`: JSON Schema (draft 2020-12) of what starts it; None when nothing does. Lists leave out
    parameters, prologue, suggested questions, background and input mode (as in BotInfo).
    """

    id: str
    name: str
    description: str = ""
    mode: str = "workflow"  # workflow | chatflow
    app_id: str = ""
    parameters: dict[str, Any] | None = None
    prologue: str = ""
    suggested_questions: tuple[str, ...] = ()
    icon_url: str = ""
    background: dict[str, dict[str, str]] = field(default_factory=dict)
    default_input_mode: str = "text"


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """An uploaded file that goes with a question. `kind`: image, audio, or anything else."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class RunHistory:
    """A run as its history tells it (wire-workflows 1.3): what it came to, and what its nodes said."""

    events: list[Event]
    messages: list[Message]  # oldest first; ids are the nodes', titles are what a stream calls them


class Upstream(ABC):
    """One connection. `user_id` is the person's opaque Coze identity, and the `session_name` of a token.

    Every method raises UpstreamError (errors.py); a call the dialect lacks raises NotSupported.
    """

    capabilities = Capabilities()

    @classmethod
    def capabilities_at(cls, beta: str) -> Capabilities:
        """What a connection with this setting has; most dialects have the same with any."""
        return cls.capabilities

    @abstractmethod
    async def create_conversation(self, user_id: str, bot_id: str, begins_with: Sequence[Said] = ()) -> str:
        """The id of a new conversation, empty but for at most MOST_TO_BEGIN_WITH messages, oldest first."""

    @abstractmethod
    def chat(
        self,
        *,
        user_id: str,
        bot_id: str,
        conversation_id: str,
        question: str,
        meta: Mapping[str, str],
        files: Sequence[QuestionFile] = (),
        parameters: Mapping[str, Any] | None = None,
        variables: Mapping[str, str] | None = None,
        shortcut: Mapping[str, Any] | None = None,
    ) -> AbstractAsyncContextManager[EventStream]:
        """Ask. Entering raises only Unreachable (nothing was sent); leaving closes the connection at once.

        `parameters` go to the bot's start node, `variables` into its prompt. `shortcut`: the
        `shortcut_command`, of which the upstream makes the question by itself (wire-chat 2).
        """

    def answer_asked(
        self,
        *,
        user_id: str,
        bot_id: str,
        conversation_id: str,
        question_id: str,
        meta: Mapping[str, str],
    ) -> AbstractAsyncContextManager[EventStream]:
        """Have a question answered that stands in the conversation and that nobody answers. As `chat`."""
        raise NotSupported("asking is one step here")

    @abstractmethod
    def submit(
        self, *, user_id: str, conversation_id: str, chat_id: str, outputs: Sequence[tuple[str, str]]
    ) -> AbstractAsyncContextManager[EventStream]:
        """Answer all tool calls of a round: (tool call id, output) in order. As `chat` otherwise."""

    @abstractmethod
    async def retrieve(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[Event]:
        """The chat as it stands: ChatStarted, and what it came to if it is over or waits."""

    @abstractmethod
    async def chat_messages(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[Message]:
        """What the chat produced, oldest first. Fails for a failed chat (wire-chat 5)."""

    @abstractmethod
    async def newest_messages(self, *, user_id: str, conversation_id: str, limit: int = 50) -> list[Message]:
        """Questions and answers of a conversation, newest first, with `meta` and `chat_id`."""

    @abstractmethod
    async def cancel(self, *, user_id: str, conversation_id: str, chat_id: str) -> None:
        """Stop a chat upstream. Raises AlreadyOver when there was nothing to stop."""

    async def run_steps(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[dict[str, Any]]:
        """What a run did, oldest first, as received: for operators."""
        raise NotSupported("no steps of runs here")

    # --- workflows and chatflows (wire-workflows 1 and 2) ----------------------------------------------

    def chatflow(
        self,
        *,
        user_id: str,
        flow: Flow,
        conversation_id: str,
        question: str,
        meta: Mapping[str, str],
        parameters: Mapping[str, Any],
        files: Sequence[QuestionFile] = (),
    ) -> AbstractAsyncContextManager[EventStream]:
        """Ask a chatflow, or answer it: any message is the answer (2.3). As `chat` otherwise."""
        raise NotSupported("no chatflows here")

    async def create_flow_conversation(
        self, user_id: str, flow: Flow, begins_with: Sequence[Said] = ()
    ) -> str:
        """The id of a new conversation with a chatflow. That of an app begins empty whatever is given."""
        raise NotSupported("no chatflows here")

    def run_workflow(
        self, *, user_id: str, flow: Flow, parameters: Mapping[str, Any], prefix: str
    ) -> AbstractAsyncContextManager[EventStream]:
        """Start a run, streamed. `prefix` tells this leg's bubbles from those of others."""
        raise NotSupported("no workflows here")

    def resume_workflow(
        self, *, user_id: str, flow: Flow, event_id: str, interrupt_type: int, answer: str, prefix: str
    ) -> AbstractAsyncContextManager[EventStream]:
        """Go on at an interrupt, streamed; its type is echoed as it was received (1.6)."""
        raise NotSupported("no workflows here")

    async def start_workflow(self, *, user_id: str, flow: Flow, parameters: Mapping[str, Any]) -> list[Event]:
        """Start a run in the background: ChatStarted(execute_id), or what it came to already."""
        raise NotSupported("no runs in the background here")

    async def resume_started(
        self, *, user_id: str, flow: Flow, event_id: str, interrupt_type: int, answer: str
    ) -> list[Event]:
        """Go on at an interrupt of a run that was started in the background."""
        raise NotSupported("no runs in the background here")

    async def run_history(self, *, user_id: str, flow: Flow, execute_id: str) -> RunHistory:
        """How a run goes: the only way to a run whose stream was lost."""
        raise NotSupported("no histories of runs here")

    async def flow(self, flow_id: str) -> FlowInfo:
        """A workflow with its start parameters and opening texts."""
        raise NotSupported("no description of workflows here")

    async def rename_conversation(self, *, user_id: str, conversation_id: str, name: str) -> None:
        raise NotSupported("no renaming here")

    async def clear_conversation(self, *, user_id: str, conversation_id: str) -> str:
        """Begin a new section; its id."""
        raise NotSupported("no clearing here")

    async def delete_conversation(self, *, user_id: str, conversation_id: str) -> None:
        raise NotSupported("no deleting here")

    async def delete_message(self, *, user_id: str, conversation_id: str, message_id: str) -> None:
        raise NotSupported("no deleting of messages here")

    async def feedback(
        self,
        *,
        user_id: str,
        conversation_id: str,
        message_id: str,
        kind: str,
        reasons: Sequence[str] = (),
        comment: str = "",
    ) -> None:
        """Rate an answer: `like`, `unlike`, or "" to take the rating back. The last one counts."""
        raise NotSupported("no feedback here")

    async def upload(self, *, name: str, content: bytes | BinaryIO, mime: str, user_id: str = "") -> str:
        """The id of a file, which is read as it is sent; only this connection's account may use it."""
        raise NotSupported("no files here")

    async def me(self) -> str:
        """A name for the owner of the token: the cheapest check of a connection."""
        raise NotSupported("no account to ask for here")

    async def workspaces(self) -> list[Place]:
        raise NotSupported("no workspaces here")

    async def bots(self, workspace_id: str) -> list[BotInfo]:
        """Published bots of a workspace, all pages."""
        raise NotSupported("no list of bots here")

    async def bot(self, bot_id: str) -> BotInfo:
        raise NotSupported("no description of bots here")

    async def workflows(self, workspace_id: str) -> list[FlowInfo]:
        """Published workflows and chatflows of a workspace, all pages."""
        raise NotSupported("no list of workflows here")


def capabilities_of(dialect: str, beta: str = "") -> Capabilities:
    """What a connection of this dialect has; nothing for a dialect without a client."""
    client = _clients().get(dialect)
    return client.capabilities_at(beta) if client else Capabilities()


def open_upstream(settings: ConnectionSettings, http: HttpClient) -> Upstream:
    """The upstream a connection describes. Raises NotSupported for a dialect without a client."""
    client = _clients().get(settings.dialect)
    if client is None:
        raise NotSupported(f"no client for the dialect {settings.dialect!r} yet")
    return client(settings, http)


def _clients() -> dict[str, type[CozeUpstream] | type[AssistantsUpstream]]:
    # Here, because the clients are made of this module.
    from .assistants_calls import AssistantsUpstream
    from .cloud import CozeUpstream
    from .studio import StudioUpstream

    return {"coze": CozeUpstream, "studio": StudioUpstream, "assistants": AssistantsUpstream}
