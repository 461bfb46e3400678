"""`ask=`: a workflow asks in other ways than its own, one after the other, and then says what it was told."""

from __future__ import annotations

import json
from typing import Any

from simulator.directives import read_directives
from simulator.workflows.forms import FormField, read_form
from simulator.workflows.script import Ask, End, Form, Memory, Pause, Say, Script, Step

SIGN_IN_URL = "https://auth.example.com/oauth/authorize?client_id=simulator&state=1"
OPTIONS = ("Umbrella", "Raincoat", "Stay at home")
GUEST = (
    FormField("name", "string", True, "As in the passport"),
    FormField("age", "integer"),
)
FORM = (
    FormField("city", "string", True, "Where to"),
    FormField("days", "integer", True, "How many", "3"),
    FormField("budget", "number", False, "Euros a day"),
    FormField("vegetarian", "boolean"),
    FormField("start", "time", True, "The first day", is_strict=True),
    FormField("guest", "object", True, "Who comes along", properties=GUEST),
    FormField("tags", "array", False, "In a word each", items="string"),
    FormField("photo", "image", False, "Of the guest"),
    FormField("ticket", "file"),
)
PHOTO = (FormField("photo", "image", True, "A photo of the sky"),)
_TOOL_CALL = {"name": "get_rain_probability", "arguments": '{"location":"Oslo"}'}
_STEPS: dict[str, Step] = {
    "form": Form("Form", "Some details, please", FORM),
    "photo": Form("Photo", "A photo, please", PHOTO),
    "plugin": Pause("Plugin", 1, json.dumps(_TOOL_CALL, separators=(",", ":"))),
    "plugin6": Pause("Plugin", 6, json.dumps(_TOOL_CALL, separators=(",", ":"))),
    "signin": Pause("Sign in", 7, f"Please authorise: {SIGN_IN_URL}"),
    "options": Ask("Options", "What will you do if it rains?", OPTIONS),
}


def with_kinds(advance: Script) -> Script:
    """The script, unless its parameters or its first reply say `ask=`."""

    def advance_or_ask(memory: Memory, reply: str | None) -> tuple[list[Step], Memory]:
        if "kinds" in memory:
            return _take(memory, reply or "")
        if reply is None or memory.get("attempts", 0) == 0:
            text = " ".join(str(value) for value in (*memory.values(), reply or ""))
            kinds = read_directives(text).asks
            if kinds:
                return _ask({"kinds": list(kinds), "told": {}})
        return advance(memory, reply)

    return advance_or_ask


def _ask(memory: Memory) -> tuple[list[Step], Memory]:
    return [_STEPS[memory["kinds"][0]]], memory


def _take(memory: Memory, reply: str) -> tuple[list[Step], Memory]:
    """A form that is not filled in right is asked again."""
    kind, *rest = memory["kinds"]
    step = _STEPS[kind]
    told: Any = read_form(reply, step.fields) if isinstance(step, Form) else reply
    if told is None:
        return _ask(memory)
    memory = {"kinds": rest, "told": memory["told"] | {kind: told}}
    if rest:
        return _ask(memory)
    text = json.dumps(memory["told"], ensure_ascii=False)
    return [Say("Output", f"I was told: {text}"), End({"output": text})], {}
