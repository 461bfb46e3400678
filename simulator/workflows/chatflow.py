"""POST /v1/workflows/chat: a chatflow, always streamed (wire-workflows 2)."""

from __future__ import annotations

from typing import Any

from simulator.answering import accept_words, meet_words
from simulator.asking import Entered, question_text, read_messages
from simulator.bots.calling import begin_round, sentence, take_outputs
from simulator.bots.casting import find_bot
from simulator.chats import CLOUD, Manner, context_of, error_event, save_questions, start_leg
from simulator.directives import read_directives
from simulator.envelope import ApiError, bad_request
from simulator.ids import new_id, now
from simulator.records import Chat, Conversation, Run
from simulator.routing import Answer, Request, Routes
from simulator.simulator import Simulator
from simulator.stage import Failed, Stage, Waits
from simulator.workflows.catalog import WORKFLOWS
from simulator.workflows.script import Workflow
from simulator.workflows.telling import tell_in_chat

routes = Routes()
MOST_MESSAGES = 50


@routes.post("/v1/workflows/chat")
async def chat(simulator: Simulator, request: Request) -> Answer:
    return await begin_flow(simulator, request, request.json(), CLOUD)


async def begin_flow(simulator: Simulator, request: Request, body: dict[str, Any], manner: Manner) -> Answer:
    workflow = WORKFLOWS.get(str(body.get("workflow_id", "")))
    if workflow is None:
        raise ApiError(4200)
    if workflow.mode != "chatflow":
        raise bad_request("This is no chatflow.")
    entered = _read_question(simulator, request, body)
    conversation = _conversation(simulator, request, body)
    own = read_directives(question_text(entered[-1].content, entered[-1].content_type, simulator.world.files))
    if own.refuse is not None:
        raise ApiError(own.refuse)
    directives, asking = await meet_words(simulator, request, conversation, workflow.id, own)
    if manner.is_exclusive and simulator.world.occupant(conversation.id) is not None:
        return error_event(ApiError(4016))
    made = _begin(simulator, conversation, workflow, body, entered)
    if asking is not None:
        await accept_words(simulator, request, directives, asking, made)

    async def part(stage: Stage) -> None:
        if asking is None and directives.calls:
            stage.chat.memory = {"rounds": [[[kind, "Oslo"] for kind in directives.calls[0]]], "answers": []}
        await _play(stage, workflow)

    return await start_leg(
        simulator, request, made, directives, part, is_streamed=True, is_first_leg=True, manner=manner
    )


def _read_question(simulator: Simulator, request: Request, body: dict[str, Any]) -> list[Entered]:
    if bool(body.get("bot_id")) == bool(body.get("app_id")):
        raise bad_request("One of bot_id and app_id is required, and only one.")
    if body.get("bot_id"):
        find_bot(simulator, request.token, str(body["bot_id"]))
    raw = body.get("additional_messages")
    entered = read_messages(raw, True, simulator.world.files.__contains__, MOST_MESSAGES)
    if not entered or entered[-1].role != "user":
        raise bad_request("The last of additional_messages must be of role user.")
    return entered


def _conversation(simulator: Simulator, request: Request, body: dict[str, Any]) -> Conversation:
    """A new one for each call that names none."""
    if body.get("conversation_id"):
        return simulator.world.find_conversation(request.owner, str(body["conversation_id"]))
    bot_id = str(body.get("bot_id") or "")
    return simulator.world.new_conversation(request.owner, bot_id=bot_id)


def _begin(
    simulator: Simulator,
    conversation: Conversation,
    workflow: Workflow,
    body: dict[str, Any],
    entered: list[Entered],
) -> Chat:
    """A new chat and a new run each leg; conversation and section stay (wire-workflows 4)."""
    ext, at = body.get("ext") or {}, now()
    question = question_text(entered[-1].content, entered[-1].content_type, simulator.world.files)
    made = Chat(
        id=new_id(),
        conversation_id=conversation.id,
        section_id=conversation.section_id,
        bot_id=str(body.get("bot_id") or ""),
        owner=conversation.owner,
        user_id=str(ext.get("user_id", "")),
        created_at=at,
        question=question,
        workflow_id=workflow.id,
        execute_id=new_id(),
        enable_card=ext.get("enable_card") == "true",
    )
    made.context = context_of(simulator, conversation)
    made.input_count = len(question) // 4 + 1
    save_questions(simulator, conversation, made, entered)
    simulator.world.save(made)
    run = Run(made.execute_id, workflow.id, conversation.owner, made.user_id, 1, at, at)
    simulator.world.save(run)
    return made


async def resume_chatflow(stage: Stage, outputs: list[tuple[dict[str, Any], str]]) -> None:
    """After the calls that `call=` asked for, the flow begins as it would have without them."""
    take_outputs(stage, outputs)
    for answer in stage.chat.memory["answers"]:
        await stage.answer(sentence(stage, answer, False))
    await _play(stage, WORKFLOWS[stage.chat.workflow_id])


async def _play(stage: Stage, workflow: Workflow) -> None:
    """Tell the flow, and keep its run in step for run_histories."""
    simulator = stage.simulator
    run = simulator.world.runs[stage.chat.execute_id]
    run.interrupt = None
    try:
        if stage.chat.memory.get("rounds"):
            await begin_round(stage)
        await tell_in_chat(stage, workflow, key=workflow.id)
        run.status = "Success"
    except Waits as waits:
        kind = 2 if waits.calls[0]["type"] == "reply_message" else 1
        run.interrupt = {"event_id": f"{run.id}/{new_id()}", "type": kind, "data": ""}
        raise
    except Failed as failed:
        run.status, run.error_code, run.error_msg = "Fail", str(failed.code), failed.msg
        raise
    finally:
        run.updated_at = now()
        simulator.world.save(run)
