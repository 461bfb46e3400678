"""The functions an assistant may call, with the JSON Schema of their parameters, as its `tools` list them."""

from __future__ import annotations

from typing import Any

from simulator.assistants.casting import assistant_id_of
from simulator.bots.calling import TOOLS
from simulator.bots.weather import WEATHER


def _function(kind: str, description: str, **properties: dict[str, Any]) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    function = {"name": TOOLS[kind], "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


_PLACE = {"type": "string", "description": "The city, e.g. Oslo"}
_WEATHER: list[dict[str, Any]] = [
    _function("rain", "The chance of rain in a place", location=_PLACE),
    _function("file", "A photo from the person", purpose={"type": "string"}),
    _function("infos", "The rain where the person is"),
    _function(
        "book",
        "Books an umbrella",
        places={"type": "array", "items": {"type": "string"}},
        nested={"type": "object"},
        count={"type": "integer"},
        note={"type": ["string", "null"]},
    ),
    _function("broken", "Reports a cloud", location=_PLACE, note={"type": "string"}),
]


def tools_of(assistant_id: str) -> list[dict[str, Any]]:
    return _WEATHER if assistant_id == assistant_id_of(WEATHER) else []
