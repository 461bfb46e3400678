"""What a bot plays on in a run: its messages become messages of the thread, its calls steps of the run,
both told in the service's own events (wire-workflows 5.4). It has no reasoning, no follow-ups, no cards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from simulator.assistants.calls import call_deltas
from simulator.assistants.painting import image_part, paint_file
from simulator.assistants.records import ThreadMessage, ThreadRun
from simulator.assistants.wire import message_object, run_object, step_object
from simulator.directives import Directives
from simulator.envelope import text_to_json, to_bytes, to_json
from simulator.ids import new_id, now
from simulator.outlet import Outlet
from simulator.quirks import DONE, Spelling, split_surrogates
from simulator.records import Message
from simulator.stage import Stage

if TYPE_CHECKING:
    from simulator.simulator import Simulator

DELTA = "thread.message.delta"


class Incomplete(Exception):
    """The run ends before its answer does; the word is that of `incomplete_details.reason`."""


class RunStage(Stage):
    """One leg of one run. `task` plays it, once it has begun."""

    def __init__(self, simulator: Simulator, run: ThreadRun, outlet: Outlet, directives: Directives) -> None:
        super().__init__(simulator, run, outlet, directives)
        self.run = run
        self.spelling = Spelling(directives.quirks, blank=" ")
        self.task: asyncio.Task[None] | None = None
        self._open: ThreadMessage | None = None
        self._said: list[str] = []
        self._said_from = 0

    # Runs and their steps

    def tell_run(self, status: str) -> None:
        word = "cancelled" if status == "canceled" else status
        status = "queued" if status == "created" else status
        self._write(f"thread.run.{word}", to_json(run_object(self.run, False, status)))

    def tell_step(self, step: dict[str, Any], word: str) -> None:
        self._write(f"thread.run.step.{word}", to_json(step_object(self.run, step, False)))

    def begin_step(self, kind: str, details: Any) -> dict[str, Any]:
        step = {
            "id": f"step_{new_id()}",
            "type": kind,
            "status": "in_progress",
            "created_at": now(),
            "ended_at": 0,
            "output_count": 0,
            "details": details,
        }
        self.run.steps.append(step)
        self.tell_step(step, "created")
        self.tell_step(step, "in_progress")
        return step

    def _end_step(self, status: str, output_count: int = 0) -> None:
        step = self.run.steps[-1]
        step["status"], step["ended_at"], step["output_count"] = status, now(), output_count
        self.tell_step(step, "cancelled" if status == "canceled" else status)

    def call_tools(self, calls: list[dict[str, Any]]) -> None:
        """The step that waits: the arguments of each call come in pieces."""
        step = self.begin_step("tool_calls", [])
        for delta in call_deltas(calls):
            body = {"id": step["id"], "object": "thread.run.step.delta", "delta": {"step_details": delta}}
            self._write("thread.run.step.delta", to_json(body))
        step["details"] = [{**call, "function": {**call["function"], "output": None}} for call in calls]

    def break_off(self, status: str, reason: str) -> None:
        """What is not complete stays as it is: the message under `reason`, its step with the status."""
        message, self._open = self._open, None
        if message is not None:
            message.text = message.content = self._said_so_far()
            message.status, message.incomplete_reason, message.updated_at = "incomplete", reason, now()
            self._keep(message)
            self._write("thread.message.incomplete", to_json(message_object(message, False)))
        if self.run.steps and self.run.steps[-1]["status"] == "in_progress":
            self._end_step(status)

    # What bots say

    async def _stream(self, message: Message, parts: Iterator[str], key: str) -> str:
        if key != "content":
            return ""
        self._said, self._said_from = [], self.deltas_sent
        return await super()._stream(message, self._noted(parts), key)

    def _noted(self, parts: Iterator[str]) -> Iterator[str]:
        for part in parts:
            self._said.append(part)
            yield part

    def _said_so_far(self) -> str:
        return "".join(self._said[: self.deltas_sent - self._said_from])

    def _delta_frame(self, message: Message, key: str) -> tuple[str, str]:
        before = (
            f'{{"id":"{message.id}","object":"{DELTA}",'
            '"delta":{"content":[{"index":0,"type":"text","text":{"value":'
        )
        return before, ',"annotations":[]}}]}}'

    def _send_delta(self, before: str, after: str, part: str) -> None:
        if self.spelling.is_plain:
            text = f"event: {DELTA}\ndata: {before}{text_to_json(part)}{after}\n\n"
            self.outlet.write(to_bytes(text))
            return
        for each in split_surrogates(part) if "surrogates" in self.spelling.quirks else [part]:
            self._write(DELTA, f"{before}{text_to_json(each)}{after}")

    async def _after_delta(self) -> None:
        await super()._after_delta()
        if self.run.output_count == self.run.most_output:
            raise Incomplete("max_completion_tokens")

    def _new_message(self, kind: str, content: str, content_type: str = "text") -> ThreadMessage:
        at = now()
        message = ThreadMessage(
            id=f"msg_{new_id()}",
            conversation_id=self.run.conversation_id,
            section_id=self.run.section_id,
            role="assistant",
            type=kind,
            content=content,
            created_at=at,
            updated_at=at,
            chat_id=self.run.id,
            bot_id=self.run.bot_id,
            status="in_progress",
        )
        self.begin_step("message_creation", {"message_id": message.id})
        self._open = message
        self._keep(message)
        for word in ("created", "in_progress"):
            self._write(f"thread.message.{word}", to_json(message_object(message, False)))
        return message

    def _complete(self, message: Message) -> None:
        assert isinstance(message, ThreadMessage)
        if "completed_differs" in self.spelling.quirks:
            message.content = f"{message.content} (revised)"
        message.text, message.status = message.content, "completed"
        message.completed_at = message.updated_at = now()
        self._open = None
        self._keep(message)
        for _ in range(2 if "completed_twice" in self.spelling.quirks else 1):
            self._write("thread.message.completed", to_json(message_object(message, False)))
        self._end_step("completed", self.deltas_sent - self._said_from)

    def _keep(self, message: ThreadMessage) -> None:
        """Unless the thread was deleted meanwhile."""
        if message.conversation_id in self.simulator.world.conversations:
            self.simulator.world.save(message)

    def say(self, kind: str, content: str, content_type: str = "text") -> None:
        """Only answers are heard here."""
        if "unknown_event" in self.spelling.quirks:
            self._write("thread.sparkle", to_json({"kind": kind}))
        if "ping" in self.spelling.quirks:
            self._write("ping", "{}")
        if kind == "answer":
            message = self._new_message(kind, content)
            if content_type == "image":
                message.parts = [image_part(paint_file(self.simulator, self.run))]
            self._complete(message)

    async def suggest(self, questions: list[str]) -> None:
        """The service has no such thing."""

    def end_mark(self) -> bytes:
        if "no_done" in self.spelling.quirks or not self.spelling.quirks.isdisjoint(DONE):
            return self.spelling.done()
        return self.spelling.frame("done", "[DONE]")
