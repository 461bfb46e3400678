"""Tells a script in a chat: questions as answers, then an interrupt (wire-workflows 2, 3.2, 3.3)."""

from __future__ import annotations

from simulator.stage import Failed, Stage
from simulator.wire import reply_call
from simulator.workflows.script import Ask, Break, End, Form, Pause, Say, Step, Workflow


async def tell_in_chat(stage: Stage, workflow: Workflow, key: str) -> None:
    """Begin the script, or go on at the conversation's open question. `key`: who may go on with it."""
    world, chat = stage.simulator.world, stage.chat
    conversation = world.conversations.get(chat.conversation_id)
    kept = conversation.script if conversation else None
    if kept is not None and kept["key"] == key:
        steps, memory = workflow.advance(kept["memory"], stage.heard(chat.question))
        began_with = kept.get("text", "")
    else:
        steps, memory = workflow.advance({}, None)
        began_with = chat.question
    for step in steps:
        await _tell(stage, step)
    is_waiting = isinstance(steps[-1], Ask | Form)
    if conversation is not None:
        kept = {"key": key, "memory": memory, "chat_id": chat.id, "text": began_with}
        conversation.script = kept if is_waiting else None
        world.save(conversation)
    if is_waiting:
        stage.interrupt([reply_call()])
    stage.finish_answers()


async def _tell(stage: Stage, step: Step) -> None:
    match step:
        case Say(text=text):
            await stage.answer(text)
        case Break(code=code, msg=msg):
            raise Failed(code, msg)
        case Ask() | Form():
            await stage.put_question(step)
        case Pause() | End():
            pass
