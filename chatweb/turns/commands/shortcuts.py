"""A shortcut command that somebody chose: its values checked, the question it makes, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatweb.models import Bot, Conversation
from chatweb.turns.schemas import misfit
from chatweb.turns.shortcuts import SentFile, command_of, question_of, shortcuts_of

from .attachments import MARK, attachment_of
from .refusals import Refused


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in words, and the shortcut command it is sent as, if it is more than its words."""

    text: str
    command: dict[str, Any] | None = None


def worded(
    bot: Bot, text: str, shortcut: Mapping[str, Any] | None, conversation: Conversation | None = None
) -> Wording:
    """The question of a shortcut `{"id", "values"}`; the text itself where none was chosen.

    Raises Refused("shortcut_gone"), ("wrong_values"), or ("not_found") for a file of another conversation.
    """
    if not shortcut:
        return Wording(text)
    chosen = next((one for one in shortcuts_of(bot.shortcut_commands) if one.id == shortcut.get("id")), None)
    if chosen is None or bot.kind != Bot.Kind.BOT:
        raise Refused("shortcut_gone")
    schema = chosen.schema() or {"type": "object"}
    given = shortcut.get("values") or {}
    if not isinstance(given, dict):
        raise Refused("malformed")
    values = {name: given[name] for name in schema.get("properties", {}) if given.get(name) not in ("", None)}
    if misfit(values, schema):
        raise Refused("wrong_values")
    said = {
        name: _file(conversation, value) if schema["properties"][name].get("format") == "file" else value
        for name, value in values.items()
    }
    return Wording(question_of(chosen, said), command_of(chosen, said))


def _file(conversation: Conversation | None, value: str) -> SentFile:
    """A file goes to a conversation: there is none before the first question."""
    found = attachment_of(conversation, value) if conversation and value.startswith(MARK) else None
    if found is None:
        raise Refused("wrong_values")
    return SentFile(found.name, found.upstream_id, found.mime)
