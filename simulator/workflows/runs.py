"""Workflows: run, stream_run, resume, stream_resume, histories (wire-workflows 1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from simulator.answering import hold_before, hold_submitted, note_accepted, note_refused, refuse_as_told
from simulator.directives import Directives, carry_over, read_directives
from simulator.envelope import ApiError, bad_request, to_json
from simulator.ids import new_id, now
from simulator.outlet import Outlet, nowhere
from simulator.records import Run
from simulator.routing import Answer, Reply, Request, Routes, Streamed
from simulator.simulator import Simulator
from simulator.workflows.catalog import WORKFLOWS
from simulator.workflows.running import RunStage, debug_url, perform_leg
from simulator.workflows.script import Workflow

routes = Routes()
SYNC, STREAM, ASYNC = 0, 1, 2


@routes.post("/v1/workflow/run")
async def run_once(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    mode = ASYNC if body.get("is_async") is True else SYNC
    run, workflow, directives = new_run(simulator, request, body, mode)
    return await _answer_in_json(simulator, request, run, workflow, None, directives)


@routes.post("/v1/workflow/stream_run")
async def stream_run(simulator: Simulator, request: Request) -> Answer:
    run, workflow, directives = new_run(simulator, request, request.json(), STREAM)
    return await stream(simulator, run, workflow, None, directives)


@routes.post("/v1/workflow/stream_resume")
async def stream_resume(simulator: Simulator, request: Request) -> Answer:
    run, workflow, reply, directives = await resumed(simulator, request, _check_streamed)
    return await stream(simulator, run, workflow, reply, directives)


@routes.post("/v1/workflows/resume")
async def resume(simulator: Simulator, request: Request) -> Answer:
    """Only after /v1/workflow/run; sync or async as the run was."""
    run, workflow, reply, directives = await resumed(simulator, request, _check_unstreamed)
    return await _answer_in_json(simulator, request, run, workflow, reply, directives)


async def stream(
    simulator: Simulator,
    run: Run,
    workflow: Workflow,
    reply: str | None,
    directives: Directives,
    stage_type: type[RunStage] = RunStage,
) -> Answer:
    outlet = Outlet(directives.drop_after, "split_utf8" in directives.quirks)
    stage = stage_type(simulator, run, outlet, directives)
    await stage.hold("accepted")
    simulator.spawn(perform_leg(stage, workflow, reply))
    return Streamed(outlet)


async def _answer_in_json(
    simulator: Simulator,
    request: Request,
    run: Run,
    workflow: Workflow,
    reply: str | None,
    directives: Directives,
) -> Answer:
    """Async: the execute id at once. Sync: what came of the leg (wire-workflows 1.2)."""
    stage = RunStage(simulator, run, nowhere(), directives)
    answer: dict[str, Any] = {"code": 0, "msg": "Success", "debug_url": debug_url(run)}
    if run.mode == ASYNC:
        simulator.spawn(perform_leg(stage, workflow, reply))
        return Reply.json(answer | {"execute_id": run.id, "detail": {"logid": request.log_id}})
    await perform_leg(stage, workflow, reply)
    if run.status == "Fail":
        raise ApiError(int(run.error_code), run.error_msg)
    answer["execute_id"] = run.id
    if run.interrupt is not None:
        answer |= {"msg": "", "data": "", "interrupt_data": run.interrupt}
    else:
        answer |= {"data": run.nodes["End"]["text"], "usage": _usage(run)}
    return Reply.json(answer | {"detail": {"logid": request.log_id}})


def new_run(
    simulator: Simulator, request: Request, body: dict[str, Any], mode: int
) -> tuple[Run, Workflow, Directives]:
    """ApiError 4000 or 4200."""
    workflow = WORKFLOWS.get(str(body.get("workflow_id", "")))
    if workflow is None:
        raise ApiError(4200)
    if body.get("bot_id") and body.get("app_id"):
        raise bad_request("bot_id and app_id cannot be used together.")
    parameters = _parameters(body.get("parameters"))
    said = " ".join(value if isinstance(value, str) else to_json(value) for value in parameters.values())
    at = now()
    run = Run(
        id=new_id(),
        workflow_id=workflow.id,
        owner=request.owner,
        user_id=str((body.get("ext") or {}).get("user_id", "")),
        mode=mode,
        created_at=at,
        updated_at=at,
        bot_id=str(body.get("bot_id") or "0"),
        log_id=request.log_id,
        memory=parameters,
        said=said,
        input_count=len(to_json(parameters)) // 4 + 1,
    )
    simulator.world.save(run)
    return run, workflow, read_directives(said)


def _parameters(raw: Any) -> dict[str, Any]:
    """An object, or the JSON string of one as in old samples."""
    try:
        value = json.loads(raw) if isinstance(raw, str) and raw else raw or {}
    except ValueError as error:
        raise bad_request("parameters is not valid JSON.") from error
    if not isinstance(value, dict):
        raise bad_request("parameters must be an object.")
    return value


async def resumed(
    simulator: Simulator, request: Request, check: Callable[[Run, dict[str, Any]], None]
) -> tuple[Run, Workflow, str, Directives]:
    """The run that waits for this very event. ApiError 4000 (wire-workflows 1.7) or as told."""
    body = request.json()
    event_id, reply = body.get("event_id"), body.get("resume_data")
    if not isinstance(event_id, str) or not isinstance(reply, str):
        raise bad_request("event_id and resume_data must be strings.")
    run_id = event_id.partition("/")[0]
    run = simulator.world.runs.get(run_id)
    first = read_directives(run.said if run else "")
    directives = carry_over(first, read_directives(reply))
    await hold_before(simulator, request, directives, run_id)
    run = simulator.world.runs.get(run_id)
    if run is None or run.owner != request.owner:
        raise bad_request("There is no such event.")
    sent = {"event_id": event_id, "resume_data": reply}
    try:
        check(run, body)
        refuse_as_told(run.submits, first)
    except ApiError as error:
        note_refused(run.submits, error, request, **sent)
        simulator.world.save(run)
        raise
    note_accepted(run.submits, request, **sent)
    run.interrupt = None
    simulator.world.save(run)
    await hold_submitted(simulator, directives, run.id)
    return run, WORKFLOWS[run.workflow_id], reply, directives


def _check_streamed(run: Run, body: dict[str, Any]) -> None:
    _check_event(run, body, is_streamed=True)


def _check_unstreamed(run: Run, body: dict[str, Any]) -> None:
    _check_event(run, body, is_streamed=False)


def _check_event(run: Run, body: dict[str, Any], is_streamed: bool) -> None:
    waiting = run.interrupt
    if run.workflow_id != body.get("workflow_id"):
        raise bad_request("The event belongs to another workflow.")
    if waiting is None or waiting["event_id"] != body["event_id"]:
        raise bad_request("The event was already answered, or its run is over.")
    if waiting["type"] != body.get("interrupt_type"):
        raise bad_request("The event is of another type.")
    if (run.mode == STREAM) is not is_streamed:
        raise bad_request("A streamed run is resumed by stream_resume, any other by resume.")


@routes.get("/v1/workflows/{workflow_id}/run_histories/{execute_id}")
async def retrieve_history(simulator: Simulator, request: Request) -> Answer:
    """A list of exactly one (wire-workflows 1.3)."""
    run = _find_run(simulator, request)
    output = {"Output" if title == "End" else title: node["text"] for title, node in run.nodes.items()}
    history: dict[str, Any] = {
        "execute_id": run.id,
        "execute_status": run.status,
        "bot_id": run.bot_id,
        "connector_id": "1024",
        "connector_uid": run.user_id,
        "run_mode": run.mode,
        "output": to_json(output),
        "create_time": run.created_at,
        "update_time": run.updated_at,
        "node_execute_status": {title: _node_status(node) for title, node in run.nodes.items()},
        "error_code": run.error_code,
        "error_message": run.error_msg,
        "debug_url": debug_url(run),
        "usage": _usage(run),
        "is_output_trimmed": False,
        "logid": run.log_id,
    }
    if run.interrupt is not None:
        history["interrupt_data"] = run.interrupt
    return request.ok([history])


@routes.get("/v1/workflows/{workflow_id}/run_histories/{execute_id}/execute_nodes/{node_execute_uuid}")
async def retrieve_node(simulator: Simulator, request: Request) -> Answer:
    run = _find_run(simulator, request)
    for node in run.nodes.values():
        if node["uuid"] == request.path_values["node_execute_uuid"]:
            return request.ok({"is_finish": True, "node_output": node["text"]})
    raise ApiError(4200)


def _find_run(simulator: Simulator, request: Request) -> Run:
    run = simulator.world.runs.get(request.path_values["execute_id"])
    if run is None or run.owner != request.owner or run.workflow_id != request.path_values["workflow_id"]:
        raise ApiError(4314)
    return run


def _node_status(node: dict[str, Any]) -> dict[str, Any]:
    return {
        "node_id": node["id"],
        "is_finish": True,
        "update_time": node["at"],
        "loop_index": 0,
        "batch_index": 0,
        "sub_execute_id": "",
        "node_execute_uuid": node["uuid"],
    }


def _usage(run: Run) -> dict[str, int]:
    return {
        "token_count": run.input_count + run.output_count,
        "output_count": run.output_count,
        "input_count": run.input_count,
    }
