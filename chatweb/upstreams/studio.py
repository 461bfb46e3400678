"""Coze Studio, self-hosted: the cloud's calls without those it lacks (wire-chat 10, wire-supplement 3.4).

Its other keys and statuses are read by the same readers; here is only what has to be asked differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import uuid4

from .asked import needs_words, waiting_instead, with_words
from .client import BotInfo, Capabilities, Flow, FlowInfo, Place, QuestionFile, RunHistory
from .cloud import CozeUpstream
from .errors import Busy, NotSupported, Refused, TokenRefused
from .event_stream import EventStream
from .events import ChatDone, ChatFailed, Event
from .flows import API_CONNECTOR, known_run
from .histories import read_history
from .values import whole_number

NO_BOT = "1"
UNSET, BACKGROUND = "<UNSET>", 2
WAITS_UNSEEN = 6039  # what Studio says when a run that answers at once asks something
NOT_FOUND = 404


class StudioUpstream(CozeUpstream):
    # Lists of messages do not carry the meta_data a question was sent with, as far as anybody knows.
    capabilities = Capabilities(
        cancels=True,
        forgets_canceled=True,
        retrieves=True,
        renames=True,
        clears=True,
        deletes=True,
        uploads=True,
        has_reasoning=True,
        streams_workflows=True,
        runs_in_background=True,
        has_histories=True,
        has_chatflows=True,
    )

    def submit(
        self, *, user_id: str, conversation_id: str, chat_id: str, outputs: Sequence[tuple[str, str]]
    ) -> AbstractAsyncContextManager[EventStream]:
        raise NotSupported("Coze Studio has no client-side tools")

    async def _with_words(
        self, events: list[Event], user_id: str, conversation_id: str, chat_id: str
    ) -> list[Event]:
        """Studio calls a chat completed that waits for an answer: only its messages tell."""
        if not needs_words(events) and not any(isinstance(event, ChatDone) for event in events):
            return events
        messages = await self.chat_messages(user_id=user_id, conversation_id=conversation_id, chat_id=chat_id)
        return waiting_instead(with_words(events, messages), messages)

    def _new_conversation(self, user_id: str, bot_id: str) -> dict[str, Any]:
        # Without it everybody's conversations share one list (coze-studio PR 2438).
        return {"bot_id": bot_id, "user_id": user_id}

    async def delete_message(self, *, user_id: str, conversation_id: str, message_id: str) -> None:
        raise NotSupported("Coze Studio does not delete single messages")

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
        raise NotSupported("Coze Studio takes no feedback")

    async def me(self) -> str:
        """Nobody's name: there is no such call. A bot that cannot be is asked for, for the token's sake."""
        try:
            await self.bot(NO_BOT)
        except (TokenRefused, Busy):
            raise
        except Refused as error:
            if error.http_status == NOT_FOUND:  # no Studio, whatever it is
                raise
        return ""

    async def workspaces(self) -> list[Place]:
        raise NotSupported("Coze Studio lists no workspaces")

    async def bots(self, workspace_id: str) -> list[BotInfo]:
        raise NotSupported("Coze Studio lists no bots")

    async def workflows(self, workspace_id: str) -> list[FlowInfo]:
        raise NotSupported("Coze Studio lists no workflows")

    async def flow(self, flow_id: str) -> FlowInfo:
        # Without a channel Studio fails for the flows of an app.
        return await self._catalog.flow(flow_id, {"connector_id": API_CONNECTOR})

    # --- flows -------------------------------------------------------------------------------------

    _flow_conversation_path = "/v1/workflow/conversation/create"

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
        if not conversation_id:
            # Studio wants a name for what it then makes. Everybody shares the token and so the names:
            # only one that nobody has is nobody else's conversation.
            parameters = {**parameters, "CONVERSATION_NAME": uuid4().hex}
        return super().chatflow(
            user_id=user_id,
            flow=flow,
            conversation_id=conversation_id,
            question=question,
            meta=meta,
            parameters=parameters,
            files=files,
        )

    async def resume_started(
        self, *, user_id: str, flow: Flow, event_id: str, interrupt_type: int, answer: str
    ) -> list[Event]:
        raise NotSupported("Coze Studio goes on with streamed runs only")

    async def run_history(self, *, user_id: str, flow: Flow, execute_id: str) -> RunHistory:
        body = await self._channel.ask(
            "GET",
            "/v1/workflow/get_run_history",
            user_id=user_id,
            is_repeatable=True,
            params={"workflow_id": flow.id, "execute_id": execute_id},
        )
        run = known_run(body)
        history = read_history(run)
        # A run that waits has no status, and nobody is told what for (wire-workflows 1.3): one that was
        # started in the background waits for ever.
        if run.get("execute_status") == UNSET and whole_number(run.get("run_mode")) == BACKGROUND:
            waits = ChatFailed(WAITS_UNSEEN, "the run waits for an answer that Coze Studio does not ask for")
            return RunHistory([*history.events, waits], history.messages)
        return history
