"""What a tab says over its socket (docs/protocol.md), taken apart. Pure."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

MAX_FRAME_CHARS = 16 * 1024


def parse(text: str) -> dict[str, Any] | str:
    """A frame of a tab, or why it is none: malformed, unknown, too_large."""
    if len(text) > MAX_FRAME_CHARS:
        return "too_large"
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return "malformed"
    if not isinstance(frame, dict):
        return "malformed"
    kind = frame.get("type")
    if kind == "ack":
        chars = frame.get("chars")
        return {"type": "ack", "chars": chars} if _is_count(chars) else "malformed"
    if kind not in ("follow", "unfollow"):
        return "unknown"
    try:
        conversation_id = str(UUID(frame.get("conversation")))
    except (ValueError, TypeError, AttributeError):
        return "malformed"
    version, position = frame.get("version", 0), frame.get("position")
    if not _is_count(version) or not (position is None or isinstance(position, dict)):
        return "malformed"
    return {"type": kind, "conversation": conversation_id, "version": version, "position": position}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
