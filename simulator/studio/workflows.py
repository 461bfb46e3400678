"""Workflows in Studio: run, stream_run, stream_resume, get_run_history (wire-workflows 1 and 6)."""

from __future__ import annotations

from typing import Any

from simulator.directives import Directives
from simulator.envelope import ApiError, to_json
from simulator.outlet import nowhere
from simulator.records import Run
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator
from simulator.studio import wire
from simulator.studio.refusals import require_ids
from simulator.studio.replies import Lenient
from simulator.workflows import runs
from simulator.workflows.running import INPUT, QUESTION, RunStage, perform_leg
from simulator.workflows.script import Ask, Form, Workflow

routes = Routes()
NOT_PUBLISHED, NOT_PUBLISHED_INSIDE, WAITS_IN_SYNC, RUN_FAILED = 6031, 720702011, 6039, 720701013
NODE_TYPES = {"Question": "Question", "Options": "Question", "End": "End"}


class StudioRunStage(RunStage):
    async def ask(self, step: Ask) -> None:
        """All that was asked and answered so far, as raw JSON: as a Message, and again as the interrupt."""
        said = self.run.nodes.get(step.title, {}).get("messages", [])
        said = [*said, wire.node_message(step, len(said))]
        text = to_json({"messages": said})
        await self.speak(step.title, text, [text])
        self.run.nodes[step.title]["messages"] = said
        self.interrupt(step.title, QUESTION, text)

    async def ask_for_fields(self, step: Form) -> None:
        text = to_json(wire.node_message(step))
        await self.speak(step.title, text, [text])
        self.interrupt(step.title, INPUT, text)

    def heard(self, reply: str) -> str:
        for node in self.run.nodes.values():
            if said := node.get("messages"):
                answer = {
                    "type": "answer",
                    "content_type": "text",
                    "content": reply,
                    "id": f"118742_{len(said)}",
                }
                said.append(answer)
        return Lenient(reply)

    def interrupt_event(self, interrupt: dict[str, Any], title: str) -> dict[str, Any]:
        return {"debug_url": self.debug_url(), "interrupt_data": interrupt}

    def fail(self, code: int, msg: str) -> None:
        """A node's failure is an `Error`; one that a test asked for breaks the stream as a bug would: plain
        text and no id."""
        if self.directives.error is None:
            super().fail(RUN_FAILED, "max answer count= 3 exceeded")
            return
        self.run.status, self.run.error_code, self.run.error_msg = "Fail", str(code), msg
        self.outlet.write(f"event: error\ndata: {msg}\n\n".encode())

    def facts_of(self, title: str) -> dict[str, Any]:
        return {"node_type": NODE_TYPES.get(title, "Message"), "token": 0}

    def debug_url(self) -> str:
        return wire.debug_url(self.run.id, self.run.workflow_id)


def _new_run(
    simulator: Simulator, request: Request, mode: int, unpublished: int
) -> tuple[Run, Workflow, Directives]:
    body = request.json()
    require_ids({name: body.get(name) for name in ("workflow_id", "bot_id", "app_id")})
    try:
        return runs.new_run(simulator, request, body, mode)
    except ApiError as error:
        raise ApiError(unpublished, "workflow not published") if error.code == 4200 else error from error


@routes.post("/v1/workflow/stream_run")
async def stream_run(simulator: Simulator, request: Request) -> Answer:
    run, workflow, directives = _new_run(simulator, request, runs.STREAM, NOT_PUBLISHED_INSIDE)
    return await runs.stream(simulator, run, workflow, None, directives, StudioRunStage)


@routes.post("/v1/workflow/stream_resume")
async def stream_resume(simulator: Simulator, request: Request) -> Answer:
    """Whatever began the run; workflow and type are not compared (wire-workflows 1.7)."""
    try:
        run, workflow, reply, directives = await runs.resumed(simulator, request, _check_event)
    except ApiError as error:
        raise ApiError(RUN_FAILED, error.msg) if error.code == 4000 else error from error
    return await runs.stream(simulator, run, workflow, reply, directives, StudioRunStage)


def _check_event(run: Run, body: dict[str, Any]) -> None:
    if run.interrupt is None or run.interrupt["event_id"] != body["event_id"]:
        raise ApiError(RUN_FAILED, "workflow execution is not interrupted, or by another event")


@routes.post("/v1/workflow/run")
async def run_once(simulator: Simulator, request: Request) -> Answer:
    is_async = request.json().get("is_async") is True
    run, workflow, directives = _new_run(
        simulator, request, runs.ASYNC if is_async else runs.SYNC, NOT_PUBLISHED
    )
    stage = StudioRunStage(simulator, run, nowhere(), directives)
    told: dict[str, Any] = {"code": 0, "msg": "", "debug_url": stage.debug_url()}
    if is_async:
        simulator.spawn(perform_leg(stage, workflow, None))
        return Reply.json(told | {"execute_id": run.id})
    await perform_leg(stage, workflow, None)
    if run.status == "Fail":
        raise ApiError(RUN_FAILED, run.error_msg)
    if run.interrupt is not None:
        raise ApiError(WAITS_IN_SYNC, "interrupt occurred in a synchronous run")
    return Reply.json(
        told | {"data": run.nodes["End"]["text"], "token": str(_tokens(run)), "cost": "0.00000"}
    )


@routes.get("/v1/workflow/get_run_history")
async def get_run_history(simulator: Simulator, request: Request) -> Answer:
    """A list of exactly one. A run that waits has no status of its own, and does not say what for."""
    require_ids({name: request.query(name) for name in ("workflow_id", "execute_id")})
    run = simulator.world.runs.get(request.query("execute_id"))
    if run is None or run.owner != request.owner or run.workflow_id != request.query("workflow_id"):
        raise ApiError(NOT_PUBLISHED, "workflow not published")
    history = {
        "execute_id": run.id,
        "execute_status": "<UNSET>" if run.interrupt else run.status,
        "bot_id": run.bot_id,
        "connector_id": "1024",
        "connector_uid": run.user_id,
        "run_mode": run.mode,
        "input": to_json(run.memory),
        "output": run.nodes["End"]["text"] if "End" in run.nodes else "",
        "create_time": run.created_at,
        "update_time": run.updated_at,
        "token": str(_tokens(run)),
        "cost": "0.00000",
        "error_code": run.error_code,
        "error_msg": run.error_msg,
        "debug_url": wire.debug_url(run.id, run.workflow_id),
        "log_id": run.log_id,
    }
    return wire.ok([history])


def _tokens(run: Run) -> int:
    return run.input_count + run.output_count
