"""Runs: create (with a thread or in one), list, retrieve, modify, cancel (wire-workflows 5.2, 5.3)."""

from __future__ import annotations

import time

from simulator.assistants.calls import fold_calls
from simulator.assistants.casting import find_assistant
from simulator.assistants.entering import Entered, Wanted, read_messages, read_metadata, read_wanted
from simulator.assistants.finding import active_run, find_run, find_thread, messages_of, runs_of
from simulator.assistants.keeping import keep_message, keep_thread
from simulator.assistants.outlasting import end_soon
from simulator.assistants.paging import list_reply
from simulator.assistants.records import LIVES_SECONDS, ThreadRun
from simulator.assistants.refusals import Refusal, refuse
from simulator.assistants.stage import RunStage
from simulator.assistants.starting import run_reply, start_leg, wants_stream
from simulator.assistants.versions import is_old
from simulator.assistants.wire import run_object, thread_object
from simulator.bots.bot import Bot
from simulator.directives import Directives, read_directives
from simulator.envelope import ApiError, to_json
from simulator.ids import new_id, now
from simulator.occupying import let_another_in
from simulator.quirks import Spelling
from simulator.records import Conversation
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes()


@routes.post("/v1/threads/runs")
async def create_with_thread(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    bot, raw = find_assistant(simulator, body.get("assistant_id")), body.get("thread") or {}
    if not isinstance(raw, dict):
        raise Refusal("Invalid type for 'thread': expected an object.", param="thread")
    wanted, metadata = read_wanted(body), read_metadata(raw.get("metadata"))
    entered = read_messages(raw.get("messages"), simulator.world.files, "thread.messages")
    question = _last_question(entered)
    directives = _directives(bot, question)
    if directives.refuse is not None:
        return _refusal(directives, request)
    thread = keep_thread(simulator, request.owner, metadata)
    for each in entered:
        keep_message(simulator, thread, each)
    run = _keep_run(simulator, thread, wanted, question, directives)
    created = Spelling(blank=" ").frame("thread.created", to_json(thread_object(thread, False)))
    streamed = wants_stream(simulator, request, body)
    return await start_leg(simulator, request, run, directives, bot.play, created, streamed)


@routes.post("/v1/threads/{thread_id}/runs")
async def create(simulator: Simulator, request: Request) -> Answer:
    thread, body = find_thread(simulator, request), request.json()
    bot = find_assistant(simulator, body.get("assistant_id"))
    wanted = read_wanted(body)
    added = None if is_old(simulator, request) else body.get("additional_messages")
    entered = read_messages(added, simulator.world.files, "additional_messages")
    question = _last_question(entered) or _question_of(simulator, thread)
    directives = _directives(bot, question)
    if directives.refuse is not None:
        return _refusal(directives, request)
    let_another_in(simulator, thread, bot, question, directives.busy_for)
    if run_id := active_run(simulator, thread):
        raise Refusal(f"Thread {thread.id} already has an active run {run_id}.")
    for each in entered:
        keep_message(simulator, thread, each)
    run = _keep_run(simulator, thread, wanted, question, directives)
    streamed = wants_stream(simulator, request, body)
    return await start_leg(simulator, request, run, directives, bot.play, b"", streamed)


def _last_question(entered: list[Entered]) -> str:
    return next((each.content for each in reversed(entered) if each.role == "user"), "")


def _question_of(simulator: Simulator, thread: Conversation) -> str:
    """The newest message of the person."""
    asked = [each for each in messages_of(simulator, thread.id) if each.role == "user"]
    return asked[-1].content if asked else ""


def _directives(bot: Bot, question: str) -> Directives:
    return fold_calls(bot.adapt(read_directives(question), question))


def _refusal(directives: Directives, request: Request) -> Reply:
    assert directives.refuse is not None
    reply = refuse(ApiError(directives.refuse), request)
    if "json_as_stream" in directives.quirks:
        reply.content_type = "text/event-stream"
    return reply


def _keep_run(
    simulator: Simulator, thread: Conversation, wanted: Wanted, question: str, directives: Directives
) -> ThreadRun:
    """The run with its messages kept, before anything is answered."""
    context = messages_of(simulator, thread.id)
    run = ThreadRun(
        id=f"run_{new_id()}",
        conversation_id=thread.id,
        section_id=thread.section_id,
        bot_id=wanted.assistant_id,
        owner=thread.owner,
        user_id="",
        created_at=now(),
        question=question,
        status="queued",
        input_count=sum(len(each.content) for each in context) // 4 + 1,
        meta_data=wanted.metadata,
        context=[each.id for each in context],
        instructions=wanted.instructions,
        expires_at=time.time() + LIVES_SECONDS,
        most_output=wanted.most_output or directives.cut_after or 0,
    )
    simulator.world.save(run)
    return run


@routes.get("/v1/threads/{thread_id}/runs")
async def list_runs(simulator: Simulator, request: Request) -> Answer:
    thread, old = find_thread(simulator, request), is_old(simulator, request)
    active_run(simulator, thread)  # which sees to it that one whose time is over says so
    listed = runs_of(simulator, thread.id)
    return list_reply(request, listed, lambda run: run.id, lambda run: run_object(run, old))


@routes.get("/v1/threads/{thread_id}/runs/{run_id}")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    return run_reply(simulator, request, find_run(simulator, request))


@routes.post("/v1/threads/{thread_id}/runs/{run_id}")
async def modify(simulator: Simulator, request: Request) -> Answer:
    run, body = find_run(simulator, request), request.json()
    if "metadata" in body:
        run.meta_data = read_metadata(body["metadata"])
        simulator.world.save(run)
    return run_reply(simulator, request, run)


@routes.post("/v1/threads/{thread_id}/runs/{run_id}/cancel")
async def cancel(simulator: Simulator, request: Request) -> Answer:
    """Answers `cancelling`; `cancelled` comes soon after."""
    run = find_run(simulator, request)
    if run.status not in {"queued", "in_progress", "requires_action"}:
        raise Refusal(f"Cannot cancel run with status '{run_object(run, False)['status']}'.")
    was_waiting = run.status == "requires_action"
    run.status, run.calls = "cancelling", []
    simulator.world.save(run)
    stage = simulator.stages.get(run.id)
    task = stage.task if isinstance(stage, RunStage) else None
    if was_waiting or stage is None or (task is not None and task.done()):
        simulator.spawn(end_soon(simulator, run))
    elif task is not None:
        task.cancel()
    return run_reply(simulator, request, run)
