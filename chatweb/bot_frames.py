"""The wire's objects of bots and of what they ask for (docs/protocol.md). Pure, as frames.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chatweb.file_kinds import taken_by, types_of
from chatweb.turns.schemas import in_language
from chatweb.turns.shortcuts import Shortcut, shortcuts_of

if TYPE_CHECKING:
    from chatweb.models import Bot

Json = dict[str, Any]


def bot_object(
    bot: Bot,
    user_name: str,
    link: Callable[[str], str],
    kept: Json | None = None,
    branch_memory: int = 0,
    language: str = "en",
) -> Json:
    """`{{user_name}}` of the prologue is ours to fill (K18). `link`: a remote picture's path at this site.

    `kept`: what the reader gave it last; `language`: theirs, "en" or "zh".
    """
    web, mobile = (bot.background.get(screen) for screen in ("web", "mobile"))
    return {
        "id": str(bot.uuid),
        "name": bot.name,
        "description": bot.description,
        "prologue": bot.prologue.replace("{{user_name}}", user_name),
        "suggested_questions": bot.suggested_questions,
        "kind": bot.kind,
        "parameters": in_language(bot.parameters, language),
        "kept_parameters": (kept or {}) if bot.kind == "workflow" else {},
        "icon": link(bot.icon_url),
        "background": background_object(web or mobile, link),
        "mobile_background": background_object(mobile or web, link),
        "default_input_mode": bot.default_input_mode,
        "file_kinds": taken_by(bot),
        "file_types": types_of(bot) if taken_by(bot) else [],
        "most_files": bot.most_files,
        "branch_memory": branch_memory,
        "shortcuts": [shortcut_object(one, link) for one in shortcuts_of(bot.shortcut_commands)],
        "asked": asked_object(bot, kept or {}, language),
    }


def asked_object(bot: Bot, kept: Json, language: str) -> Json | None:
    """What people are asked before a conversation begins; a workflow has its start parameters instead."""
    if bot.kind == "workflow" or not (bot.asked_parameters or bot.asked_variables):
        return None
    return {
        "parameters": in_language(bot.asked_parameters, language),
        "variables": in_language(bot.asked_variables, language),
        "kept": kept,
    }


def shortcut_object(shortcut: Shortcut, link: Callable[[str], str]) -> Json:
    return {
        "id": shortcut.id,
        "name": shortcut.name,
        "command": shortcut.command,
        "description": shortcut.description,
        "icon": link(shortcut.icon_url),
        "template": shortcut.template,
        "schema": shortcut.schema(),
        "hidden": shortcut.hidden(),
    }


def background_object(scene: Json | None, link: Callable[[str], str]) -> Json | None:
    return {"picture": link(scene["url"]), "theme_color": scene["theme_color"]} if scene else None
