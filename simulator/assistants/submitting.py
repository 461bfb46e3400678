"""POST /v1/threads/{t}/runs/{r}/submit_tool_outputs (seed 004): all outputs of a round in one request."""

from __future__ import annotations

from dataclasses import replace

from simulator.answering import (
    hold_before,
    hold_submitted,
    note_accepted,
    note_refused,
    refuse_as_told,
)
from simulator.assistants.calls import Outputs, read_outputs
from simulator.assistants.casting import ASSISTANTS
from simulator.assistants.finding import find_run
from simulator.assistants.records import ThreadRun
from simulator.assistants.starting import start_leg, wants_stream
from simulator.bots.bot import Bot
from simulator.directives import Directives, carry_over, read_directives
from simulator.envelope import ApiError
from simulator.ids import now
from simulator.routing import Answer, Request, Routes
from simulator.simulator import Simulator
from simulator.stage import Stage

routes = Routes()


@routes.post("/v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs")
async def submit_tool_outputs(simulator: Simulator, request: Request) -> Answer:
    """A run that was refused waits on."""
    body, run = request.json(), find_run(simulator, request)
    first = read_directives(run.question)
    await hold_before(simulator, request, carry_over(first, Directives()), run.id)
    run = find_run(simulator, request)
    raw = body.get("tool_outputs")
    try:
        outputs = read_outputs(run, raw)
        refuse_as_told(run.submits, first)
    except ApiError as error:
        note_refused(run.submits, error, request, outputs=raw)
        simulator.world.save(run)
        raise
    note_accepted(run.submits, request, outputs=raw)
    bot = ASSISTANTS[run.bot_id]
    directives = _second_leg(run, bot, " ".join(output for _, output in outputs))
    _accept(run, outputs)
    simulator.world.save(run)
    await hold_submitted(simulator, directives, run.id)

    async def part(stage: Stage) -> None:
        await bot.resume(stage, outputs)

    streamed = wants_stream(simulator, request, body)
    return await start_leg(simulator, request, run, directives, part, None, streamed)


def _accept(run: ThreadRun, outputs: Outputs) -> None:
    """The step that waited is complete, with the outputs in it."""
    run.status, run.calls = "queued", []
    step = run.steps[-1]
    step["status"], step["ended_at"] = "completed", now()
    for call, (_, output) in zip(step["details"], outputs, strict=True):
        call["function"]["output"] = output


def _second_leg(run: ThreadRun, bot: Bot, outputs: str) -> Directives:
    """A tool output may carry directives of its own; pace and spelling stay as the question said."""
    first, own = bot.adapt(read_directives(run.question), run.question), read_directives(outputs)
    rate = first.rate if own.rate is None else own.rate
    return carry_over(first, replace(own, rate=rate, quirks=own.quirks or first.quirks))
