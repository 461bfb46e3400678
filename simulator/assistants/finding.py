"""Threads, messages, runs and files of whoever asks; and what time did to a run meanwhile."""

from __future__ import annotations

from simulator.assistants.expiring import expire_if_late
from simulator.assistants.records import ThreadFile, ThreadMessage, ThreadRun
from simulator.assistants.refusals import Refusal, not_found
from simulator.records import Conversation
from simulator.routing import Request
from simulator.simulator import Simulator


def find_thread(simulator: Simulator, request: Request) -> Conversation:
    thread_id = request.path_values["thread_id"]
    thread = simulator.world.conversations.get(thread_id)
    if thread is None or thread.owner != request.owner:
        raise not_found("thread", thread_id)
    return thread


def find_message(simulator: Simulator, request: Request) -> ThreadMessage:
    thread, message_id = find_thread(simulator, request), request.path_values["message_id"]
    message = simulator.world.messages.get(message_id)
    if not isinstance(message, ThreadMessage) or message.conversation_id != thread.id:
        raise not_found("message", message_id)
    return message


def find_run(simulator: Simulator, request: Request) -> ThreadRun:
    thread, run_id = find_thread(simulator, request), request.path_values["run_id"]
    run = simulator.world.chats.get(run_id)
    if not isinstance(run, ThreadRun) or run.conversation_id != thread.id:
        raise not_found("run", run_id)
    expire_if_late(simulator, run)
    return run


def find_file(simulator: Simulator, request: Request) -> ThreadFile:
    file = simulator.world.files.get(request.path_values["file_id"])
    if not isinstance(file, ThreadFile) or file.owner != request.owner:
        raise Refusal(f"No such File object: {request.path_values['file_id']}", 404, param="id")
    return file


def messages_of(simulator: Simulator, thread_id: str) -> list[ThreadMessage]:
    """Oldest first."""
    found = simulator.world.messages_of(thread_id)
    return [message for message in found if isinstance(message, ThreadMessage)]


def runs_of(simulator: Simulator, thread_id: str) -> list[ThreadRun]:
    """Oldest first."""
    found = simulator.world.chats.values()
    return [run for run in found if isinstance(run, ThreadRun) and run.conversation_id == thread_id]


def active_run(simulator: Simulator, thread: Conversation) -> str:
    """Id of the run that locks the thread; "" when none does."""
    run = simulator.world.occupant(thread.id)
    if isinstance(run, ThreadRun):
        expire_if_late(simulator, run)
    return run.id if run is not None and run.is_occupying else ""
