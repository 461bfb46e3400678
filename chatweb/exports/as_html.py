"""A conversation as one HTML file without scripts, fit for paper. Everything in it is escaped source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string

from chatweb.frames import Json
from chatweb.models import Conversation

from . import words
from .talk import head_of, pages_of, pieces_of


def as_html(conversation: Conversation) -> Iterator[str]:
    head = head_of(conversation)
    files = [words.file_line(file) for file in head["files"]]
    top = {"title": words.title_of(head), "facts": words.facts_of(head), "files": files}
    yield render_to_string("export/top.html", top)
    for page in pages_of(conversation):
        yield "".join(render_to_string("export/turn.html", shown(head, turn)) for turn in page)
    yield "</main>\n</body>\n</html>\n"


def shown(head: Json, turn: Json) -> dict[str, Any]:
    """What the template of a turn needs."""
    values = json.dumps(turn["parameters"], ensure_ascii=False, indent=2) if turn["parameters"] else ""
    return {
        "asked_by": words.asked_by(turn),
        "question": turn["question"],
        "files": [words.file_line(file) for file in turn["files"]],
        "values": values,
        "pieces": [
            answer(head, piece, turn) if kind == "message" else card(piece) for kind, piece in pieces_of(turn)
        ],
        "notes": words.notes_of(turn),
    }


def answer(head: Json, message: Json, turn: Json) -> dict[str, Any]:
    who, notes = words.answered_by(head, message, turn), words.notes_of_answer(message)
    return {"kind": "answer", "who": who, "notes": notes, **message}


def card(action: Json) -> dict[str, Any]:
    said = action["reason"] if action["decision"] == "declined" else action["output"]
    return {
        "kind": "card",
        "who": words.card_title(action),
        "arguments": action["arguments"],
        "options": (action["question"] or {}).get("options") or [],
        "outcome": words.outcome_of(action),
        "said": said,
    }
