"""Reads and checks the body of POST /v3/chat (wire-chat 2). Pure but for the files it looks up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.bots.bot import Bot
from simulator.envelope import ApiError, bad_request
from simulator.records import File

MOST_MESSAGES = 100
_TYPES_SAVED = {"question", "answer"}
_TYPES_UNSAVED = _TYPES_SAVED | {"function_call", "tool_output", "tool_response"}
IsFile = Callable[[str], bool]


@dataclass(frozen=True)
class Entered:
    """An EnterMessage: what the caller puts into the conversation."""

    role: str
    type: str
    content: str
    content_type: str
    meta_data: dict[str, str]


@dataclass(frozen=True)
class Asked:
    bot_id: str
    user_id: str
    is_streamed: bool
    is_saved: bool
    messages: list[Entered]
    meta_data: dict[str, str]
    enable_card: bool
    shortcut: dict[str, Any] | None


def read_chat_body(body: dict[str, Any], is_file: IsFile) -> Asked:
    """ApiError 4000, 4003, 4004, 4005 or 4007."""
    for name in ("bot_id", "user_id"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise bad_request(f"The field {name} must be a string that is not empty.")
    is_streamed, is_saved = body.get("stream", False), body.get("auto_save_history", True)
    if not isinstance(is_streamed, bool) or not isinstance(is_saved, bool):
        raise bad_request("The fields stream and auto_save_history must be booleans.")
    if not is_streamed and not is_saved:
        raise ApiError(4007)
    if body.get("bot_version") and body.get("publish_status") == "unpublished_draft":
        raise bad_request("bot_version cannot be used with a draft.")
    messages = read_messages(body.get("additional_messages"), is_saved, is_file)
    return Asked(
        bot_id=body["bot_id"],
        user_id=body["user_id"],
        is_streamed=is_streamed,
        is_saved=is_saved,
        messages=messages,
        meta_data=read_meta_data(body.get("meta_data")),
        enable_card=bool(body.get("enable_card", False)),
        shortcut=body.get("shortcut_command"),
    )


def read_messages(raw: Any, is_saved: bool, is_file: IsFile, most: int = MOST_MESSAGES) -> list[Entered]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise bad_request("The field additional_messages must be an array.")
    if len(raw) > most:
        raise ApiError(4004)
    messages = [read_message(each, _TYPES_SAVED if is_saved else _TYPES_UNSAVED, is_file) for each in raw]
    for at, message in enumerate(messages):
        neighbours = messages[max(at - 1, 0) : at] + messages[at + 1 : at + 2]
        if _is_without_text(message) and not any(each.content_type == "text" for each in neighbours):
            raise bad_request("A message of files only needs a text message before or after it.")
    return messages


def read_message(raw: Any, types: set[str], is_file: IsFile) -> Entered:
    if not isinstance(raw, dict):
        raise bad_request("A message must be an object.")
    role, content = raw.get("role"), raw.get("content", "")
    if role not in {"user", "assistant"}:
        raise bad_request("The field role must be user or assistant.")
    if not isinstance(content, str):
        raise bad_request("The field content must be a string.")
    kind = raw.get("type") or ("question" if role == "user" else "answer")
    if kind not in types or (kind == "question" and role != "user"):
        raise bad_request(f"A message of role {role} and type {kind} cannot be sent.")
    content_type = raw.get("content_type") or ""
    if content and content_type not in {"text", "object_string"}:
        raise bad_request("The field content_type must be text or object_string.")
    if content_type == "object_string":
        check_object_string(content, is_file)
    return Entered(role, kind, content, content_type or "text", read_meta_data(raw.get("meta_data")))


def read_meta_data(raw: Any) -> dict[str, str]:
    """ApiError 4003 over 16 pairs, keys over 64 or values over 512 characters."""
    if raw is None:
        return {}
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise bad_request("The field meta_data must be a map of strings.")
    sizes_fit = all(1 <= len(key) <= 64 and 1 <= len(value) <= 512 for key, value in raw.items())
    if len(raw) > 16 or not sizes_fit:
        raise ApiError(4003)
    return dict(raw)


def read_items(content: str) -> list[dict[str, Any]]:
    try:
        items = json.loads(content)
    except ValueError as error:
        raise bad_request("The content is not a valid object_string.") from error
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise bad_request("An object_string is an array of objects.")
    return items


def check_object_string(content: str, is_file: IsFile) -> None:
    items = read_items(content)
    texts = [item for item in items if item.get("type") == "text"]
    if len(texts) > 1 or (texts and len(items) == 1):
        raise bad_request("An object_string holds at most one text, and a file or an image beside it.")
    for item in items:
        if item.get("type") not in {"text", "image", "file", "audio"}:
            raise bad_request(f"An item of type {item.get('type')} is not known.")
        if item["type"] == "text":
            continue
        if not item.get("file_id") and not item.get("file_url"):
            raise bad_request("An item needs file_id or file_url.")
        if item.get("file_id") and not is_file(str(item["file_id"])):
            raise bad_request(f"The file {item['file_id']} does not exist.")


def _is_without_text(message: Entered) -> bool:
    return message.content_type == "object_string" and all(
        item.get("type") != "text" for item in read_items(message.content)
    )


def question_text(content: str, content_type: str, files: Mapping[str, File]) -> str:
    """What the model reads: the text, and a line for each file beside it, with its name and size."""
    if content_type != "object_string":
        return content
    lines = []
    for item in read_items(content):
        text = item.get("text") if item.get("type") == "text" else None
        lines.append(text or f"[{item.get('type')}: {_told(item, files)}]")
    return "\n".join(lines)


def _told(item: dict[str, Any], files: Mapping[str, File]) -> str:
    file = files.get(str(item.get("file_id")))
    return f"{file.file_name}, {file.bytes} bytes" if file else str(item.get("file_url"))


def shortcut_question(bot: Bot, shortcut: dict[str, Any]) -> str:
    """The question a shortcut command composes (wire-chat 2); ApiError 4000 when it is not the bot's."""
    command = next((each for each in bot.shortcuts if each["id"] == shortcut.get("command_id")), None)
    if command is None:
        raise bad_request("The shortcut command is not bound to this bot.")
    text = command["query_template"]
    for component in command["components"]:
        value = (shortcut.get("parameters") or {}).get(component["name"], component["default_value"])
        text = text.replace("{{" + component["name"] + "}}", _plain(value))
    return text


def _plain(value: Any) -> str:
    """A parameter is an object_string array serialised to a string; plain words pass too."""
    try:
        items = json.loads(value)
        return " ".join(str(item.get("text") or item.get("file_id") or "") for item in items)
    except (TypeError, ValueError, AttributeError):
        return str(value)
