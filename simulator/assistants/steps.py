"""Steps of a run: list, retrieve (wire-workflows 5.2)."""

from __future__ import annotations

from simulator.assistants.finding import find_run
from simulator.assistants.paging import list_reply
from simulator.assistants.refusals import not_found
from simulator.assistants.versions import is_old
from simulator.assistants.wire import step_object
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes()


@routes.get("/v1/threads/{thread_id}/runs/{run_id}/steps")
async def list_steps(simulator: Simulator, request: Request) -> Answer:
    run, old = find_run(simulator, request), is_old(simulator, request)
    return list_reply(
        request, run.steps, lambda step: str(step["id"]), lambda step: step_object(run, step, old)
    )


@routes.get("/v1/threads/{thread_id}/runs/{run_id}/steps/{step_id}")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    run, step_id = find_run(simulator, request), request.path_values["step_id"]
    for step in run.steps:
        if step["id"] == step_id:
            return Reply.json(step_object(run, step, is_old(simulator, request)))
    raise not_found("run step", step_id)
