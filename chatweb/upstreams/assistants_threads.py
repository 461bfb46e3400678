"""Threads and their messages at an Assistants-style service (wire-workflows 5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .assistants import read_thread_message
from .assistants_answers import Answer
from .channel import Channel
from .client import QuestionFile, Said
from .errors import Unusable
from .events import Message
from .sending import quoted
from .values import ident, mapping, sequence, string_map

V1, V2 = "assistants=v1", "assistants=v2"
LARGEST_PAGE = 100
MOST_PAGES = 50  # a server that never stops saying "more" must not hold a caller for ever
NAME_CHARACTERS = 512  # of a value in metadata

Row = dict[str, Any]


class Threads:
    """`beta`: the `OpenAI-Beta` header's value; "" behaves as the newer version does."""

    def __init__(self, channel: Channel, beta: str) -> None:
        self._channel = channel
        self._is_v1 = beta == V1

    async def create(self, user_id: str, begins_with: Sequence[Said]) -> str:
        body: dict[str, Any] = {"metadata": {"user": user_id}}
        if begins_with:
            body["messages"] = [{"role": said.role, "content": said.text} for said in begins_with]
        return id_in(await self._channel.ask("POST", "/v1/threads", user_id=user_id, json=body))

    async def rename(self, user_id: str, thread_id: str, name: str) -> None:
        # Metadata is replaced as a whole.
        metadata = {"user": user_id, "name": name[:NAME_CHARACTERS]}
        await self._channel.ask(
            "POST", path_of(thread_id), user_id=user_id, is_repeatable=True, json={"metadata": metadata}
        )

    async def delete(self, user_id: str, thread_id: str) -> None:
        await self._channel.ask("DELETE", path_of(thread_id), user_id=user_id, is_repeatable=True)

    async def add(
        self,
        user_id: str,
        thread_id: str,
        question: str,
        meta: Mapping[str, str],
        files: Sequence[QuestionFile],
    ) -> str:
        """The id of the new message. Raises Broken when nobody knows whether it is there."""
        body = self._message(question, meta, files)
        path = path_of(thread_id, "messages")
        return id_in(await self._channel.ask("POST", path, user_id=user_id, json=body))

    async def mark(self, user_id: str, thread_id: str, message_id: str, meta: Mapping[str, str]) -> None:
        await self._channel.ask(
            "POST",
            path_of(thread_id, "messages", message_id),
            user_id=user_id,
            is_repeatable=True,
            json={"metadata": dict(meta)},
        )

    async def delete_message(self, user_id: str, thread_id: str, message_id: str) -> None:
        path = path_of(thread_id, "messages", message_id)
        await self._channel.ask("DELETE", path, user_id=user_id, is_repeatable=True)

    async def newest(self, user_id: str, thread_id: str, limit: int) -> list[Message]:
        """Newest first. A question knows the run that answers it by what both of them bear."""
        messages = await self._page(user_id, path_of(thread_id, "messages"), {"limit": str(limit)})
        runs = await self._page(user_id, path_of(thread_id, "runs"), {"limit": str(limit)})
        marks = [(ident(run.get("id")), string_map(run.get("metadata"))) for run in runs]
        return [_with_run(read_thread_message(row), marks) for row in messages]

    async def of_run(self, user_id: str, thread_id: str, run_id: str) -> list[Message]:
        """What a run said, oldest first; who does not know the filter tells of other runs as well."""
        query = {"limit": str(LARGEST_PAGE), "order": "asc", "run_id": run_id}
        rows = await pages(self._channel, path_of(thread_id, "messages"), query, user_id)
        messages = [read_thread_message(row) for row in rows]
        return [one for one in messages if one.chat_id == run_id and one.role != "user"]

    async def _page(self, user_id: str, path: str, query: Mapping[str, str]) -> list[Row]:
        answer = await self._channel.ask(
            "GET", path, user_id=user_id, is_repeatable=True, params={"order": "desc", **query}
        )
        return rows_in(answer)

    def _message(self, question: str, meta: Mapping[str, str], files: Sequence[QuestionFile]) -> Row:
        # A message of files alone is refused: their names are the words then.
        words = question if question.strip() or not files else "\n".join(file.name for file in files)
        body: Row = {"role": "user", "content": words, "metadata": dict(meta)}
        if not files:
            return body
        if self._is_v1:
            return {**body, "file_ids": [file.id for file in files]}
        pictures = [file for file in files if file.kind == "image"]
        others = [file for file in files if file.kind != "image"]
        tools = [{"type": "file_search"}]  # which reads no pictures: they are parts of the content
        if pictures:
            parts = [{"type": "image_file", "image_file": {"file_id": file.id}} for file in pictures]
            body["content"] = [{"type": "text", "text": words}, *parts]
        if others:
            body["attachments"] = [{"file_id": file.id, "tools": tools} for file in others]
        return body


def _with_run(message: Message, runs: Sequence[tuple[str, Mapping[str, str]]]) -> Message:
    if message.role != "user" or not message.meta:
        return message
    found = next((id_ for id_, mark in runs if message.meta.items() <= mark.items()), "")
    return replace(message, chat_id=found)


async def pages(channel: Channel, path: str, query: Mapping[str, str], user_id: str = "") -> list[Row]:
    """All rows of a list. A page that repeats itself is the last one."""
    found: dict[str, Row] = {}
    after = ""
    for _ in range(MOST_PAGES):
        params = {**query, **({"after": after} if after else {})}
        answer: Answer = await channel.ask("GET", path, user_id=user_id, is_repeatable=True, params=params)
        rows = {ident(row.get("id")): row for row in rows_in(answer)}
        if not rows.keys() - found.keys():
            break
        found.update(rows)
        after = ident(answer.body.get("last_id")) or list(rows)[-1]
        if not answer.body.get("has_more"):
            break
    return list(found.values())


def rows_in(answer: Answer) -> list[Row]:
    return [mapping(row) for row in sequence(answer.body.get("data")) if isinstance(row, dict)]


def id_in(answer: Answer) -> str:
    id_ = ident(answer.body.get("id"))
    if not id_:
        raise Unusable("an answer without an id", http_status=200)
    return id_


def path_of(thread_id: str, *parts: str) -> str:
    return "/".join(["/v1/threads", *map(quoted, (thread_id, *parts))])
