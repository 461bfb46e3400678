"""The part of the control endpoint that looks at chats and runs, waits for them, and ends what waits."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

from simulator.envelope import ApiError
from simulator.expiring import expire_chat, expire_run
from simulator.records import Chat, Run
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes(needs_token=False)
_DONE = {"ok": True}


def _chat_entry(simulator: Simulator, chat: Chat) -> dict[str, Any]:
    stage = simulator.stages.get(chat.id)
    return {
        "id": chat.id,
        "conversation_id": chat.conversation_id,
        "bot_id": chat.bot_id,
        "user_id": chat.user_id,
        "status": chat.status,
        "question": chat.question,
        "created_at": chat.created_at,
        "context": chat.context,
        "error_code": chat.error_code,
        "calls": chat.calls,
        "is_other_client": chat.is_other_client,
        "workflow_id": chat.workflow_id,
        "execute_id": chat.execute_id,
        "answers": chat.answers,
        **_tries(chat.submits),
        "deltas_sent": stage.deltas_sent if stage else 0,
        "bytes_sent": stage.outlet.bytes_sent if stage else 0,
        "has_open_stream": bool(stage and stage.outlet.is_open),
    }


def _tries(submits: list[dict[str, Any]]) -> dict[str, Any]:
    """What was tried to answer something that waits, and how often it was let in."""
    accepted = sum(not each["code"] for each in submits)
    return {"submits": submits, "accepted": accepted, "refused": len(submits) - accepted}


@routes.get("/_control/chats")
async def list_chats(simulator: Simulator, request: Request) -> Answer:
    wanted = request.query("conversation_id")
    chats = [
        _chat_entry(simulator, chat)
        for chat in simulator.world.chats.values()
        if wanted in {"", chat.conversation_id}
    ]
    return Reply.json({"chats": chats, "open_streams": simulator.open_streams()})


@routes.get("/_control/chats/{chat_id}")
async def retrieve_chat(simulator: Simulator, request: Request) -> Answer:
    chat_id = request.path_values["chat_id"]
    stage = simulator.stages.get(chat_id)
    chat = stage.chat if stage else simulator.world.chats.get(chat_id)
    if chat is None:
        raise ApiError(4001, status=404)
    wanted, changed = request.query("status"), simulator.world.changed
    if request.query("timeout"):
        async with asyncio.timeout(float(request.query("timeout"))):
            if stage is not None and not wanted:
                await stage.over.wait()
            while wanted and chat.status != wanted:
                changed.clear()
                await changed.wait()
    return Reply.json(_chat_entry(simulator, chat))


@routes.post("/_control/chats/{chat_id}/expire")
async def expire_waiting_chat(simulator: Simulator, request: Request) -> Answer:
    chat_id = request.path_values["chat_id"]
    stage = simulator.stages.get(chat_id)
    chat = simulator.world.chats.get(chat_id) or (stage and stage.chat)
    if not chat or chat.status != "requires_action":
        raise ApiError(4001, status=404)
    expire_chat(simulator, chat, request.json().get("status", "failed"))
    return Reply.json(_DONE)


@routes.post("/_control/runs/{execute_id}/expire")
async def expire_waiting_run(simulator: Simulator, request: Request) -> Answer:
    run = simulator.world.runs.get(request.path_values["execute_id"])
    if run is None or run.interrupt is None:
        raise ApiError(4314, status=404)
    expire_run(simulator, run)
    return Reply.json(_DONE)


@routes.get("/_control/runs/{execute_id}")
async def retrieve_run(simulator: Simulator, request: Request) -> Answer:
    run, wanted = simulator.world.runs.get(request.path_values["execute_id"]), request.query("status")
    if run is None:
        raise ApiError(4314, status=404)
    if wanted:
        async with asyncio.timeout(float(request.query("timeout", "10"))):
            while run.status != wanted:
                simulator.world.changed.clear()
                await simulator.world.changed.wait()
    return Reply.json(_run_entry(run))


def _run_entry(run: Run) -> dict[str, Any]:
    return dataclasses.asdict(run) | _tries(run.submits)


@routes.get("/_control/runs")
async def list_runs(simulator: Simulator, request: Request) -> Answer:
    wanted = request.query("workflow_id")
    runs = [_run_entry(run) for run in simulator.world.runs.values() if wanted in {"", run.workflow_id}]
    return Reply.json({"runs": runs})
