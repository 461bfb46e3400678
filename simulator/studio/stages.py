"""What bots and chatflows play on in Studio (wire-chat 10, wire-workflows 2.2, wire-supplement 3.4)."""

from __future__ import annotations

from typing import Any, NoReturn

from simulator.ids import new_id, now
from simulator.quirks import Spelling
from simulator.records import Chat, Message
from simulator.stage import Stage, Waits
from simulator.studio import wire
from simulator.studio.replies import Lines
from simulator.workflows.cards import card
from simulator.workflows.script import Ask, Form


class StudioStage(Stage):
    """A bot's chat."""

    spells_empty_reasoning = True
    last_answer: Message | None = None

    def tell(self, event: str, status: str) -> None:
        if status == "requires_action":
            event = "conversation.chat.completed"
        super().tell(wire.CANCELED if status == "canceled" else event, status)

    def chat_json(self, status: str) -> dict[str, Any]:
        return wire.chat_object(self.chat, status)

    def message_json(self, message: Message) -> dict[str, Any]:
        return wire.message_object(message)

    def facts_of(self, message: Message) -> dict[str, Any]:
        return {"meta_data": wire.facts(message)}

    def say(self, kind: str, content: str, content_type: str = "text") -> None:
        """Calls of tools are told by `show_tool`, once Studio made them."""
        if kind != "function_call":
            super().say(kind, wire.verbose(content) if kind == "verbose" else content, content_type)

    def show_tool(self, call: dict[str, Any], output: str) -> None:
        super().say("function_call", wire.function_call(call))
        super().say("tool_output", output)

    def _complete(self, message: Message) -> None:
        if message.type == "answer":
            self.last_answer = message
        super()._complete(message)

    def answer_again(self) -> None:
        """The last answer once more, with what it cost (wire-supplement, C6)."""
        if self.last_answer is None:
            return
        told = self.message_json(self.last_answer)
        incoming, outgoing = self.chat.input_count, self.chat.output_count
        costs = {"token": incoming + outgoing, "input_tokens": incoming, "output_tokens": outgoing}
        told["meta_data"] |= {name: str(count) for name, count in costs.items()}
        self._write("conversation.message.completed", wire.to_text(told))

    def finish_answers(self, reason: int = 0) -> None:
        """The reason is 0 even after an interrupt (wire-supplement, C7)."""
        super().say("verbose", wire.FINISH)

    async def put_question(self, step: Ask | Form) -> None:
        if isinstance(step, Ask) and not step.options:
            await self.answer(step.text)
        else:
            self.say("answer", wire.to_text(wire.node_message(step)), "card")

    def heard(self, words: str) -> str:
        return Lines(words)

    def interrupt(self, calls: list[dict[str, Any]]) -> NoReturn:
        """Calls of tools interrupt nothing: `performances` makes them."""
        if all(call["type"] == "reply_message" for call in calls):
            super().say("verbose", wire.INTERRUPT)
            self.finish_answers()
        raise Waits(calls)


class FlowSpelling(Spelling):
    """Numbered from 1; an event without data has no line for it."""

    def __init__(self, quirks: frozenset[str]) -> None:
        super().__init__(quirks, is_numbered=True, blank=" ", first=1)

    def _data_lines(self, data: str) -> list[str]:
        return super()._data_lines(data) if data else []


class StudioFlowStage(StudioStage):
    """A chatflow's own stream: no verbose messages, no follow-ups, and other chat objects."""

    def _new_spelling(self) -> Spelling:
        return FlowSpelling(self.directives.quirks)

    def tell(self, event: str, status: str) -> None:
        if status != "canceled":  # the stream of a cancelled run just ends
            Stage.tell(self, event, status)

    def chat_json(self, status: str) -> dict[str, Any]:
        return flow_chat_object(self.chat, status)

    def say(self, kind: str, content: str, content_type: str = "text") -> None:
        if kind not in {"verbose", "follow_up"}:
            super().say(kind, content, content_type)

    def finish_answers(self, reason: int = 0) -> None:
        pass

    async def put_question(self, step: Ask | Form) -> None:
        """One delta with all the text, or a card alone. The stored message has another id (2.2)."""
        is_plain = isinstance(step, Ask) and not step.options
        content, kind = (step.text, "text") if is_plain else (card(step), "card")
        message = self._new_message("answer", content, kind)
        if is_plain:
            before, after = self._delta_frame(message, "content")
            self._send_delta(before, after, content)
        self._write("conversation.message.completed", wire.to_text(self.message_json(message)))
        message.id, message.updated_at = new_id(), now()
        self.simulator.world.save(message)

    def interrupt(self, calls: list[dict[str, Any]]) -> NoReturn:
        raise Waits(calls)


def flow_chat_object(chat: Chat, status: str = "") -> dict[str, Any]:
    """The bot is named only once it is completed; usage counts the output twice (wire-workflows 2.2)."""
    status = status or chat.status
    told: dict[str, Any] = {"id": chat.id, "conversation_id": chat.conversation_id, "status": status}
    told |= {"execute_id": chat.execute_id, "section_id": chat.section_id}
    if status == "requires_action":
        return told
    told["created_at"] = chat.created_at
    if chat.inserted:
        told["inserted_additional_messages"] = [{"id": message_id} for message_id in chat.inserted]
    if status == "completed":
        usage = {"input_count": chat.input_count, "output_count": chat.output_count}
        told |= {"bot_id": chat.bot_id, "completed_at": chat.completed_at}
        told["usage"] = usage | {"token_count": 2 * chat.output_count}
    return told
