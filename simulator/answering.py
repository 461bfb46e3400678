"""What every answer to something that waits goes through: tool outputs, a resume, the next message.

In this order: `hold_at=before_submit` (nothing is accepted yet), the checks, `refuse_submit`, the record of
the try, `hold_at=submitted` (accepted, not a byte answered). A try is kept as {"code", "log_id",
"is_scripted"} and what was sent; code 0 was accepted. A question that waits for words is kept in the `script`
of its conversation: {"key": who may go on with it, "memory", "chat_id", "text": what began it}.
"""

from __future__ import annotations

import asyncio
from typing import Any

from simulator.directives import Directives, carry_over, read_directives
from simulator.envelope import ApiError
from simulator.records import Chat, Conversation
from simulator.routing import Request
from simulator.simulator import Simulator

Submits = list[dict[str, Any]]


class CallerGone(Exception):
    """The caller went away before anything was accepted."""


async def hold_before(simulator: Simulator, request: Request, directives: Directives, who: str) -> None:
    """Wait at `before_submit`; CallerGone when the caller does not."""
    if directives.hold_at != "before_submit" or not directives.hold or request.receive is None:
        return
    released = asyncio.ensure_future(simulator.holds.wait_here(directives.hold, who))
    gone = asyncio.ensure_future(request.receive())
    await asyncio.wait({released, gone}, return_when=asyncio.FIRST_COMPLETED)
    is_gone = gone.done()
    for each in (released, gone):
        each.cancel()
    if is_gone:
        simulator.holds.leave(directives.hold, who)
        raise CallerGone


def refuse_as_told(submits: Submits, directives: Directives) -> None:
    """ApiError of `refuse_submit`, as many times as it says."""
    if directives.refuse_submit is None:
        return
    code, times = directives.refuse_submit
    if sum(each["is_scripted"] for each in submits) < times:
        error = ApiError(code)
        error.is_scripted = True
        raise error


def note_refused(submits: Submits, error: ApiError, request: Request, **sent: Any) -> None:
    entry = {"code": error.code, "log_id": request.log_id, "is_scripted": error.is_scripted}
    submits.append(entry | sent)


def note_accepted(submits: Submits, request: Request, **sent: Any) -> None:
    submits.append({"code": 0, "log_id": request.log_id, "is_scripted": False} | sent)


async def hold_submitted(simulator: Simulator, directives: Directives, who: str) -> None:
    if directives.hold_at == "submitted" and directives.hold:
        await simulator.holds.wait_here(directives.hold, who)


async def meet_words(
    simulator: Simulator, request: Request, conversation: Conversation, key: str, own: Directives
) -> tuple[Directives, Chat | None]:
    """For a message in a conversation: its directives, and the chat whose question it answers.
    ApiError 4002, and that of `refuse_submit`."""
    asking = _open_question(simulator, conversation, key)
    if asking is None:
        return own, None
    first = read_directives((conversation.script or {}).get("text", ""))
    await hold_before(simulator, request, carry_over(first, own), asking.id)
    simulator.world.find_conversation(request.owner, conversation.id)
    try:
        refuse_as_told(asking.submits, first)
    except ApiError as error:
        note_refused(asking.submits, error, request)
        simulator.world.save(asking)
        raise
    return carry_over(first, own), _open_question(simulator, conversation, key)


async def accept_words(
    simulator: Simulator, request: Request, directives: Directives, asking: Chat, made: Chat
) -> None:
    """The chat `made` answers what `asking` asked."""
    made.answers = asking.id
    note_accepted(asking.submits, request, words=made.question, chat_id=made.id)
    simulator.world.save(asking)
    if made.is_saved:
        simulator.world.save(made)
    await hold_submitted(simulator, directives, made.id)


def _open_question(simulator: Simulator, conversation: Conversation, key: str) -> Chat | None:
    script = conversation.script
    if script is None or script["key"] != key:
        return None
    return simulator.world.chats.get(script.get("chat_id", ""))
