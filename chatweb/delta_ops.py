"""The ops of a delta, ready encoded: one builder for each of docs/protocol.md. Held by tests/frames.json.

Some are built by hand: they run for every read from the upstream.
"""

from __future__ import annotations

from collections.abc import Sequence
from json.encoder import encode_basestring as quoted

from chatweb import frames


def op_open(message: frames.Json) -> str:
    return f'{{"op":"open","message":{frames.encode(message)}}}'


def op_append(message_id: str, from_units: int, text: str) -> str:
    return f'{{"op":"append","id":"{message_id}","from":{from_units},"text":{quoted(text)}}}'


def op_think(message_id: str, from_units: int, text: str) -> str:
    return f'{{"op":"think","id":"{message_id}","from":{from_units},"text":{quoted(text)}}}'


def op_done(message_id: str, reasoning_ms: int | None, **replaced: str) -> str:
    """`replaced`: `text`, `reasoning`, `content_type` and `title`, each only where it differs from before."""
    return frames.encode({"op": "done", "id": message_id, "reasoning_ms": reasoning_ms, **replaced})


def op_follow_ups(texts: Sequence[str]) -> str:
    return frames.encode({"op": "follow_ups", "texts": list(texts)})


def op_sources(sources: Sequence[frames.Json]) -> str:
    return frames.encode({"op": "sources", "sources": list(sources)})
