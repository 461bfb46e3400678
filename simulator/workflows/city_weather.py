"""City weather: a question node that extracts city and date, with three attempts; then the forecast."""

from __future__ import annotations

import re

from simulator.workflows.kinds import with_kinds
from simulator.workflows.script import Ask, Break, End, Memory, Say, Step, Workflow

MOST_ATTEMPTS = 3
TITLE = "Question"
_DATE = re.compile(
    r"\b(today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{4}-\d{2}-\d{2})\b|(今天|明天|后天|周[一二三四五六日])",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:in|on|for|the|and|at|weather|of|rate=\S+|[a-z_]+=\S+)\b|[?.!,;，。？！]", re.IGNORECASE
)


def advance(memory: Memory, reply: str | None) -> tuple[list[Step], Memory]:
    memory = dict(memory)
    if reply is not None:
        memory |= extract(reply)
        memory["attempts"] = memory.get("attempts", 0) + 1
    city, date = memory.get("city"), memory.get("date")
    if city and date:
        forecast = f"It will rain in {city}, {date}: take an umbrella."
        return [Say("Output", forecast), End({"output": forecast})], {}
    if memory.get("attempts", 0) >= MOST_ATTEMPTS:
        return [Break(5000, f"question not answered after {MOST_ATTEMPTS} attempts")], {}
    text = "And the date?" if city else "And which city?" if date else "City and date?"
    return [Ask(TITLE, text)], memory


def extract(reply: str) -> dict[str, str]:
    """What the node's model would find: a date word, and the rest as the city."""
    match = _DATE.search(reply)
    rest = " ".join(_FILLER.sub(" ", _DATE.sub(" ", reply)).split())
    found = {"date": match[0]} if match else {}
    return found | ({"city": rest} if any(char.isalpha() for char in rest) else {})


CITY_WEATHER = Workflow(
    id="7430000000000000301",
    name="City weather",
    description="Tells whether it will rain; asks for city and date until it knows both.",
    mode="workflow",
    advance=with_kinds(advance),
    parameters={
        "city": {"type": "string", "required": False, "description": "Where"},
        "date": {"type": "string", "required": False, "description": "When"},
    },
)
