"""What a bot plays on: the stage keeps its messages, spells them on the stream, obeys the directives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from simulator.directives import Directives
from simulator.envelope import text_to_json, to_bytes, to_json
from simulator.ids import new_id, now
from simulator.outlet import Outlet
from simulator.pace import Pace, numbered_tokens, pieces
from simulator.quirks import Spelling, split_surrogates
from simulator.records import Chat, Message
from simulator.wire import INTERRUPT, answer_finish, chat_object, message_object
from simulator.workflows.cards import card, plain_question
from simulator.workflows.script import Ask, Form

if TYPE_CHECKING:
    from simulator.simulator import Simulator

GARBAGE = b'\x00\xff<html>502</html>\n\ndata\nevent:conversation.message.delta\ndata:{"id":"1",\n\n'


class Failed(Exception):
    """The chat fails with this `last_error`; `is_event`: told by an `error` event."""

    def __init__(self, code: int, msg: str, is_event: bool = False) -> None:
        super().__init__(code, msg)
        self.code, self.msg, self.is_event = code, msg, is_event


class Waits(Exception):
    """The leg is over: the chat waits for these tool calls."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        super().__init__(len(calls))
        self.calls = calls


class Stage:
    """One leg of one chat. Everything a bot says is also kept as a message of the conversation."""

    spells_empty_reasoning = False

    def __init__(self, simulator: Simulator, chat: Chat, outlet: Outlet, directives: Directives) -> None:
        self.simulator = simulator
        self.chat = chat
        self.outlet = outlet
        self.directives = directives
        self.spelling = self._new_spelling()
        rate = simulator.rate if directives.rate is None else directives.rate
        self.pace = Pace(rate)
        self.deltas_sent = 0
        self.is_broken_off = False  # an `error` event was the last word: no `done`
        self.over = asyncio.Event()
        self._has_answered = False

    def _new_spelling(self) -> Spelling:
        return Spelling(self.directives.quirks)

    # What every leg does

    def tell(self, event: str, status: str) -> None:
        """A chat event."""
        chat_json = self.chat_json(status)
        if "compleated" in self.spelling.quirks and status == "completed":
            chat_json["status"] = "compleated"
        self._write(event, to_json(chat_json))

    async def hold(self, point: str) -> None:
        if self.directives.hold and self.directives.hold_at == point:
            await self.simulator.holds.wait_here(self.directives.hold, self.chat.id)
            self.pace.restart()

    def chat_json(self, status: str) -> dict[str, Any]:
        return chat_object(self.chat, status)

    def message_json(self, message: Message) -> dict[str, Any]:
        return message_object(message, with_meta_data=False)

    def _write(self, event: str, data: str) -> None:
        if self.outlet.is_heard:
            self.outlet.write(self.spelling.frame(event, data))

    # What bots say

    async def answer(self, text: str, reasoning: str = "", content_type: str = "text") -> None:
        """One answer: deltas at the pace asked for, then the whole. `tokens=` replaces the first text."""
        wanted = self.directives.tokens
        is_first = not self._has_answered
        self._has_answered = True
        if is_first:
            await asyncio.sleep(self.directives.first_delay)
            self.pace.restart()
        message = self._new_message("answer", "", content_type)
        think = self.directives.think if is_first else 0
        thoughts = numbered_tokens(think) if think else pieces(reasoning)
        message.reasoning = await self._stream(message, thoughts, "reasoning_content")
        parts = numbered_tokens(wanted) if is_first and wanted is not None else pieces(text)
        message.content = await self._stream(message, parts, "content")
        await self.hold("last")
        self._complete(message)

    async def _stream(self, message: Message, parts: Iterator[str], key: str) -> str:
        """Send the parts as deltas; the text they make."""
        before, after = self._delta_frame(message, key)
        said: list[str] = []
        for part in parts:
            await self.pace.wait()
            said.append(part)
            self.chat.output_count += 1
            if self.outlet.is_heard and "completed_only" not in self.spelling.quirks:
                self._send_delta(before, after, part)
            self.deltas_sent += 1
            await self._after_delta()
        return "".join(said)

    def _delta_frame(self, message: Message, key: str) -> tuple[str, str]:
        """The JSON of a delta before and after its text."""
        fields: dict[str, Any] = {"id": message.id, "conversation_id": message.conversation_id}
        if message.bot_id:
            fields["bot_id"] = message.bot_id
        fields |= {"role": "assistant", "type": message.type}
        if key == "reasoning_content":
            fields["content"] = ""
        elif self.spells_empty_reasoning or "empty_reasoning" in self.spelling.quirks:
            fields["reasoning_content"] = ""
        rest = {
            "content_type": message.content_type,
            "chat_id": message.chat_id,
            "section_id": message.section_id,
            **self.facts_of(message),
        }
        return f'{to_json(fields)[:-1]},"{key}":', f",{to_json(rest)[1:]}"

    def facts_of(self, message: Message) -> dict[str, Any]:
        """What every event of a message carries besides."""
        return {}

    def _send_delta(self, before: str, after: str, part: str) -> None:
        if self.spelling.is_plain:
            text = f"event:conversation.message.delta\ndata:{before}{text_to_json(part)}{after}\n\n"
            self.outlet.write(to_bytes(text))
            return
        for each in split_surrogates(part) if "surrogates" in self.spelling.quirks else [part]:
            self._write("conversation.message.delta", f"{before}{text_to_json(each)}{after}")

    async def _after_delta(self) -> None:
        directives, sent = self.directives, self.deltas_sent
        if directives.hold:
            await self.hold(f"delta:{sent}")
            if sent == 1:
                await self.hold("first")
        if sent == directives.stall_after:
            self.outlet.mute()
        if sent == directives.hang_after:
            await self.simulator.holds.wait_here("hang", self.chat.id)
        if directives.garbage and sent == 3:
            self.outlet.write(GARBAGE)
            self.outlet.close()

    async def begin_answer(self, text: str) -> None:
        """An answer that breaks off: deltas, but never a whole message."""
        await self._stream(self._new_message("answer", ""), pieces(text), "content")

    def _new_message(self, kind: str, content: str, content_type: str = "text") -> Message:
        at = now()
        return Message(
            id=new_id(),
            conversation_id=self.chat.conversation_id,
            section_id=self.chat.section_id,
            role="assistant",
            type=kind,
            content=content,
            content_type=content_type,
            created_at=at,
            updated_at=at,
            chat_id=self.chat.id,
            bot_id="" if self.chat.workflow_id else self.chat.bot_id,
        )

    def _complete(self, message: Message) -> None:
        if "completed_differs" in self.spelling.quirks and message.type == "answer":
            message.content = f"{message.content} (revised)"
        if self.chat.is_saved and message.conversation_id in self.simulator.world.conversations:
            self.simulator.world.save(message)
        twice = "completed_twice" in self.spelling.quirks
        for _ in range(2 if twice and message.type == "answer" else 1):
            self._write("conversation.message.completed", to_json(self.message_json(message)))

    def say(self, kind: str, content: str, content_type: str = "text") -> None:
        """A message that comes whole: function_call, tool_response, verbose, knowledge, follow_up, a card."""
        if "unknown_event" in self.spelling.quirks:
            self._write("conversation.message.sparkle", to_json({"kind": kind}))
        if "ping" in self.spelling.quirks:
            self._write("PING", "{}")
        self._complete(self._new_message(kind, content, content_type))

    def finish_answers(self, reason: int = 0) -> None:
        self.say("verbose", answer_finish(reason))

    async def put_question(self, step: Ask | Form) -> None:
        """What a node of a chatflow asks, as an answer."""
        if self.chat.enable_card:
            self.say("answer", card(step), "card")
        else:
            await self.answer(plain_question(step))

    def heard(self, words: str) -> str:
        """A message that answers such a question, as the node reads it."""
        return words

    def interrupt(self, calls: list[dict[str, Any]]) -> NoReturn:
        """The leg ends here and the chat waits for these."""
        self.say("verbose", INTERRUPT)
        self.finish_answers(reason=1)
        raise Waits(calls)

    async def suggest(self, questions: list[str]) -> None:
        """Up to three follow-ups, shortly after the answer."""
        wanted = len(questions) if self.directives.follow_ups is None else self.directives.follow_ups
        if wanted and questions:
            await self.pace.pause(0.4)
            for question in questions[:wanted]:
                self.say("follow_up", question)
