"""A conversation as JSON: the wire's turn objects (docs/protocol.md) under a head with `format_version`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from chatweb.frames import Json, encode
from chatweb.models import Conversation

from .talk import head_of, pages_of

FOR_THE_PAGE_ONLY = ("epoch", "seq", "version", "client_id", "is_withdrawn", "debug_url")


def as_json(conversation: Conversation) -> Iterator[str]:
    """One JSON object, a page of turns at a time."""
    head = json.dumps(head_of(conversation), ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "turns": ['
    separator = "\n  "
    for page in pages_of(conversation):
        for turn in page:
            yield separator + encode(kept(turn))
            separator = ",\n  "
    yield "\n ]\n}\n"


def kept(turn: Json) -> Json:
    """Without what only a live page needs, and operators."""
    return {name: value for name, value in turn.items() if name not in FOR_THE_PAGE_ONLY}
