"""What people saw of a row, as one text to search through. Pure; reads only columns that exist since
migration 0010, which uses this too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatweb.models import Action, Message, Turn

SEARCHED_TYPES = ("question", "answer")


def text_of_message(message: Message, turn: Turn) -> str:
    """A question with its files and what a workflow was started with; an answer with its node's name."""
    if message.type == "question":
        names = [file.name for file in turn.files.all()]
        return "\n".join([message.text, *names, *lines_of(turn.parameters)]).strip()
    return f"{message.title}\n{message.text}".strip()


def text_of_action(action: Action) -> str:
    """A card: what was asked, with what, and what was answered."""
    asked = action.question or {}
    options = [option for option in asked.get("options") or () if isinstance(option, str)]
    parts = [str(asked.get("text") or ""), *options, "" if asked else action.name]
    values = [*lines_of_json(action.arguments), *lines_of_json(action.output)]
    return "\n".join(part for part in [*parts, *values, action.reason] if part)


def lines_of_json(text: str) -> Iterator[str]:
    r"""JSON as cards show it: names and values, without quotes and "\u4e2d"; other text as it is."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        yield text
    else:
        for line in lines_of(value):  # NUL and halves of surrogates hide in escapes; no database takes them
            yield line.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def lines_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, (dict, list)):
                yield str(name)
                yield from lines_of(one)
            else:
                yield f"{name}: {_shown(one)}"
    elif isinstance(value, list):
        for one in value:
            yield from lines_of(one)
    elif value is not None:
        yield _shown(value)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
