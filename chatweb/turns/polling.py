"""Runs that nobody streams: started, then asked for their outcome, told as if they had been streamed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from chatweb.turns.machine import Leg, Verdict, step
from chatweb.upstreams.errors import Broken, Unreachable, UpstreamError
from chatweb.upstreams.events import ActionRequired, ChatFailed, Event, Message, MessageDone, RunOutput

logger = logging.getLogger(__name__)

FIRST_SECONDS, LAST_SECONDS = 0.5, 5.0

History = Callable[[Leg], Awaitable[tuple[Sequence[Event], Sequence[Message]]]]


class PolledStream:
    """What the runner reads of an `EventStream`; goes on as long as the run does, which may be a day."""

    def __init__(
        self, events: Sequence[Event], history: History, log_id: str = "", answered_id: str = ""
    ) -> None:
        self.log_id = log_id
        self._events = events
        self._history = history
        self._answered_id = answered_id

    def hand_over(self, take: Callable[[list[Event]], None]) -> None:
        """Nothing here arrives in deltas."""

    async def __aiter__(self) -> AsyncIterator[list[Event]]:
        read = Leg()
        events = list(self._events)
        messages: Sequence[Message] = [
            Message("output", "answer", event.text) for event in events if isinstance(event, RunOutput)
        ]
        delay = FIRST_SECONDS
        while events or read.execute_id:
            for event in events:
                step(read, event)
            if read.verdict not in (None, Verdict.IN_PROGRESS):
                yield [*(MessageDone(message) for message in messages if message.content), *events]
                return
            yield events
            await asyncio.sleep(delay)
            delay = min(delay * 1.5, LAST_SECONDS)
            found, messages = await self._patient_history(read)
            events = [event for event in found if not self._is_answered(event)]

    def _is_answered(self, event: Event) -> bool:
        """A history may tell of the interrupt that was just answered for a moment longer."""
        if not self._answered_id or not isinstance(event, ActionRequired):
            return False
        ids = [call.id for call in event.calls] + [question.id for question in event.questions]
        return self._answered_id in ids

    async def _patient_history(self, read: Leg) -> tuple[Sequence[Event], Sequence[Message]]:
        try:
            return await self._history(read)
        except UpstreamError as error:
            if not (isinstance(error, Unreachable) or error.is_retryable):
                return [failure_of(error)], []
            logger.info("run %s: asking how it goes: %s", read.execute_id, error)
            return [], []


@asynccontextmanager
async def polled(
    call: Awaitable[list[Event]], history: History, answered_id: str = ""
) -> AsyncIterator[PolledStream]:
    """Start a run, or go on with it; a refusal comes as an event, as in streams, and a connection that broke
    as no event at all. Raises only Unreachable."""
    try:
        events: list[Event] = await call
        log_id = ""
    except Unreachable:
        raise
    except UpstreamError as error:
        # Nobody knows whether a call that broke arrived: nothing more is read, and recovery asks.
        events = [] if isinstance(error, Broken) else [failure_of(error)]
        log_id = error.log_id
    yield PolledStream(events, history, log_id, answered_id)


def failure_of(error: UpstreamError) -> ChatFailed:
    return ChatFailed(error.code, error.message, is_error=True)
