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


async def perform(stage: Stage, part: Part, is_first_leg: bool) -> None:
    """The task of a leg. `part` is what the bot does; how it ends decides the chat's state."""
    try:
        await _begin(stage, is_first_leg)
        try:
            await _play(stage, part)
        except Waits as waits:
            await _require(stage, waits)
        except Failed as failed:
            await _fail(stage, failed)
        except Exception as error:
            logger.exception("chat %s", stage.chat.id)
            await _fail(stage, Failed(5000, f"simulator: {error!r}"))
        else:
            await _complete(stage)
        await stage.hold("completed")
        if not stage.is_broken_off:
            stage.outlet.write(_end_mark(stage))
    finally:
        stage.outlet.close()
        stage.over.set()


async def _begin(stage: Stage, is_first_leg: bool) -> None:
    if is_first_leg:
        stage.tell("conversation.chat.created", "created")
        await stage.hold("created")
    stage.tell("conversation.chat.in_progress", "in_progress")


async def _play(stage: Stage, part: Part) -> None:
    if stage.directives.error is not None or stage.directives.error_event is not None:
        await _play_half(stage)
    await part(stage)


async def _play_half(stage: Stage) -> None:
    """Some of an answer that is never completed, then the failure asked for."""
    code = stage.directives.error if stage.directives.error is not None else stage.directives.error_event
    assert code is not None
    await stage.begin_answer("This answer will not come to its end")
    raise Failed(code, MESSAGES.get(code, "error"), is_event=stage.directives.error is None)


async def _complete(stage: Stage) -> None:
    await stage.hold("ending")
    if "error_then_completed" in stage.spelling.quirks:
        stage.outlet.write(stage.spelling.frame("error", '{"code":103200002,"msg":"model error"}'))
    _settle(stage, "completed")
    if "no_final" not in stage.spelling.quirks:
        stage.tell(f"conversation.chat.{stage.chat.status}", stage.chat.status)


async def _require(stage: Stage, waits: Waits) -> None:
    await stage.hold("ending")
    stage.chat.calls = waits.calls
    _settle(stage, "requires_action")
    seconds = stage.directives.expires
    if seconds is not None:
        expiry = expire_chat_later(stage.simulator, stage.chat, seconds, stage.directives.expires_as)
        stage.simulator.spawn(expiry)
    stage.tell(f"conversation.chat.{stage.chat.status}", stage.chat.status)


async def _fail(stage: Stage, failed: Failed) -> None:
    await stage.hold("ending")
    chat = stage.chat
    if chat.status not in FINAL:
        chat.error_code, chat.error_msg, chat.failed_at = failed.code, failed.msg, now()
    _settle(stage, "failed")
    if failed.is_event:
        body = to_json({"code": failed.code, "msg": failed.msg})
        stage.outlet.write(stage.spelling.frame("error", body))
        stage.is_broken_off = True
    else:
        stage.tell(f"conversation.chat.{chat.status}", chat.status)


def _settle(stage: Stage, status: str) -> None:
    """Write the state down, unless a cancel was first: the stream went on, but the state stays."""
    chat, world = stage.chat, stage.simulator.world
    if chat.status not in FINAL:
        chat.status = status
        chat.completed_at = 0 if status == "failed" else now()
    if chat.is_saved:
        world.save(chat)
    else:
        world.occupy(chat)


def _end_mark(stage: Stage) -> bytes:
    if stage.chat.workflow_id:
        url = f"https://www.coze.cn/work_flow?execute_id={stage.chat.execute_id}&workflow_id={stage.chat.workflow_id}"
        return stage.spelling.frame("done", to_json({"debug_url": url}).replace("&", "\\u0026"))
    return stage.spelling.done()
