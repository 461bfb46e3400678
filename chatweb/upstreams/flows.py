"""The cloud's calls of workflows and chatflows (wire-workflows 1 to 3, wire-supplement 2 and 3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any
from uuid import uuid4

from .bodies import content_of
from .body import BodyReader
from .channel import Channel
from .client import Flow, QuestionFile, RunHistory, Said, Upstream
from .errors import Missing, Refused, Unusable
from .event_stream import EventStream
from .events import Event
from .histories import read_history, run_in, trimmed_nodes
from .reading import open_body
from .runs import read_run_body
from .sending import place_of, question_message, quoted
from .values import ident, mapping, text_of
from .workflow import WorkflowReader

CHAT_BODY = partial(open_body, "coze", "chat")
API_CONNECTOR = "1024"  # conversations are kept apart by channel: this is the API's (seed 002)
MOST_NODES = 100  # asked for one by one


class FlowCalls(Upstream):
    """The part of a Coze client that runs flows; the rest is CozeUpstream's."""

    _channel: Channel
    _flow_conversation_path = "/v1/conversation/create"

    # --- chatflows ---------------------------------------------------------------------------------

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
        body = {
            "workflow_id": flow.id,
            **place_of(flow),
            **({"conversation_id": conversation_id} if conversation_id else {}),
            "additional_messages": [question_message(question, meta, files)],
            "parameters": dict(parameters),
            "ext": {"user_id": user_id, "enable_card": "true"},  # questions come with their options
        }
        return self._channel.stream("/v1/workflows/chat", CHAT_BODY, user_id=user_id, json=body)

    async def create_flow_conversation(
        self, user_id: str, flow: Flow, begins_with: Sequence[Said] = ()
    ) -> str:
        if not flow.app_id:
            return await self.create_conversation(user_id, flow.bot_id, begins_with)
        # An app knows its conversations by name: one nobody has is a new conversation. Without
        # get_or_create Studio empties the one of that name instead of making it.
        body = {
            "app_id": flow.app_id,
            "workflow_id": flow.id,
            "conversation_name": uuid4().hex,
            "get_or_create": True,
            "draft_mode": False,
            "connector_id": API_CONNECTOR,
        }
        answer = await self._channel.ask("POST", self._flow_conversation_path, user_id=user_id, json=body)
        return conversation_in(answer)

    # --- workflows ---------------------------------------------------------------------------------

    def run_workflow(
        self, *, user_id: str, flow: Flow, parameters: Mapping[str, Any], prefix: str
    ) -> AbstractAsyncContextManager[EventStream]:
        return self._channel.stream(
            "/v1/workflow/stream_run",
            partial(run_body, prefix),
            user_id=user_id,
            json=_start(user_id, flow, parameters),
        )

    def resume_workflow(
        self, *, user_id: str, flow: Flow, event_id: str, interrupt_type: int, answer: str, prefix: str
    ) -> AbstractAsyncContextManager[EventStream]:
        return self._channel.stream(
            "/v1/workflow/stream_resume",
            partial(run_body, prefix),
            user_id=user_id,
            json=_resume(flow, event_id, interrupt_type, answer),
        )

    async def start_workflow(self, *, user_id: str, flow: Flow, parameters: Mapping[str, Any]) -> list[Event]:
        body = _start(user_id, flow, parameters) | {"is_async": True}
        answer = await self._channel.ask("POST", "/v1/workflow/run", user_id=user_id, json=body)
        return read_run_body(answer, 200)

    async def resume_started(
        self, *, user_id: str, flow: Flow, event_id: str, interrupt_type: int, answer: str
    ) -> list[Event]:
        body = _resume(flow, event_id, interrupt_type, answer)
        said = await self._channel.ask("POST", "/v1/workflows/resume", user_id=user_id, json=body)
        return read_run_body(said, 200)

    async def run_history(self, *, user_id: str, flow: Flow, execute_id: str) -> RunHistory:
        path = f"/v1/workflows/{quoted(flow.id)}/run_histories/{quoted(execute_id)}"
        body = await self._channel.ask("GET", path, user_id=user_id, is_repeatable=True)
        run = known_run(body)
        nodes = list(trimmed_nodes(run).items())[:MOST_NODES]
        whole = {
            title: await self._node_output(user_id, f"{path}/execute_nodes/{quoted(uuid)}")
            for title, uuid in nodes
        }
        return read_history(run, whole)

    async def _node_output(self, user_id: str, path: str) -> str:
        try:
            body = await self._channel.ask("GET", path, user_id=user_id, is_repeatable=True)
        except Refused:
            return ""  # kept for a day only: what the run came to is still worth telling
        return text_of(mapping(content_of(body)).get("node_output"))


def conversation_in(answer: Any) -> str:
    """The id of a conversation that was made."""
    conversation_id = ident(mapping(content_of(answer)).get("id"))
    if not conversation_id:
        raise Unusable("a conversation without an id", http_status=200)
    return conversation_id


def known_run(body: Any) -> dict[str, Any]:
    run = run_in(body)
    if not run:
        raise Missing("the upstream knows no such run", http_status=200)
    return run


def run_body(prefix: str, http_status: int, content_type: str) -> BodyReader:
    return BodyReader(
        WorkflowReader(prefix), read_run_body, http_status=http_status, content_type=content_type
    )


def _start(user_id: str, flow: Flow, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "workflow_id": flow.id,
        **place_of(flow),
        "parameters": dict(parameters),
        "ext": {"user_id": user_id},
    }


def _resume(flow: Flow, event_id: str, interrupt_type: int, answer: str) -> dict[str, Any]:
    return {
        "workflow_id": flow.id,
        "event_id": event_id,
        "interrupt_type": interrupt_type,
        "resume_data": answer,
    }
