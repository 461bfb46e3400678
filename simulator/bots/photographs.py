"""A file as a tool's output: the id of an uploaded file becomes an address for the model (seed 000)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from simulator.stage import Stage
from simulator.wire import creator_id


def photo_sentence(stage: Stage, output: str) -> str:
    """Names each id or address of the output; says so when a file is unknown or of another account."""
    try:
        values = list(_texts(json.loads(output)))
    except ValueError:
        values = []
    if not values:
        return f"The tool sent no file: {output}"
    return " ".join(_describe(stage, value) for value in values)


def _describe(stage: Stage, value: str) -> str:
    if value.startswith("https://"):
        return f"Here is your picture: [open]({value})"
    file = stage.simulator.world.files.get(value)
    if file is None or creator_id(file.owner) != creator_id(stage.chat.owner):
        return f"The file {value} is not known."
    url = f"https://files.example.com/{file.id}/{quote(file.file_name)}"
    return f"Here is your picture: [{file.file_name}]({url})"


def _texts(value: Any) -> Iterator[str]:
    """Ids and addresses at any depth; an id may come as a number."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        yield from _texts(json.loads(value))
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)
