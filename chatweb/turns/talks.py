"""How a turn speaks with each kind of bot: asks, answers what it asked, and looks how it goes.

Bots and chatflows chat; a workflow runs. The runner knows no more of them than what is here.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from chatweb.turns.machine import Leg, Verdict, step
from chatweb.turns.polling import polled
from chatweb.upstreams.client import Flow, QuestionFile, Said, Upstream
from chatweb.upstreams.errors import NotSupported
from chatweb.upstreams.events import Event, Message
from chatweb.upstreams.replies import form_reply


class LegStream(Protocol):
    """What the runner reads: an `EventStream`, or a run that is polled."""

    log_id: str

    def hand_over(self, take: Callable[[list[Event]], None]) -> None: ...

    def __aiter__(self) -> AsyncIterator[list[Event]]: ...


@dataclass(frozen=True, slots=True)
class Given:
    """What a person, or a rule, answered to one call or question. `upstream_id` is what must be echoed."""

    upstream_id: str
    is_call: bool
    output: str
    has_fields: bool = False
    interrupt_type: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The turn as its talk needs it."""

    kind: str  # of the bot
    user_id: str  # the Coze identity's key
    bot_id: str
    flow: Flow
    question: str
    parameters: Mapping[str, Any]
    is_polled: bool
    files: Sequence[QuestionFile]  # that go with the question
    given: Sequence[Given]  # the answers of the round that is to be submitted, in its order
    variables: Mapping[str, str] = field(default_factory=dict)
    shortcut: Mapping[str, Any] | None = None  # the command that the first leg is sent as
    begins_with: Sequence[Said] = ()  # a branch: what a new conversation begins with


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leg happens. `prefix` tells its messages from those of all other legs."""

    conversation_id: str
    chat_id: str  # of the leg before, for outputs
    meta: Mapping[str, str]
    prefix: str


OpenLeg = Callable[[Place], AbstractAsyncContextManager[LegStream]]


class Talk(ABC):
    has_conversation = True
    is_canceled_upstream = True

    def __init__(self, asked: Asked, upstream: Upstream) -> None:
        self.asked = asked
        self.upstream = upstream

    @abstractmethod
    async def create_conversation(self) -> str:
        """The id of a new conversation upstream."""

    @abstractmethod
    def ask(self, place: Place) -> AbstractAsyncContextManager[LegStream]:
        """The first leg."""

    def answer_asked(self, place: Place, question_id: str) -> AbstractAsyncContextManager[LegStream]:
        """The rest of a first leg whose question is there already, for upstreams that ask in two steps."""
        raise NotSupported("asking is one step here")

    @abstractmethod
    def answer(self, place: Place) -> AbstractAsyncContextManager[LegStream]:
        """A later leg, with everything the round before asked for."""

    @property
    @abstractmethod
    def submits(self) -> bool:
        """Whether the answers go into the same chat or run; otherwise a message with them begins another."""

    @abstractmethod
    def can_look(self, read: Leg) -> bool:
        """Whether the upstream can be asked how the leg goes: it has an id."""

    @abstractmethod
    async def look(self, read: Leg, place: Place) -> Leg | None:
        """What the leg came to; None while it goes on. Raises UpstreamError."""

    @abstractmethod
    async def messages(self, read: Leg, place: Place) -> list[Message]:
        """What the leg's chat or run said, oldest first. Raises UpstreamError."""


class BotTalk(Talk):
    @property
    def submits(self) -> bool:
        return any(given.is_call for given in self.asked.given)

    async def create_conversation(self) -> str:
        asked = self.asked
        return await self.upstream.create_conversation(asked.user_id, asked.bot_id, asked.begins_with)

    def ask(self, place: Place) -> AbstractAsyncContextManager[LegStream]:
        return self._say(place, self.asked.question, self.asked.files, self.asked.shortcut)

    def answer_asked(self, place: Place, question_id: str) -> AbstractAsyncContextManager[LegStream]:
        return self.upstream.answer_asked(
            user_id=self.asked.user_id,
            bot_id=self.asked.bot_id,
            conversation_id=place.conversation_id,
            question_id=question_id,
            meta=place.meta,
        )

    def answer(self, place: Place) -> AbstractAsyncContextManager[LegStream]:
        if not self.submits:
            return self._say(place, self._reply())
        return self.upstream.submit(
            user_id=self.asked.user_id,
            conversation_id=place.conversation_id,
            chat_id=place.chat_id,
            outputs=[(given.upstream_id, given.output) for given in self.asked.given],
        )

    def _say(
        self,
        place: Place,
        text: str,
        files: Sequence[QuestionFile] = (),
        shortcut: Mapping[str, Any] | None = None,
    ) -> AbstractAsyncContextManager[LegStream]:
        return self.upstream.chat(
            user_id=self.asked.user_id,
            bot_id=self.asked.bot_id,
            conversation_id=place.conversation_id,
            question=text,
            meta=place.meta,
            files=files,
            parameters=self.asked.parameters,
            variables=self.asked.variables,
            shortcut=shortcut,
        )

    def _reply(self) -> str:
        """Answers to questions as the one message that gives them (K10)."""
        return "\n".join(self._words(given) for given in self.asked.given)

    def _words(self, given: Given) -> str:
        values = fields_in(given.output) if given.has_fields else None
        if values is None:
            return given.output
        return form_reply(values, as_json=self.upstream.capabilities.speaks_chatflow_json)

    def can_look(self, read: Leg) -> bool:
        return bool(read.chat_id) and self.upstream.capabilities.retrieves

    async def look(self, read: Leg, place: Place) -> Leg | None:
        events = await self.upstream.retrieve(
            user_id=self.asked.user_id, conversation_id=place.conversation_id, chat_id=read.chat_id
        )
        return concluded(events)

    async def messages(self, read: Leg, place: Place) -> list[Message]:
        return await self.upstream.chat_messages(
            user_id=self.asked.user_id, conversation_id=place.conversation_id, chat_id=read.chat_id
        )


class ChatflowTalk(BotTalk):
    async def create_conversation(self) -> str:
        asked = self.asked
        return await self.upstream.create_flow_conversation(asked.user_id, asked.flow, asked.begins_with)

    def _say(
        self,
        place: Place,
        text: str,
        files: Sequence[QuestionFile] = (),
        shortcut: Mapping[str, Any] | None = None,
    ) -> AbstractAsyncContextManager[LegStream]:
        return self.upstream.chatflow(
            user_id=self.asked.user_id,
            flow=self.asked.flow,
            conversation_id=place.conversation_id,
            question=text,
            meta=place.meta,
            files=files,
            parameters=self.asked.parameters,
        )


class WorkflowTalk(Talk):
    """A run has no conversation, and nobody can cancel it: its stream is dropped (wire-workflows 6)."""

    has_conversation = False
    is_canceled_upstream = False
    submits = True

    async def create_conversation(self) -> str:
        return ""

    def ask(self, place: Place) -> AbstractAsyncContextManager[LegStream]:
        asked = self.asked
        if asked.is_polled:
            call = self.upstream.start_workflow(
                user_id=asked.user_id, flow=asked.flow, parameters=asked.parameters
            )
            return polled(call, lambda read: self._history(read, place.prefix))
        return self.upstream.run_workflow(
            user_id=asked.user_id, flow=asked.flow, parameters=asked.parameters, prefix=place.prefix
        )

    def answer(self, place: Place) -> AbstractAsyncContextManager[LegStream]:
        asked, given = self.asked, self.asked.given[0]  # a run waits at one node at a time
        echoed: dict[str, Any] = {
            "user_id": asked.user_id,
            "flow": asked.flow,
            "event_id": given.upstream_id,
            "interrupt_type": given.interrupt_type or 0,
            "answer": given.output,
        }
        if asked.is_polled:
            call = self.upstream.resume_started(**echoed)
            return polled(call, lambda read: self._history(read, place.prefix), given.upstream_id)
        return self.upstream.resume_workflow(**echoed, prefix=place.prefix)

    def can_look(self, read: Leg) -> bool:
        return bool(read.execute_id) and self.upstream.capabilities.has_histories

    async def look(self, read: Leg, place: Place) -> Leg | None:
        events, _messages = await self._history(read, place.prefix)
        return concluded(events)

    async def messages(self, read: Leg, place: Place) -> list[Message]:
        return (await self._history(read, place.prefix))[1]

    async def _history(self, read: Leg, prefix: str) -> tuple[list[Event], list[Message]]:
        history = await self.upstream.run_history(
            user_id=self.asked.user_id, flow=self.asked.flow, execute_id=read.execute_id
        )
        # A history holds all legs of a run: what an earlier leg said already is told by its title and text.
        return history.events, [replace(m, id=f"{prefix}{m.id}") for m in history.messages]


def talk_of(asked: Asked, upstream: Upstream) -> Talk:
    match asked.kind:
        case "chatflow":
            return ChatflowTalk(asked, upstream)
        case "workflow":
            return WorkflowTalk(asked, upstream)
        case _:
            return BotTalk(asked, upstream)


def concluded(events: Sequence[Event]) -> Leg | None:
    state = Leg()
    for event in events:
        step(state, event)
    return None if state.verdict in (None, Verdict.IN_PROGRESS) else state


def fields_in(output: str) -> dict[str, Any] | None:
    """The values of a form's answer; None when it is no JSON object."""
    try:
        values = json.loads(output)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None
