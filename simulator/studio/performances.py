"""Legs of chats in Studio: it calls tools itself, and ends in ways of its own (wire-supplement 2, 3.4)."""

from __future__ import annotations

from typing import Any

from simulator.bots.casting import BOTS
from simulator.performing import Part, Performance
from simulator.stage import Failed, Waits
from simulator.studio import wire
from simulator.studio.stages import StudioFlowStage, StudioStage

CANNOT_START, FAILED_WHILE_ANSWERING = 103100001, 103200002
FLOW_FAILED, UNSUPPORTED_INTERRUPT = 720701013, 777777775
TOOL_OUTPUT = '{"probability":0.4}'


class StudioPerformance(Performance):
    stage: StudioStage

    def __init__(self, stage: Any, part: Part) -> None:
        super().__init__(stage, part)

    async def play(self) -> None:
        try:
            await super().play()
        except Waits as waits:
            await self._use_tools(waits)

    async def _use_tools(self, waits: Waits) -> None:
        """Round for round, until the bot is done or asks the person something."""
        bot = BOTS[self.stage.chat.bot_id]
        calls = [call for call in waits.calls if call["type"] != "reply_message"]
        if not calls:
            raise waits
        self.stage.show_tool(calls[0], TOOL_OUTPUT)
        try:
            await bot.resume(self.stage, [(call, TOOL_OUTPUT) for call in calls])
        except Waits as again:
            await self._use_tools(again)

    async def complete(self) -> None:
        if BOTS[self.stage.chat.bot_id].workflow_id:
            self.stage.answer_again()
        await super().complete()

    async def fail(self, failed: Failed) -> None:
        """What cannot start ends with the `error` event; what fails later is completed all the same (C5)."""
        await self.stage.hold("ending")
        if failed.is_event:
            self.settle("failed")
            self.break_off({"code": CANNOT_START, "msg": failed.msg})
            return
        error = {"code": FAILED_WHILE_ANSWERING, "msg": failed.msg}
        self.stage.outlet.write(self.stage.spelling.frame("error", wire.to_text(error)))
        self.settle("completed")
        self.stage.tell("conversation.chat.completed", self.stage.chat.status)

    def end_mark(self) -> bytes:
        spelling = self.stage.spelling
        return b"" if "no_done" in spelling.quirks else spelling.frame("conversation.stream.done", "")


class FlowPerformance(Performance):
    stage: StudioFlowStage

    def __init__(self, stage: Any, part: Part) -> None:
        super().__init__(stage, part)

    async def wait(self, waits: Waits) -> None:
        if any(call["type"] != "reply_message" for call in waits.calls):
            await self.fail(Failed(UNSUPPORTED_INTERRUPT, "unsupported interrupt event type"))
        else:
            await super().wait(waits)

    async def fail(self, failed: Failed) -> None:
        """No `chat.failed` and no `done`; the code is a string."""
        await self.stage.hold("ending")
        self.settle("failed")
        code = failed.code if failed.code > 99_999 else FLOW_FAILED
        self.break_off({"code": str(code), "msg": failed.msg, "debug_url": self._debug_url()})

    def end_mark(self) -> bytes:
        if self.stage.chat.status == "canceled":
            return b""
        return self.stage.spelling.frame("done", wire.to_text({"debug_url": self._debug_url()}))

    def _debug_url(self) -> str:
        chat = self.stage.chat
        return wire.debug_url(chat.execute_id, chat.workflow_id)
