"""Letting go of a chat that waits for an answer nobody gives (design, section 4; issue 3, 6).

Coze does not cancel such a chat (4104) and starts no other beside it (4016). A call is answered with
"declined"; a question would take the next message for its answer, so the conversation goes on in a fresh one
upstream. A run that waits holds nothing. Assistants-style services do cancel what waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chatweb.models import Action, Bot, Conversation, Errand, Leg, Tool, Turn
from chatweb.turns import settling
from chatweb.turns.announce import announce
from chatweb.turns.ledger import hold_queue, next_version
from chatweb.turns.rounds import declined_output
from chatweb.turns.states import TurnState
from chatweb.upstreams.errors import AlreadyOver, Broken, Missing
from chatweb.upstreams.events import ActionRequired, ChatFailed, ChatStarted, ToolCall

if TYPE_CHECKING:
    from chatweb.upstreams.client import Upstream


def end_waiting(turn: Turn, to: str, next_turn_pk: int | None = None, **changes: Any) -> bool:
    """End a turn that waits for a person: cards, queue and upstream with it. Whether this call did it."""
    with transaction.atomic():
        version = next_version(turn.conversation_id)
        changes |= {"ended_at": timezone.now(), "version": version}
        if not Turn.objects.move(turn.pk, TurnState.WAITING, to, **changes):
            return False
        settling.close(turn.pk, to)
        hold_queue(turn.conversation_id, version, next_turn_pk)
        release(turn.pk)
        announce(turn.conversation, version)
    return True


def release(turn_pk: int) -> None:
    """Free the conversation of a turn whose last round of cards waits upstream. Inside a transaction."""
    every = list(Action.objects.filter(turn=turn_pk).order_by("round", "ordinal"))
    asked = [action for action in every if action.round == every[-1].round]
    leg = Leg.objects.filter(turn=turn_pk).exclude(chat_id="").order_by("-ordinal").first()
    has_calls = any(action.kind == Action.Kind.TOOL_CALL for action in asked)
    calls = [ToolCall(a.upstream_id, a.upstream_type, a.name, a.arguments) for a in asked]
    let_go(turn_pk, leg.chat_id if leg else "", calls if has_calls else [])


def let_go(turn_pk: int, chat_id: str, calls: Sequence[ToolCall]) -> None:
    """The same for a chat that waits for just these calls; without any it waits for words."""
    turn = Turn.objects.select_related("conversation__bot").get(pk=turn_pk)
    bot = turn.conversation.bot
    if bot.kind == Bot.Kind.WORKFLOW:
        return
    if not chat_id or not calls:
        go_on_afresh(turn.conversation_id)
        return
    rules = Tool.objects.rules(bot.pk, {call.name for call in calls})
    outputs = [[call.id, declined_output(rules.get(call.name), call.arguments, "")] for call in calls]
    payload = {"chat_id": chat_id, "outputs": outputs}
    Errand.objects.put(turn.conversation, Errand.Kind.RELEASE, payload)


def go_on_afresh(conversation_pk: int) -> None:
    """The next question begins a conversation upstream; a new section says that the bot starts anew."""
    Conversation.objects.filter(pk=conversation_pk).touch(upstream_id="", section=F("section") + 1)
    conversation = Conversation.objects.get(pk=conversation_pk)
    Turn.objects.filter(conversation=conversation, state=TurnState.QUEUED).update(
        section=conversation.section, version=conversation.version
    )


async def submit_declined(upstream: Upstream, who: dict[str, str], payload: dict[str, Any]) -> bool:
    """Answer the calls, and cancel what the bot makes of it. False if the chat waits on: it takes no answer,
    or asks the next thing at once. Raises UpstreamError."""
    chat_id = payload["chat_id"]
    if upstream.capabilities.cancels_waiting:
        await upstream.cancel(**who, chat_id=chat_id)
        return True
    outputs = [(call_id, output) for call_id, output in payload["outputs"]]
    decisive = None
    async with upstream.submit(**who, chat_id=chat_id, outputs=outputs) as stream:
        async for events in stream:
            decisive = next((e for e in events if isinstance(e, ChatStarted | ChatFailed)), None)
            if decisive is not None:
                break
    if isinstance(decisive, ChatStarted):
        try:
            await upstream.cancel(**who, chat_id=chat_id)
        except AlreadyOver:
            return not await _waits(upstream, who, chat_id)
        return True
    if not await _waits(upstream, who, chat_id):
        return True
    if decisive is None:
        raise Broken("nobody knows whether the outputs arrived")
    return False


async def _waits(upstream: Upstream, who: dict[str, str], chat_id: str) -> bool:
    try:
        events = await upstream.retrieve(**who, chat_id=chat_id)
    except Missing:
        return False
    return any(isinstance(event, ActionRequired) for event in events)
