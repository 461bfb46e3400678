"""What requests are made of: ids in paths, a question, the place where a flow runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .client import Flow


def quoted(id_: str) -> str:
    """An id in a path: the upstream made it up, so it may hold anything."""
    return quote(id_, safe="")


def question_message(question: str, meta: Mapping[str, str]) -> dict[str, Any]:
    return {
        "role": "user",
        "type": "question",
        "content_type": "text",
        "content": question,
        "meta_data": dict(meta),
    }


def place_of(flow: Flow) -> dict[str, str]:
    """App or bot: both together are refused (wire-workflows 1.1 and 2.1)."""
    if flow.app_id:
        return {"app_id": flow.app_id}
    return {"bot_id": flow.bot_id} if flow.bot_id else {}
