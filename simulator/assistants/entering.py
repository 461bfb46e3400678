"""Reads the messages that callers put into threads (wire-workflows 5.2). Nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.assistants.refusals import Refusal
from simulator.records import File

MOST_CHARACTERS = 256_000
MOST_FILES = 20
ROLES = ("user", "assistant")
OLD_ROLES = ("user",)  # of v1


@dataclass(frozen=True)
class Entered:
    """`content` is what the model reads: the text, and a line for each file."""

    role: str
    text: str
    content: str
    parts: list[dict[str, Any]]  # that are no text
    attachments: list[dict[str, Any]]
    metadata: dict[str, str]


@dataclass(frozen=True)
class Wanted:
    """What a run is asked to be, beside its messages. `most_output`: 0 is no limit."""

    assistant_id: str
    metadata: dict[str, str]
    instructions: str
    most_output: int


def read_wanted(body: dict[str, Any]) -> Wanted:
    most = body.get("max_completion_tokens")
    if most is not None and (not isinstance(most, int) or most < 1):
        raise _wrong("max_completion_tokens", "a whole number, at least 1")
    words = [body.get("instructions"), body.get("additional_instructions")]
    instructions = "\n".join(word for word in words if isinstance(word, str))
    return Wanted(str(body["assistant_id"]), read_metadata(body.get("metadata")), instructions, most or 0)


def read_messages(
    raw: Any, files: Mapping[str, File], param: str, roles: tuple[str, ...] = ROLES
) -> list[Entered]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise _wrong(param, "an array of objects")
    return [read_message(each, files, roles) for each in raw]


def read_message(raw: Any, files: Mapping[str, File], roles: tuple[str, ...] = ROLES) -> Entered:
    if not isinstance(raw, dict):
        raise _wrong("messages", "an object")
    role = raw.get("role")
    if role not in roles:
        raise Refusal(f"Invalid value: '{role}'. Supported values are: {', '.join(roles)}.", param="role")
    text, parts = _read_content(raw.get("content"))
    attachments = _read_attachments(raw)
    lines = [_line(part, files) for part in parts]
    lines += [_told("file", each["file_id"], files) for each in attachments]
    content = "\n".join([*([text] if text else []), *lines])
    return Entered(role, text, content, parts, attachments, read_metadata(raw.get("metadata")))


def _read_content(raw: Any) -> tuple[str, list[dict[str, Any]]]:
    """A string, or parts: `text` (a string in requests), `image_file`, `image_url`."""
    if isinstance(raw, str):
        raw = [{"type": "text", "text": raw}]
    if not isinstance(raw, list) or not raw or not all(isinstance(part, dict) for part in raw):
        raise _wrong("content", "a string or an array of objects")
    texts, parts = [], []
    for part in raw:
        kind = part.get("type")
        if kind == "text" and isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif kind in {"image_file", "image_url"} and isinstance(part.get(kind), dict):
            parts.append({"type": kind, kind: part[kind]})
        else:
            raise Refusal(f"Invalid value: '{kind}'.", param="content")
    text = "\n".join(texts)
    if (not text and not parts) or len(text) > MOST_CHARACTERS:
        raise Refusal("Message content must be non-empty and at most 256000 characters.", param="content")
    return text, parts


def _read_attachments(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """v2 `attachments`, or v1 `file_ids`."""
    attachments = raw.get("attachments")
    if attachments is None:
        file_ids = raw.get("file_ids") or []
        if not isinstance(file_ids, list):
            raise _wrong("file_ids", "an array of strings")
        attachments = [{"file_id": each, "tools": []} for each in file_ids]
    if not isinstance(attachments, list) or len(attachments) > MOST_FILES:
        raise _wrong("attachments", f"an array of at most {MOST_FILES} objects")
    if not all(isinstance(each, dict) and isinstance(each.get("file_id"), str) for each in attachments):
        raise _wrong("attachments", "objects with a file_id")
    return [{"file_id": each["file_id"], "tools": each.get("tools") or []} for each in attachments]


def _line(part: dict[str, Any], files: Mapping[str, File]) -> str:
    if part["type"] == "image_url":
        return f"[image: {part['image_url'].get('url')}]"
    return _told("image", str(part["image_file"].get("file_id")), files)


def _told(kind: str, file_id: str, files: Mapping[str, File]) -> str:
    if file_id not in files:
        raise Refusal(f"Invalid file_id: no file found with id '{file_id}'.", param="file_id")
    return f"[{kind}: {files[file_id].file_name}, {files[file_id].bytes} bytes]"


def read_metadata(raw: Any) -> dict[str, str]:
    """At most 16 pairs, keys of 64, values of 512 characters."""
    if raw is None:
        return {}
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise _wrong("metadata", "a map of strings")
    if len(raw) > 16 or any(len(key) > 64 or len(value) > 512 for key, value in raw.items()):
        raise Refusal("Invalid 'metadata': too many pairs, or too long ones.", param="metadata")
    return dict(raw)


def _wrong(param: str, wanted: str) -> Refusal:
    return Refusal(f"Invalid type for '{param}': expected {wanted}.", param=param, word="invalid_type")
