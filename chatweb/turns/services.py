"""Calls that a service of the site's own answers, asked once and in time; else the card is the person's."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from chatweb.models import Action, Tool
from chatweb.turns.announce import announce
from chatweb.turns.ledger import next_version
from chatweb.turns.rounds import record, submit
from chatweb.turns.states import ActionState, TurnState
from chatweb.upstreams.webhook import NoAnswer, ask_service

if TYPE_CHECKING:
    from chatweb.turns.supervisor import Supervisor

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Request:
    action_pk: int
    url: str
    secret: str
    seconds: float
    question: dict[str, Any]


def take_due() -> list[Request]:
    """Take the calls that a service is to be asked about. On the writer's thread.

    Once taken, never again: a process that dies meanwhile leaves the card to the person.
    """
    due = Action.objects.filter(
        service_state=Action.ServiceState.DUE, turn__state=TurnState.WAITING, state=ActionState.PENDING
    ).select_related("turn__conversation__bot", "turn__conversation__identity")
    taken = []
    for action in due[:MOST_AT_ONCE]:
        mine = Action.objects.filter(pk=action.pk, service_state=Action.ServiceState.DUE)
        rule = Tool.objects.rules(action.turn.conversation.bot_id, [action.name]).get(action.name)
        if mine.update(service_state=Action.ServiceState.ASKED) and rule and rule.mode == Tool.Mode.WEBHOOK:
            taken.append(request_of(action, rule))
    return taken


def request_of(action: Action, rule: Tool) -> Request:
    """What the service is told: the call, and opaque ids of the card, the conversation and the person."""
    conversation = action.turn.conversation
    question = {
        "action": str(action.uuid),
        "tool": action.name,
        "arguments": action.arguments,
        "bot": str(conversation.bot.uuid),
        "conversation": str(conversation.uuid),
        "user": conversation.identity.key,
    }
    return Request(
        action.pk, rule.webhook_url, rule.webhook_secret, float(rule.webhook_timeout_seconds), question
    )


async def ask(request: Request, supervisor: Supervisor) -> None:
    """Ask; with an answer in time the turn goes on, without one nothing happens."""
    try:
        async with asyncio.timeout(request.seconds):
            output = await ask_service(request.url, request.secret, request.question, request.seconds)
    except (NoAnswer, TimeoutError) as error:
        logger.warning(
            "tool %s: its service gave no answer: %s", request.question["tool"], error or "in time"
        )
        return
    host = urlsplit(request.url).hostname or ""
    if await supervisor.writer.run(take, request.action_pk, output, host):
        supervisor.wake()


def take(action_pk: int, output: str, host: str) -> bool:
    """Store the service's answer unless a person was faster; whether it was. On the writer's thread."""
    with transaction.atomic():
        action = Action.objects.select_related("turn__conversation__user").get(pk=action_pk)
        action.decision, action.output = Action.Decision.AUTO, output
        stored = {
            "decision": action.decision,
            "output": output,
            "answered_at": timezone.now(),
            "device": host[:120],
        }
        if not Action.objects.filter(pk=action_pk).move(ActionState.PENDING, ActionState.READY, **stored):
            return False
        record([action], None, host[:120])
        version = next_version(action.turn.conversation_id)
        submit(action.turn_id)
        type(action.turn).objects.filter(pk=action.turn_id).update(version=version)
        announce(action.turn.conversation, version)
    return True
