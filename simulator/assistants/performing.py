"""Plays one leg of a run from its first event to its last, whether anybody listens or not."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from simulator.assistants.calls import named_anew
from simulator.assistants.expiring import expire_in_time
from simulator.assistants.refusals import as_refusal, error_object
from simulator.assistants.stage import Incomplete, RunStage
from simulator.envelope import MESSAGES, ApiError, to_json
from simulator.ids import now
from simulator.performing import Part
from simulator.records import FINAL
from simulator.stage import Failed, Waits

logger = logging.getLogger(__name__)
CANCELLING_SECONDS = 0.2  # at a pace; rate 0 takes none


async def perform(stage: RunStage, part: Part, is_first_leg: bool) -> None:
    """The task of a leg. It is cancelled when the run is, or is over for another reason."""
    stage.task = asyncio.current_task()
    try:
        try:
            await _play_leg(stage, part, is_first_leg)
        except asyncio.CancelledError:
            if stage.run.status not in {"cancelling", "expired"} or stage.task is None:
                raise
            stage.task.uncancel()
        if stage.run.status in {"cancelling", "expired", "canceled"}:
            await end_early(stage)
        await stage.hold("completed")
        if not stage.is_broken_off:
            stage.outlet.write(stage.end_mark())
    finally:
        stage.outlet.close()
        stage.over.set()


async def end_early(stage: RunStage) -> None:
    """The run was cancelled, or its time is over: both tell what became of what was begun."""
    if stage.run.status == "expired":
        stage.break_off("expired", "run_expired")
        stage.simulator.world.save(stage.run)
        stage.tell_run("expired")
        return
    stage.tell_run("cancelling")
    await stage.hold("cancelling")
    await stage.pace.pause(CANCELLING_SECONDS)
    stage.break_off("canceled", "run_cancelled")
    _settle(stage, "canceled")
    stage.tell_run("canceled")


async def _play_leg(stage: RunStage, part: Part, is_first_leg: bool) -> None:
    await _begin(stage, is_first_leg)
    try:
        if stage.run.status == "in_progress":
            await _play(stage, part)
            await _end(stage, "completed")
    except Waits as waits:
        await _require(stage, waits.calls)
    except Incomplete as incomplete:
        stage.break_off("completed", "max_tokens")
        stage.run.incomplete_reason = str(incomplete)
        await _end(stage, "incomplete")
    except Failed as failed:
        await _fail(stage, failed)
    except Exception as error:
        logger.exception("run %s", stage.run.id)
        await _fail(stage, Failed(5000, f"simulator: {error!r}"))


async def _begin(stage: RunStage, is_first_leg: bool) -> None:
    run = stage.run
    if is_first_leg:
        stage.tell_run("created")
        stage.tell_run("queued")
        await stage.hold("created")
    else:
        stage.tell_step(run.steps[-1], "completed")
        stage.tell_run("queued")
    if run.status == "queued":
        run.status, run.started_at = "in_progress", run.started_at or now()
        stage.simulator.world.save(run)
        stage.tell_run("in_progress")


async def _play(stage: RunStage, part: Part) -> None:
    directives = stage.directives
    code = directives.error if directives.error is not None else directives.error_event
    if code is not None:
        await stage.begin_answer("This answer will not come to its end")
        raise Failed(code, MESSAGES.get(code, "error"), is_event=directives.error is None)
    await part(stage)


async def _end(stage: RunStage, status: str) -> None:
    await stage.hold("ending")
    _settle(stage, status)
    if "no_final" not in stage.spelling.quirks:
        stage.tell_run(stage.run.status)


async def _require(stage: RunStage, calls: list[dict[str, Any]]) -> None:
    run = stage.run
    calls = named_anew(run, calls)
    stage.call_tools(calls)
    await stage.hold("ending")
    run.calls = calls
    if stage.directives.expires is not None:
        run.expires_at = time.time() + stage.directives.expires
    _settle(stage, "requires_action")
    stage.simulator.spawn(expire_in_time(stage.simulator, run))
    stage.tell_run("requires_action")


async def _fail(stage: RunStage, failed: Failed) -> None:
    run = stage.run
    stage.break_off("failed", "run_failed")
    await stage.hold("ending")
    run.error_code, run.error_msg = failed.code, failed.msg
    _settle(stage, "failed")
    if failed.is_event:
        error = error_object(as_refusal(ApiError(failed.code, failed.msg)))
        stage.outlet.write(stage.spelling.frame("error", to_json({"error": error})))
        stage.is_broken_off = True
    else:
        stage.tell_run("failed")


def _settle(stage: RunStage, status: str) -> None:
    run = stage.run
    if run.status not in FINAL:
        run.status = status
        run.failed_at, run.completed_at = (now(), 0) if status == "failed" else (0, now())
    stage.simulator.world.save(run)
