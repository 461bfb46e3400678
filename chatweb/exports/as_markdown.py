"""A conversation as Markdown: what people and bots wrote stays as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from chatweb.frames import Json
from chatweb.models import Conversation

from . import words
from .talk import head_of, pages_of, pieces_of

# What Markdown would take for markup, in a name that stands in a line of ours.
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(conversation: Conversation) -> Iterator[str]:
    head = head_of(conversation)
    yield top_of(head)
    for page in pages_of(conversation):
        yield "".join(turn_text(head, turn) for turn in page)


def top_of(head: Json) -> str:
    facts = [f"- {label}: {plain(value)}" for label, value in words.facts_of(head)]
    files = [f"- {plain(words.file_line(file))}" for file in head["files"]]
    listed = ["", f"## {_('Files')}", "", *files] if files else []
    return "\n".join([f"# {plain(words.title_of(head))}", "", *facts, *listed, ""])


def turn_text(head: Json, turn: Json) -> str:
    parts = [f"\n---\n\n## {plain(words.asked_by(turn))}\n"]
    if turn["question"]:
        parts.append(turn["question"])
    parts += [f"- {plain(words.file_line(file))}" for file in turn["files"]]
    if turn["parameters"]:
        parts.append(fenced(json.dumps(turn["parameters"], ensure_ascii=False, indent=2), "json"))
    for kind, piece in pieces_of(turn):
        parts.append(answer_text(head, piece, turn) if kind == "message" else card_text(piece))
    parts += [f"*{plain(note)}*" for note in words.notes_of(turn)]
    return "\n\n".join(parts) + "\n"


def answer_text(head: Json, message: Json, turn: Json) -> str:
    parts = [f"### {plain(words.answered_by(head, message, turn))}"]
    if message["reasoning"]:
        parts.append(f"*{_('Thinking')}*\n\n{quoted(message['reasoning'])}")
    if message["text"]:
        parts.append(message["text"])
    parts += [f"*{plain(note)}*" for note in words.notes_of_answer(message)]
    return "\n\n".join(parts)


def card_text(action: Json) -> str:
    parts = [f"### {plain(words.card_title(action))}"]
    if action["arguments"]:
        parts.append(fenced(action["arguments"], "json"))
    parts += [f"- {plain(option)}" for option in (action["question"] or {}).get("options") or ()]
    parts.append(f"*{plain(words.outcome_of(action))}*")
    said = action["reason"] if action["decision"] == "declined" else action["output"]
    if said:
        parts.append(fenced(said))
    return "\n\n".join(parts)


def plain(text: str) -> str:
    """A text that must stay in its line and mean no markup."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def fenced(text: str, language: str = "") -> str:
    """A block of code whose fence is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
