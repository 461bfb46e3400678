"""The state of the simulated Coze: tables of records, and the few questions everyone asks of them."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from typing import Any

from simulator import records
from simulator.assistants import records as assistants
from simulator.envelope import ApiError
from simulator.ids import new_id, now
from simulator.journal import Journal
from simulator.records import Chat, Conversation, File, Message, Record, Run, Token, Variable


class World:
    """Tables by id. Every change goes through `save` or `forget`, which also note it in the journal."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal
        self.conversations: dict[str, Conversation] = {}
        self.chats: dict[str, Chat] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, File] = {}
        self.tokens: dict[str, Token] = {}
        self.variables: dict[str, Variable] = {}
        self.runs: dict[str, Run] = {}
        self.changed = asyncio.Event()  # whoever waits for a chat's status clears it first
        self._messages_of: dict[str, dict[str, Message]] = {}
        self._occupant: dict[str, Chat] = {}
        if journal is not None:
            self._load(journal)

    def clear(self) -> None:
        for record in list(self._all()):
            self.forget(record)
        self._occupant.clear()

    def _table(self, kind: str) -> dict[str, Any]:
        tables: dict[str, dict[str, Any]] = {
            "Conversation": self.conversations,
            "Chat": self.chats,
            "Message": self.messages,
            "File": self.files,
            "Token": self.tokens,
            "Variable": self.variables,
            "Run": self.runs,
            "ThreadRun": self.chats,
            "ThreadMessage": self.messages,
            "ThreadFile": self.files,
        }
        return tables[kind]

    def _all(self) -> Iterator[Record]:
        for kind in ("Conversation", "Chat", "Message", "File", "Token", "Variable", "Run"):
            yield from self._table(kind).values()

    def save(self, record: Record) -> None:
        self._table(type(record).__name__)[record.id] = record
        if isinstance(record, Message):
            self._messages_of.setdefault(record.conversation_id, {})[record.id] = record
        if isinstance(record, Chat):
            self.occupy(record)
        self.changed.set()
        if self._journal is not None:
            self._journal.note(record)

    def forget(self, record: Record) -> None:
        self._table(type(record).__name__).pop(record.id, None)
        if isinstance(record, Message):
            self._messages_of.get(record.conversation_id, {}).pop(record.id, None)
        if self._journal is not None:
            self._journal.note(record, is_gone=True)

    def occupy(self, chat: Chat) -> None:
        """Keep the index of running chats in step with the chat's status, even if never saved."""
        self.changed.set()
        if chat.is_occupying:
            self._occupant[chat.conversation_id] = chat
        elif self._occupant.get(chat.conversation_id) is chat:
            del self._occupant[chat.conversation_id]

    def occupant(self, conversation_id: str) -> Chat | None:
        """The chat that holds the conversation, if one does."""
        return self._occupant.get(conversation_id)

    def messages_of(self, conversation_id: str, chat_id: str = "") -> list[Message]:
        """Oldest first; of one chat if named."""
        messages = self._messages_of.get(conversation_id, {}).values()
        return [message for message in messages if not chat_id or message.chat_id == chat_id]

    def find_conversation(self, owner: str, conversation_id: str) -> Conversation:
        """ApiError 4002 when it is not there or somebody else's."""
        conversation = self.conversations.get(conversation_id)
        if conversation is None or conversation.owner != owner:
            raise ApiError(4002)
        return conversation

    def find_chat(self, owner: str, conversation_id: str, chat_id: str) -> Chat:
        """ApiError 4002 or 4001."""
        self.find_conversation(owner, conversation_id)
        chat = self.chats.get(chat_id)
        if chat is None or chat.conversation_id != conversation_id:
            raise ApiError(4001)
        return chat

    def find_message(self, owner: str, conversation_id: str, message_id: str) -> Message:
        """ApiError 4002 or 4005."""
        self.find_conversation(owner, conversation_id)
        message = self.messages.get(message_id)
        if message is None or message.conversation_id != conversation_id:
            raise ApiError(4005)
        return message

    def new_conversation(self, owner: str, **fields: Any) -> Conversation:
        conversation_id, at = new_id(), now()
        conversation = Conversation(
            id=conversation_id,
            owner=owner,
            section_id=conversation_id,
            created_at=at,
            updated_at=at,
            **fields,
        )
        self.save(conversation)
        return conversation

    def _load(self, journal: Journal) -> None:
        for kind, record_id, fields in journal.read():
            table = self._table(kind)
            if fields is None:
                table.pop(record_id, None)
                continue
            record_class = getattr(assistants, kind, None) or getattr(records, kind)
            known = {each.name for each in dataclasses.fields(record_class)}
            table[record_id] = record_class(**{key: value for key, value in fields.items() if key in known})
        self._mend()
        journal.start(self._all())

    def _mend(self) -> None:
        """What was running when the process died has failed; the indexes are built anew."""
        for message in sorted(self.messages.values(), key=lambda each: each.id):
            self._messages_of.setdefault(message.conversation_id, {})[message.id] = message
            if isinstance(message, assistants.ThreadMessage):
                message.mend()
        for chat in self.chats.values():
            if isinstance(chat, assistants.ThreadRun):
                chat.mend()
            elif chat.status == "in_progress":
                chat.status, chat.failed_at = "failed", now()
                chat.error_code, chat.error_msg = 5000, "The server was restarted while it was answering."
            self.occupy(chat)
        for run in self.runs.values():
            if run.status == "Running" and run.interrupt is None:
                run.status, run.error_code, run.error_msg = "Fail", "5000", "The server was restarted."
