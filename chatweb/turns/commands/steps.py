"""What the runs of a turn did, step by step, as the upstream tells operators (wire-workflows 5.2)."""

from __future__ import annotations

from typing import Any

from chatweb.models import Connection, Conversation, Leg, Turn
from chatweb.upstreams.client import Upstream, capabilities_of

from .connections import call


def has_run_steps(conversation: Conversation) -> bool:
    """Whether its upstream tells of steps."""
    connections = Connection.objects.filter(bots=conversation.bot_id).values_list("dialect", "beta")
    return any(capabilities_of(dialect, beta).has_run_steps for dialect, beta in connections)


def run_steps(turn: Turn) -> list[dict[str, Any]]:
    """Steps of all runs of the turn in their order, as received. Raises UpstreamError."""
    conversation = turn.conversation
    legs = Leg.objects.filter(turn=turn).exclude(chat_id="").order_by("ordinal")
    # Answers go on with the run that asked for them.
    user_id = conversation.identity.key
    runs = dict.fromkeys(legs.values_list("upstream_conversation_id", "chat_id"))

    async def ask(upstream: Upstream) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for conversation_id, chat_id in runs:
            found += await upstream.run_steps(
                user_id=user_id, conversation_id=conversation_id, chat_id=chat_id
            )
        return found

    return call(conversation.bot.connection, ask)
