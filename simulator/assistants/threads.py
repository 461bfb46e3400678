"""Threads: create, retrieve, modify, delete (wire-workflows 5.2)."""

from __future__ import annotations

from simulator.assistants.entering import OLD_ROLES, ROLES, read_messages, read_metadata
from simulator.assistants.finding import find_thread
from simulator.assistants.keeping import keep_message, keep_thread
from simulator.assistants.versions import is_old
from simulator.assistants.wire import deleted, thread_object
from simulator.ids import now
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes()


@routes.post("/v1/threads")
async def create(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    roles = OLD_ROLES if is_old(simulator, request) else ROLES
    entered = read_messages(body.get("messages"), simulator.world.files, "messages", roles)
    thread = keep_thread(simulator, request.owner, read_metadata(body.get("metadata")))
    for each in entered:
        keep_message(simulator, thread, each)
    return Reply.json(thread_object(thread, is_old(simulator, request)))


@routes.get("/v1/threads/{thread_id}")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    return Reply.json(thread_object(find_thread(simulator, request), is_old(simulator, request)))


@routes.post("/v1/threads/{thread_id}")
async def modify(simulator: Simulator, request: Request) -> Answer:
    thread, body = find_thread(simulator, request), request.json()
    if "metadata" in body:
        thread.meta_data, thread.updated_at = read_metadata(body["metadata"]), now()
        simulator.world.save(thread)
    return Reply.json(thread_object(thread, is_old(simulator, request)))


@routes.delete("/v1/threads/{thread_id}")
async def delete(simulator: Simulator, request: Request) -> Answer:
    thread = find_thread(simulator, request)
    for message in simulator.world.messages_of(thread.id):
        simulator.world.forget(message)
    simulator.world.forget(thread)
    return Reply.json(deleted(thread.id, "thread.deleted"))
