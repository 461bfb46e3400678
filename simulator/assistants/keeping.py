"""Makes the records of threads and messages."""

from __future__ import annotations

from simulator.assistants.entering import Entered
from simulator.assistants.records import ThreadMessage
from simulator.ids import new_id, now
from simulator.records import Conversation
from simulator.simulator import Simulator


def keep_thread(simulator: Simulator, owner: str, metadata: dict[str, str]) -> Conversation:
    thread_id, at = f"thread_{new_id()}", now()
    thread = Conversation(
        id=thread_id, owner=owner, section_id=thread_id, created_at=at, updated_at=at, meta_data=metadata
    )
    simulator.world.save(thread)
    return thread


def keep_message(simulator: Simulator, thread: Conversation, entered: Entered) -> ThreadMessage:
    at = now()
    message = ThreadMessage(
        id=f"msg_{new_id()}",
        conversation_id=thread.id,
        section_id=thread.section_id,
        role=entered.role,
        type="question" if entered.role == "user" else "answer",
        content=entered.content,
        created_at=at,
        updated_at=at,
        completed_at=at,
        meta_data=entered.metadata,
        text=entered.text,
        parts=entered.parts,
        attachments=entered.attachments,
    )
    simulator.world.save(message)
    return message
