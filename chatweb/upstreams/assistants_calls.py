"""The calls of an Assistants-style service: assistants are bots, threads conversations, runs chats.

Source: wire-workflows 5. Asking takes two requests, the message and its run, so that a process may die in
between: both bear the turn's mark, and the runs of a thread are looked at before a run is begun again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from .assistants import run_events
from .assistants_answers import GATEWAY_STATUSES, Answer, read_answer
from .assistants_runs import Runs
from .assistants_threads import LARGEST_PAGE, V1, Threads, id_in, pages, path_of
from .channel import Channel
from .client import BotInfo, Capabilities, ConnectionSettings, QuestionFile, Said, Upstream
from .errors import Broken, Unreachable, Unusable, UpstreamError
from .event_stream import EventStream, SettledStream
from .events import Event, Message
from .http import HttpClient
from .sending import quoted
from .values import ident, text_of

FIRST_LEG = "0"


class AssistantsUpstream(Upstream):
    capabilities = Capabilities(
        submits_outputs=True,
        cancels=True,
        cancels_waiting=True,
        retrieves=True,
        finds_by_meta=True,
        asks_in_two_steps=True,
        renames=True,
        deletes=True,
        deletes_messages=True,
        uploads=True,
        lists_bots=True,
        begins_with_messages=True,
        has_run_steps=True,
    )

    @classmethod
    def capabilities_at(cls, beta: str) -> Capabilities:
        """v1 neither deletes messages nor lets a thread begin with an answer."""
        is_v1 = beta == V1
        return replace(cls.capabilities, deletes_messages=not is_v1, begins_with_messages=not is_v1)

    def __init__(self, settings: ConnectionSettings, http: HttpClient) -> None:
        root = settings.base_url.rstrip("/").removesuffix("/v1")
        headers = {"OpenAI-Beta": settings.beta} if settings.beta else {}
        self._host = urlsplit(root).netloc.rpartition("@")[2]
        self._channel = Channel(replace(settings, base_url=root), http, headers, read_answer)
        self._threads = Threads(self._channel, settings.beta)
        self._runs = Runs(self._channel, self._threads, settings.beta, settings.read_timeout_seconds)
        self.capabilities = self.capabilities_at(settings.beta)

    # --- chats -------------------------------------------------------------------------------------

    @asynccontextmanager
    async def chat(
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
    ) -> AsyncIterator[EventStream]:
        try:
            said = await self._said_before(user_id, conversation_id, question, meta)
            if said is None:
                said_id = await self._threads.add(user_id, conversation_id, question, meta, files)
            elif said.chat_id:
                async with self._runs.follow(user_id, conversation_id, said.chat_id) as stream:
                    yield stream
                return
            else:
                said_id = said.id
                await self._threads.mark(user_id, conversation_id, said_id, meta)
        except Unreachable:
            raise
        except UpstreamError as error:
            is_unknown = isinstance(error, Unusable) and error.http_status in GATEWAY_STATUSES
            yield SettledStream(Broken(error.message) if is_unknown else error)
            return
        async with self._runs.begin(user_id, conversation_id, bot_id, meta, said_id) as stream:
            yield stream

    async def _said_before(
        self, user_id: str, conversation_id: str, question: str, meta: Mapping[str, str]
    ) -> Message | None:
        """A later leg of a turn asks what an earlier one may have said, for example before its run was
        refused because the thread was locked. The same question must not stand there twice."""
        if meta.get("leg", FIRST_LEG) == FIRST_LEG:
            return None
        newest = await self._threads.newest(user_id, conversation_id, LARGEST_PAGE)
        mine = (one for one in newest if one.role == "user" and one.meta.get("turn") == meta.get("turn"))
        return next((one for one in mine if one.content == question or not question.strip()), None)

    def answer_asked(
        self,
        *,
        user_id: str,
        bot_id: str,
        conversation_id: str,
        question_id: str,
        meta: Mapping[str, str],
    ) -> AbstractAsyncContextManager[EventStream]:
        return self._runs.begin(user_id, conversation_id, bot_id, meta, question_id)

    def submit(
        self, *, user_id: str, conversation_id: str, chat_id: str, outputs: Sequence[tuple[str, str]]
    ) -> AbstractAsyncContextManager[EventStream]:
        return self._runs.submit(user_id, conversation_id, chat_id, outputs)

    async def retrieve(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[Event]:
        run = (await self._runs.get(user_id, conversation_id, chat_id)).body
        return run_events(run, text_of(run.get("status")))

    async def chat_messages(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[Message]:
        return await self._threads.of_run(user_id, conversation_id, chat_id)

    async def newest_messages(self, *, user_id: str, conversation_id: str, limit: int = 50) -> list[Message]:
        return await self._threads.newest(user_id, conversation_id, min(limit, LARGEST_PAGE))

    async def run_steps(self, *, user_id: str, conversation_id: str, chat_id: str) -> list[dict[str, Any]]:
        path = path_of(conversation_id, "runs", chat_id, "steps")
        return await pages(self._channel, path, {"limit": str(LARGEST_PAGE), "order": "asc"}, user_id)

    async def cancel(self, *, user_id: str, conversation_id: str, chat_id: str) -> None:
        await self._runs.cancel(user_id, conversation_id, chat_id)

    # --- conversations -----------------------------------------------------------------------------

    async def create_conversation(self, user_id: str, bot_id: str, begins_with: Sequence[Said] = ()) -> str:
        return await self._threads.create(user_id, begins_with)

    async def rename_conversation(self, *, user_id: str, conversation_id: str, name: str) -> None:
        await self._threads.rename(user_id, conversation_id, name)

    async def delete_conversation(self, *, user_id: str, conversation_id: str) -> None:
        await self._threads.delete(user_id, conversation_id)

    async def delete_message(self, *, user_id: str, conversation_id: str, message_id: str) -> None:
        await self._threads.delete_message(user_id, conversation_id, message_id)

    async def upload(self, *, name: str, content: bytes | BinaryIO, mime: str, user_id: str = "") -> str:
        sent = {"file": (name, content, mime)}
        answer: Answer = await self._channel.ask(
            "POST", "/v1/files", user_id=user_id, files=sent, data={"purpose": "assistants"}
        )
        return id_in(answer)

    # --- what there is -----------------------------------------------------------------------------

    async def me(self) -> str:
        """These services know no account: who answers is all there is to say."""
        await self._channel.ask("GET", "/v1/assistants", is_repeatable=True, params={"limit": "1"})
        return self._host

    async def bots(self, workspace_id: str) -> list[BotInfo]:
        """All assistants: there are no workspaces here."""
        rows = await pages(self._channel, "/v1/assistants", {"limit": str(LARGEST_PAGE), "order": "desc"})
        return [_assistant(row) for row in rows]

    async def bot(self, bot_id: str) -> BotInfo:
        path = f"/v1/assistants/{quoted(bot_id)}"
        answer: Answer = await self._channel.ask("GET", path, is_repeatable=True)
        return _assistant(answer.body)


def _assistant(row: Mapping[str, Any]) -> BotInfo:
    """Metadata may hold what people should see; nothing here promises more than name and description."""
    id_ = ident(row.get("id"))
    return BotInfo(
        id=id_,
        name=text_of(row.get("name")) or id_,
        description=text_of(row.get("description")),
        kind="assistant",
    )
