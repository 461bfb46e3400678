"""What a workflow is started with: checked against what an admin registered, remembered for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatweb.models import Bot, StartParameters
from chatweb.turns.schemas import misfit

from .refusals import Refused


def checked_parameters(
    bot: Bot, text: str, parameters: Mapping[str, Any] | None, *, has_files: bool = False
) -> dict[str, Any]:
    """The values a turn starts with; empty for every other kind of bot. Raises Refused("wrong_values").

    Words typed beside a form with one field of text are that field's, unless it was filled in.
    """
    if bot.kind != Bot.Kind.WORKFLOW:
        if not text.strip() and not has_files:
            raise Refused("empty")
        return {}
    values = dict(parameters or {})
    texts = [
        name
        for name, schema in ((bot.parameters or {}).get("properties") or {}).items()
        if isinstance(schema, dict) and schema.get("type") == "string" and "format" not in schema
    ]
    if len(texts) == 1 and text.strip():
        values.setdefault(texts[0], text)
    if bot.parameters and misfit(values, bot.parameters):
        raise Refused("wrong_values")
    if not text.strip() and not values and (bot.parameters or {}).get("properties"):
        raise Refused("empty")
    return values


def keep_parameters(user_pk: int, bot: Bot, values: Mapping[str, Any]) -> None:
    """The form begins with them the next time."""
    if bot.kind == Bot.Kind.WORKFLOW and bot.parameters:
        StartParameters.objects.update_or_create(user_id=user_pk, bot=bot, defaults={"values": dict(values)})
