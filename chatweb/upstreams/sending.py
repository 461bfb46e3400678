"""What requests are made of: ids in paths, a question, the place where a flow runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from .client import Flow, QuestionFile, Said
from .values import storable


def quoted(id_: str) -> str:
    """An id in a path: the upstream made it up, so it may hold anything."""
    return quote(id_, safe="")


def question_message(
    question: str, meta: Mapping[str, str], files: Sequence[QuestionFile] = ()
) -> dict[str, Any]:
    return {
        "role": "user",
        "type": "question",
        "content_type": "object_string" if files else "text",
        "content": object_string(question, files) if files else question,
        "meta_data": dict(meta),
    }


def object_string(question: str, files: Sequence[QuestionFile]) -> str:
    """Words and files in one message (wire-chat 2). Files without words are refused where no other message
    stands beside them: their names are the words then."""
    words = question if question.strip() else "\n".join(file.name for file in files)
    items: list[dict[str, str]] = [{"type": "text", "text": words}]
    for file in files:
        items.append({"type": file.kind if file.kind in ("image", "audio") else "file", "file_id": file.id})
    return json.dumps(storable(items), ensure_ascii=False)


def entered_message(said: Said) -> dict[str, Any]:
    """A message from before a conversation began (wire-chat 6.1, EnterMessage)."""
    return {
        "role": said.role,
        "type": "question" if said.role == "user" else "answer",
        "content_type": "text",
        "content": said.text,
    }


def place_of(flow: Flow) -> dict[str, str]:
    """App or bot: both together are refused (wire-workflows 1.1 and 2.1)."""
    if flow.app_id:
        return {"app_id": flow.app_id}
    return {"bot_id": flow.bot_id} if flow.bot_id else {}
