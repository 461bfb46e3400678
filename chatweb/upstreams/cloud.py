"""The calls of the Coze cloud (wire-chat 2 to 9); those of workflows and chatflows are in `flows`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, BinaryIO

from .asked import needs_words, with_words
from .bodies import content_of, in_order, read_coze_body, read_messages
from .catalog import Catalog
from .channel import Channel
from .client import BotInfo, Capabilities, ConnectionSettings, FlowInfo, Place, QuestionFile, Said
from .errors import Unusable
from .event_stream import EventStream
from .events import Event, Message
from .flows import CHAT_BODY, FlowCalls, conversation_in
from .http import HttpClient
from .sending import entered_message, question_message, quoted
from .values import ident, mapping

LARGEST_PAGE = 50
NAME_CHARACTERS = 100
COMMENT_CHARACTERS = 250
REASON_CHARACTERS, MOST_REASONS = 30, 10


class CozeUpstream(FlowCalls):
    capabilities = Capabilities(
        submits_outputs=True,
        cancels=True,
        forgets_canceled=True,
        retrieves=True,
        finds_by_meta=True,
        renames=True,
        clears=True,
        deletes=True,
        deletes_messages=True,
        has_feedback=True,
        uploads=True,
        lists_bots=True,
        lists_workflows=True,
        lists_workspaces=True,
        has_reasoning=True,
        speaks_chatflow_json=True,
        streams_workflows=True,
        runs_in_background=True,
        has_histories=True,
        has_chatflows=True,
        begins_with_messages=True,
    )

    def __init__(self, settings: ConnectionSettings, http: HttpClient) -> None:
        self._channel = Channel(settings, http)
        self._catalog = Catalog(self._channel)

    # --- chats -------------------------------------------------------------------------------------

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
        body = {
            "bot_id": bot_id,
            "user_id": user_id,
            "stream": True,
            "auto_save_history": True,
            "enable_card": True,  # questions come with their options (wire-workflows 3.2)
            # A shortcut command is made into the last message upstream; ours would be a second question.
            "additional_messages": [] if shortcut else [question_message(question, meta, files)],
            **({"parameters": dict(parameters)} if parameters else {}),
            **({"custom_variables": dict(variables)} if variables else {}),
            **({"shortcut_command": dict(shortcut)} if shortcut else {}),
        }
        params = {"conversation_id": conversation_id} if conversation_id else {}
        return self._channel.stream("/v3/chat", CHAT_BODY, user_id=user_id, params=params, json=body)

    def submit(
        self, *, user_id: str, conversation_id: str, chat_id: str, outputs: Sequence[tuple[str, str]]
    ) -> AbstractAsyncContextManager[EventStream]:
        given = [{"tool_call_id": id_, "output": output} for id_, output in outputs]
        return self._channel.stream(
            "/v3/chat/submit_tool_outputs",
            CHAT_BODY,
            user_id=user_id,
            params={"conversation_id": conversation_id, "chat_id": chat_id},
            json={"stream": True, "tool_outputs": given},
        )

    async def retrieve(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[Event]:
        body = await self._channel.ask(
            "GET",
            "/v3/chat/retrieve",
            user_id=user_id,
            is_repeatable=True,
            params={"conversation_id": conversation_id, "chat_id": chat_id},
        )
        events = read_coze_body("retrieve", body, 200)
        return await self._with_words(events, user_id, conversation_id, chat_id)

    async def _with_words(
        self, events: list[Event], user_id: str, conversation_id: str, chat_id: str
    ) -> list[Event]:
        """A chat object has no words for what it asks: they stand in its messages."""
        if not needs_words(events):
            return events
        messages = await self.chat_messages(user_id=user_id, conversation_id=conversation_id, chat_id=chat_id)
        return with_words(events, messages)

    async def chat_messages(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[Message]:
        body = await self._channel.ask(
            "GET",
            "/v3/chat/message/list",
            user_id=user_id,
            is_repeatable=True,
            params={"conversation_id": conversation_id, "chat_id": chat_id},
        )
        return in_order(read_messages(content_of(body)))

    async def cancel(self, *, user_id: str, conversation_id: str, chat_id: str) -> None:
        await self._channel.ask(
            "POST",
            "/v3/chat/cancel",
            user_id=user_id,
            is_repeatable=True,
            json={"conversation_id": conversation_id, "chat_id": chat_id},
        )

    # --- conversations -----------------------------------------------------------------------------

    async def create_conversation(self, user_id: str, bot_id: str, begins_with: Sequence[Said] = ()) -> str:
        request = self._new_conversation(user_id, bot_id)
        if begins_with:
            request["messages"] = [entered_message(said) for said in begins_with]
        body = await self._channel.ask("POST", "/v1/conversation/create", user_id=user_id, json=request)
        return conversation_in(body)

    def _new_conversation(self, user_id: str, bot_id: str) -> dict[str, Any]:
        return {"bot_id": bot_id}

    async def newest_messages(
        self, *, user_id: str, conversation_id: str, limit: int = LARGEST_PAGE
    ) -> list[Message]:
        body = await self._channel.ask(
            "POST",
            "/v1/conversation/message/list",
            user_id=user_id,
            is_repeatable=True,
            params={"conversation_id": conversation_id},
            json={"order": "desc", "limit": min(limit, LARGEST_PAGE)},
        )
        return read_messages(content_of(body))

    async def rename_conversation(self, *, user_id: str, conversation_id: str, name: str) -> None:
        await self._channel.ask(
            "PUT",
            f"/v1/conversations/{quoted(conversation_id)}",
            user_id=user_id,
            is_repeatable=True,
            json={"name": name[:NAME_CHARACTERS]},
        )

    async def clear_conversation(self, *, user_id: str, conversation_id: str) -> str:
        body = await self._channel.ask(
            "POST", f"/v1/conversations/{quoted(conversation_id)}/clear", user_id=user_id, json={}
        )
        return ident(mapping(content_of(body)).get("id"))

    async def delete_conversation(self, *, user_id: str, conversation_id: str) -> None:
        await self._channel.ask(
            "DELETE", f"/v1/conversations/{quoted(conversation_id)}", user_id=user_id, is_repeatable=True
        )

    async def delete_message(self, *, user_id: str, conversation_id: str, message_id: str) -> None:
        await self._channel.ask(
            "POST",
            "/v1/conversation/message/delete",
            user_id=user_id,
            is_repeatable=True,
            params={"conversation_id": conversation_id, "message_id": message_id},
        )

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
        path = f"/v1/conversations/{quoted(conversation_id)}/messages/{quoted(message_id)}/feedback"
        if not kind:
            await self._channel.ask("DELETE", path, user_id=user_id, is_repeatable=True)
            return
        body: dict[str, Any] = {"feedback_type": kind}
        if reasons:
            body["reason_types"] = [reason[:REASON_CHARACTERS] for reason in reasons[:MOST_REASONS]]
        if comment:
            body["comment"] = comment[:COMMENT_CHARACTERS]
        await self._channel.ask("POST", path, user_id=user_id, is_repeatable=True, json=body)

    async def upload(self, *, name: str, content: bytes | BinaryIO, mime: str, user_id: str = "") -> str:
        body = await self._channel.ask(
            "POST", "/v1/files/upload", user_id=user_id, files={"file": (name, content, mime)}
        )
        file_id = ident(mapping(content_of(body)).get("id"))
        if not file_id:
            raise Unusable("an uploaded file without an id", http_status=200)
        return file_id

    # --- what there is -----------------------------------------------------------------------------

    async def me(self) -> str:
        return await self._catalog.me()

    async def workspaces(self) -> list[Place]:
        return await self._catalog.workspaces()

    async def bots(self, workspace_id: str) -> list[BotInfo]:
        return await self._catalog.bots(workspace_id)

    async def bot(self, bot_id: str) -> BotInfo:
        return await self._catalog.bot(bot_id)

    async def workflows(self, workspace_id: str) -> list[FlowInfo]:
        return await self._catalog.workflows(workspace_id)

    async def flow(self, flow_id: str) -> FlowInfo:
        return await self._catalog.flow(flow_id)
