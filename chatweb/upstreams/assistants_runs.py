"""Runs at an Assistants-style service: streamed where it streams, else polled (wire-workflows 5.3, 5.4)."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from .assistants import RUN, AssistantsReader, read_assistants_body, run_events
from .assistants_answers import GATEWAY_STATUSES, Answer, refused_with
from .assistants_threads import V1, Threads, path_of
from .body import BodyReader
from .channel import LONGEST_WAIT_SECONDS, REPEAT_AFTER_SECONDS, Channel
from .errors import AlreadyOver, Broken, Missing, Refused, Unreachable, UpstreamError
from .event_stream import EventStream, SettledStream
from .events import (
    ActionRequired,
    ChatCanceled,
    ChatDone,
    ChatFailed,
    ChatStarted,
    Event,
    MessageDone,
    Received,
)
from .text import clean
from .values import ident, text_of
from .waits import asked_wait_seconds, poll_after_seconds

logger = logging.getLogger(__name__)

FIRST_SECONDS, LAST_SECONDS = 0.5, 5.0
CANCEL_FIRST_SECONDS = 0.2
DECISIVE = (ActionRequired, ChatDone, ChatFailed, ChatCanceled)
OVER = frozenset({"completed", "incomplete", "failed", "cancelled", "expired"})

Run = dict[str, Any]


class Runs:
    """`idle_seconds`: how long a run may stay as it is before it counts as lost."""

    def __init__(self, channel: Channel, threads: Threads, beta: str, idle_seconds: float) -> None:
        self._channel = channel
        self._threads = threads
        self._streams = {} if beta == V1 else {"stream": True}
        self._idle_seconds = idle_seconds

    @asynccontextmanager
    async def begin(
        self, user_id: str, thread_id: str, assistant_id: str, meta: Mapping[str, str], question_id: str
    ) -> AsyncIterator[EventStream]:
        """Have the newest message answered. Never raises: that message is there, so something was sent."""
        body = {"assistant_id": assistant_id, "metadata": dict(meta), **self._streams}
        said = ChatStarted(conversation_id=thread_id, question_id=question_id)
        async with AsyncExitStack() as stack:
            try:
                posted = self._post(user_id, thread_id, path_of(thread_id, "runs"), body, (said,))
                stream = await stack.enter_async_context(posted)
            except Unreachable as error:
                stream = SettledStream(Broken(error.message))
            yield stream

    @asynccontextmanager
    async def submit(
        self, user_id: str, thread_id: str, run_id: str, outputs: Sequence[tuple[str, str]]
    ) -> AsyncIterator[EventStream]:
        """All outputs at once. Entering raises Unreachable."""
        given = [{"tool_call_id": id_, "output": output} for id_, output in outputs]
        path = path_of(thread_id, "runs", run_id, "submit_tool_outputs")
        body = {"tool_outputs": given, **self._streams}
        async with self._post(user_id, thread_id, path, body) as stream:
            yield stream

    def follow(self, user_id: str, thread_id: str, run_id: str) -> AbstractAsyncContextManager[EventStream]:
        """A run that was begun before, told as if it had been streamed."""
        stream = RunStream(
            self, user_id, thread_id, SettledStream(Broken("not asked again")), WholeAnswer({"id": run_id})
        )
        return opened(stream)

    @asynccontextmanager
    async def _post(
        self, user_id: str, thread_id: str, path: str, body: Run, first: Sequence[Event] = ()
    ) -> AsyncIterator[EventStream]:
        """Sent once; again only after a refusal that says "later": nothing was done then."""
        for delay in (*REPEAT_AFTER_SECONDS, None):
            whole = WholeAnswer()
            async with self._channel.stream(path, whole.make_body, user_id=user_id, json=body) as stream:
                asked = asked_wait_seconds(stream.headers)
                wait = delay if asked is None or delay is None else asked
                if wait is None or stream.http_status != 429 or wait > LONGEST_WAIT_SECONDS:
                    async with opened(RunStream(self, user_id, thread_id, stream, whole, first)) as told:
                        yield told
                    return
            await asyncio.sleep(wait)

    async def get(self, user_id: str, thread_id: str, run_id: str) -> Answer:
        path = path_of(thread_id, "runs", run_id)
        answer: Answer = await self._channel.ask("GET", path, user_id=user_id, is_repeatable=True)
        return answer

    async def cancel(self, user_id: str, thread_id: str, run_id: str) -> None:
        """Until the run is over and its thread free. Raises AlreadyOver when there was nothing to cancel."""
        path = path_of(thread_id, "runs", run_id, "cancel")
        try:
            answer: Answer = await self._channel.ask("POST", path, user_id=user_id, json={})
            run = answer.body
        except Missing:
            raise
        except Refused as error:
            if error.http_status != 400:
                raise
            # Its words vary: the run itself says whether it is over.
            run = (await self.get(user_id, thread_id, run_id)).body
            if run.get("status") not in (*OVER, "cancelling"):
                raise
        delay = CANCEL_FIRST_SECONDS
        while run.get("status") not in OVER:
            await asyncio.sleep(delay)
            delay = min(delay * 1.5, LAST_SECONDS)
            run = (await self.get(user_id, thread_id, run_id)).body
        if run.get("status") != "cancelled":
            raise AlreadyOver(f"the run is {text_of(run.get('status'))}")

    async def poll(
        self, user_id: str, thread_id: str, run: Run, wait: float | None
    ) -> AsyncGenerator[list[Event]]:
        """Ask how it goes until it is over or waits; then what it said, and what it came to.

        Raises UpstreamError when it stays as it is for too long, or cannot be asked.
        """
        run_id, status, delay = ident(run.get("id")), "", FIRST_SECONDS
        changed_at = time.monotonic()
        while True:
            await asyncio.sleep(delay if wait is None else min(wait, LONGEST_WAIT_SECONDS))
            delay = min(delay * 1.5, LAST_SECONDS)
            try:
                answer = await self.get(user_id, thread_id, run_id)
            except UpstreamError as error:
                if not error.is_retryable or time.monotonic() - changed_at > self._idle_seconds:
                    raise
                logger.info("run %s: asking how it goes: %s", run_id, error)
                continue
            run, wait = answer.body, answer.poll_after
            if text_of(run.get("status")) != status:
                status, changed_at = text_of(run.get("status")), time.monotonic()
                told = Received(RUN + status, clean(json.dumps(run, ensure_ascii=False)))
                events = run_events(run, status)
                if any(isinstance(event, DECISIVE) for event in events):
                    messages = await self._threads.of_run(user_id, thread_id, run_id)
                    yield [told, *(MessageDone(one) for one in messages if one.content), *events]
                    return
                yield [told, *events]
            elif time.monotonic() - changed_at > self._idle_seconds:
                raise Broken(f"the run stays {status or 'as it is'}")


@asynccontextmanager
async def opened(stream: EventStream) -> AsyncIterator[EventStream]:
    """Let go of what it reads, wherever it stands."""
    try:
        yield stream
    finally:
        await stream.close()


class WholeAnswer:
    """Keeps the run that was answered with where a stream was asked for: such a service does not stream."""

    def __init__(self, run: Run | None = None) -> None:
        self.run = run
        self.is_json = False

    def make_body(self, http_status: int, content_type: str) -> BodyReader:
        return BodyReader(AssistantsReader(), self._read, http_status=http_status, content_type=content_type)

    def _read(self, body: Any, http_status: int) -> list[Event]:
        self.is_json = True
        if error := refused_with(body, http_status):
            return [ChatFailed(error.code, error.message, is_error=True)]
        if isinstance(body, dict) and ident(body.get("id")):
            self.run = body
            # Whatever it came to already, its words are to be asked for.
            return run_events(body, "in_progress")
        return read_assistants_body("chat", body, http_status)


class RunStream(EventStream):
    """A run's events, whether they come as a stream or have to be asked for. `first` come before them."""

    def __init__(
        self,
        runs: Runs,
        user_id: str,
        thread_id: str,
        posted: EventStream,
        whole: WholeAnswer,
        first: Sequence[Event] = (),
    ) -> None:
        self.http_status, self.log_id, self.headers = posted.http_status, posted.log_id, posted.headers
        self.broken = ""
        self._runs, self._user_id, self._thread_id = runs, user_id, thread_id
        self._posted, self._whole, self._first = posted, whole, first
        self._content = None  # nothing of it is one delta a read
        self._reading: AsyncGenerator[list[Event]] | None = None

    async def close(self) -> None:
        if self._reading is not None:
            await self._reading.aclose()

    async def _read(self) -> AsyncGenerator[list[Event]]:
        if self._first:
            yield list(self._first)
        is_decided = False
        async for events in self._posted:
            if self.http_status in GATEWAY_STATUSES and not self._whole.is_json:
                # The run may be on its way all the same: whoever asked looks for it.
                self.broken = f"HTTP {self.http_status} of a gateway"
                yield [event for event in events if isinstance(event, Received)]
                return
            is_decided = is_decided or any(isinstance(event, DECISIVE) for event in events)
            yield events
        self.broken, self.log_id = self._posted.broken, self._posted.log_id
        if is_decided or self._whole.run is None:
            return
        self.broken = ""
        wait = poll_after_seconds(self.headers)
        try:
            async for events in self._runs.poll(self._user_id, self._thread_id, self._whole.run, wait):
                yield events
        except UpstreamError as error:
            # Whoever asks for the run again learns whether it is really gone.
            self.broken = str(error)
