"""What people are asked before a conversation begins (M-030): checked, remembered, sent with every chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from chatweb.models import Bot, Conversation, StartParameters
from chatweb.turns.schemas import misfit

from .refusals import Refused

Values = dict[str, dict[str, Any]]  # by part: "parameters" and "variables"


def asked_of(bot: Bot) -> dict[str, dict[str, Any]]:
    """The schemas of what is asked, by part; empty for a bot that asks nothing."""
    schemas = {"parameters": bot.asked_parameters, "variables": bot.asked_variables}
    return {part: schema for part, schema in schemas.items() if schema and bot.kind != Bot.Kind.WORKFLOW}


def values_to_begin(user: User, bot: Bot, given: Mapping[str, Any] | None) -> Values:
    """Of a new conversation: as given, else as last time. Raises Refused("wrong_values")."""
    if not asked_of(bot):
        return {}
    if given is None:
        kept = StartParameters.objects.filter(user=user, bot=bot).values_list("values", flat=True).first()
        return checked(bot, kept or {})
    values = checked(bot, given)
    keep(user.pk, bot, values)
    return values


def change_values(conversation: Conversation, given: Mapping[str, Any]) -> None:
    """From the next chat on. Raises Refused("wrong_values")."""
    values = checked(conversation.bot, given)
    Conversation.objects.filter(pk=conversation.pk).update(asked_values=values)
    keep(conversation.user_id, conversation.bot, values)


def checked(bot: Bot, given: Mapping[str, Any]) -> Values:
    """What fits, with defaults where nothing was given; whatever nobody asks for is left out."""
    return {part: _part(schema, given.get(part)) for part, schema in asked_of(bot).items()}


def _part(schema: dict[str, Any], given: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in (schema.get("properties") or {}).items():
        value = given.get(name) if isinstance(given, dict) else None
        if value in (None, "") and isinstance(field, dict):
            value = field.get("default")
        if value not in (None, ""):
            values[name] = value
    if misfit(values, schema):
        raise Refused("wrong_values")
    return values


def keep(user_pk: int, bot: Bot, values: Values) -> None:
    StartParameters.objects.update_or_create(user_id=user_pk, bot=bot, defaults={"values": values})
