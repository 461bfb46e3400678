"""Messages of a thread: create, list, retrieve, modify, delete (wire-workflows 5.2, the lock 5.3)."""

from __future__ import annotations

from simulator.assistants.entering import OLD_ROLES, ROLES, read_message, read_metadata
from simulator.assistants.finding import active_run, find_message, find_thread, messages_of
from simulator.assistants.keeping import keep_message
from simulator.assistants.paging import list_reply
from simulator.assistants.refusals import Refusal, unknown_path
from simulator.assistants.versions import is_old
from simulator.assistants.wire import deleted, message_object
from simulator.ids import now
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes()


@routes.post("/v1/threads/{thread_id}/messages")
async def create(simulator: Simulator, request: Request) -> Answer:
    thread = find_thread(simulator, request)
    roles = OLD_ROLES if is_old(simulator, request) else ROLES
    entered = read_message(request.json(), simulator.world.files, roles)
    run_id = active_run(simulator, thread)
    if run_id:
        raise Refusal(f"Can't add messages to {thread.id} while a run {run_id} is active.")
    message = keep_message(simulator, thread, entered)
    return Reply.json(message_object(message, is_old(simulator, request)))


@routes.get("/v1/threads/{thread_id}/messages")
async def list_messages(simulator: Simulator, request: Request) -> Answer:
    """The filter `run_id` is of v2: v1 passes over it."""
    thread, old = find_thread(simulator, request), is_old(simulator, request)
    run_id = "" if old else request.query("run_id")
    listed = [each for each in messages_of(simulator, thread.id) if run_id in {"", each.chat_id}]
    return list_reply(request, listed, lambda each: each.id, lambda each: message_object(each, old))


@routes.get("/v1/threads/{thread_id}/messages/{message_id}")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    return Reply.json(message_object(find_message(simulator, request), is_old(simulator, request)))


@routes.post("/v1/threads/{thread_id}/messages/{message_id}")
async def modify(simulator: Simulator, request: Request) -> Answer:
    message, body = find_message(simulator, request), request.json()
    if "metadata" in body:
        message.meta_data, message.updated_at = read_metadata(body["metadata"]), now()
        simulator.world.save(message)
    return Reply.json(message_object(message, is_old(simulator, request)))


@routes.delete("/v1/threads/{thread_id}/messages/{message_id}")
async def delete(simulator: Simulator, request: Request) -> Answer:
    """v1 has no such call."""
    if is_old(simulator, request):
        raise unknown_path(request)
    message = find_message(simulator, request)
    run_id = active_run(simulator, find_thread(simulator, request))
    if run_id:
        raise Refusal(f"Can't delete messages of {message.conversation_id} while a run {run_id} is active.")
    simulator.world.forget(message)
    return Reply.json(deleted(message.id, "thread.message.deleted"))
