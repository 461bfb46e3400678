"""What a bot read before it answered: recalled passages of its knowledge, as the page shows them. Pure.

Two messages of a chat tell of it (wire-chat 3.3): `verbose` with msg_type knowledge_recall, whose data is a
JSON string of chunks, and the older `knowledge`, whose text is the passages themselves, as JSON or plain.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

RECALL = "knowledge_recall"
MOST = 50
MOST_CHARS = 4_000


def sources_in(messages: Iterable[tuple[str, str]]) -> list[Json]:
    """`messages`: type and text of a turn's, in order. Each passage once: {title, text, url}."""
    found: dict[tuple[str, str], Json] = {}
    for type_, text in messages:
        if type_ in ("verbose", "knowledge"):
            for source in map(_source, _passages(type_, text)):
                if source and len(found) < MOST:
                    found.setdefault((source["title"], source["text"]), source)
    return list(found.values())


def _passages(type_: str, text: str) -> list[Any]:
    content = _read(text)
    if type_ == "verbose":
        if not isinstance(content, dict) or content.get("msg_type") != RECALL:
            return []
        content = _read(content.get("data"))
    if isinstance(content, dict):
        content = content.get("chunks") or [content]
    if isinstance(content, list):
        return content
    return [text] if type_ == "knowledge" else []


def _source(passage: Any) -> Json | None:
    """None for what holds no words."""
    if not isinstance(passage, dict):
        return _told("", passage, "")
    meta = _object(passage.get("meta"))
    document, dataset = _object(meta.get("document")), _object(meta.get("dataset"))
    title = document.get("name") or passage.get("title") or passage.get("name") or dataset.get("name")
    text = passage.get("slice") or passage.get("content") or passage.get("text")
    url = next(
        (place[key] for place in (document, meta, passage) for key in ("url", "link") if place.get(key)), ""
    )
    return _told(title, text, url)


def _told(title: Any, text: Any, url: Any) -> Json | None:
    words = text.strip()[:MOST_CHARS] if isinstance(text, str) else ""
    if not words:
        return None
    is_web = isinstance(url, str) and url.startswith(("https://", "http://"))
    return {
        "title": title[:200] if isinstance(title, str) else "",
        "text": words,
        "url": url if is_web else "",
    }


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _read(text: Any) -> Any:
    """JSON in a text, or what is no text as it is; None for neither."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
