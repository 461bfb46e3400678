"""Plays one leg of a chat from its first event to its last, whether anybody listens or not."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from simulator.envelope import MESSAGES, to_json
from simulator.expiring import expire_chat_later
from simulator.ids import now
from simulator.records import FINAL
from simulator.stage import Failed, Stage, Waits

logger = logging.getLogger(__name__)
Part = Callable[[Stage], Awaitable[None]]


class Performance:
    """`run` is the task of a leg. `part` is what the bot does; how it ends decides the chat's state."""

    def __init__(self, stage: Stage, part: Part) -> None:
        self.stage = stage
        self.part = part

    async def run(self, is_first_leg: bool) -> None:
        stage = self.stage
        try:
            await self._begin(is_first_leg)
            try:
                await self.play()
            except Waits as waits:
                await self.wait(waits)
            except Failed as failed:
                await self.fail(failed)
            except Exception as error:
                logger.exception("chat %s", stage.chat.id)
                await self.fail(Failed(5000, f"simulator: {error!r}"))
            else:
                await self.complete()
            await stage.hold("completed")
            if not stage.is_broken_off:
                stage.outlet.write(self.end_mark())
        finally:
            stage.outlet.close()
            stage.over.set()

    async def _begin(self, is_first_leg: bool) -> None:
        stage = self.stage
        if is_first_leg:
            stage.tell("conversation.chat.created", "created")
            await stage.hold("created")
        stage.tell("conversation.chat.in_progress", "in_progress")

    async def play(self) -> None:
        directives = self.stage.directives
        if directives.error is not None or directives.error_event is not None:
            await self._play_half()
        await self.part(self.stage)

    async def _play_half(self) -> None:
        """Some of an answer that is never completed, then the failure asked for."""
        directives = self.stage.directives
        code = directives.error if directives.error is not None else directives.error_event
        assert code is not None
        await self.stage.begin_answer("This answer will not come to its end")
        raise Failed(code, MESSAGES.get(code, "error"), is_event=directives.error is None)

    async def complete(self) -> None:
        stage = self.stage
        await stage.hold("ending")
        if "error_then_completed" in stage.spelling.quirks:
            stage.outlet.write(stage.spelling.frame("error", '{"code":103200002,"msg":"model error"}'))
        self.settle("completed")
        if "no_final" not in stage.spelling.quirks:
            stage.tell(f"conversation.chat.{stage.chat.status}", stage.chat.status)

    async def wait(self, waits: Waits) -> None:
        stage = self.stage
        await stage.hold("ending")
        stage.chat.calls = waits.calls
        self.settle("requires_action")
        seconds = stage.directives.expires
        if seconds is not None:
            expiry = expire_chat_later(stage.simulator, stage.chat, seconds, stage.directives.expires_as)
            stage.simulator.spawn(expiry)
        stage.tell(f"conversation.chat.{stage.chat.status}", stage.chat.status)

    async def fail(self, failed: Failed) -> None:
        stage = self.stage
        await stage.hold("ending")
        chat = stage.chat
        if chat.status not in FINAL:
            chat.error_code, chat.error_msg, chat.failed_at = failed.code, failed.msg, now()
        self.settle("failed")
        if failed.is_event:
            self.break_off({"code": failed.code, "msg": failed.msg})
        else:
            stage.tell(f"conversation.chat.{chat.status}", chat.status)

    def break_off(self, error: dict[str, object]) -> None:
        """An `error` event is the last word."""
        self.stage.outlet.write(self.stage.spelling.frame("error", to_json(error)))
        self.stage.is_broken_off = True

    def settle(self, status: str) -> None:
        """Write the state down, unless a cancel was first: the stream went on, but the state stays."""
        chat, world = self.stage.chat, self.stage.simulator.world
        if chat.status not in FINAL:
            chat.status = status
            chat.completed_at = 0 if status == "failed" else now()
        if chat.is_saved:
            world.save(chat)
        else:
            world.occupy(chat)

    def end_mark(self) -> bytes:
        chat, spelling = self.stage.chat, self.stage.spelling
        if not chat.workflow_id:
            return spelling.done()
        url = f"https://www.coze.cn/work_flow?execute_id={chat.execute_id}&workflow_id={chat.workflow_id}"
        return spelling.frame("done", to_json({"debug_url": url}).replace("&", "\\u0026"))
