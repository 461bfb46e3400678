"""Questions and forms as words, as cards and as schemas (wire-workflows 3.2, 3.3). Pure."""

from __future__ import annotations

import json
from typing import Any

from simulator.workflows.forms import card_element, schema_element
from simulator.workflows.script import Ask, Form


def plain_question(step: Ask | Form) -> str:
    """The question as words: options as lines A., B., fields as a list."""
    if isinstance(step, Ask):
        letters = (f"{chr(ord('A') + at)}. {option}" for at, option in enumerate(step.options))
        return "\n".join([step.text, *letters])
    lines = (f"- {each.name} ({each.type}{', required' if each.required else ''})" for each in step.fields)
    return "\n".join([f"{step.text}:", "", *lines])


def card(step: Ask | Form) -> str:
    """The card of cloud chatflows: what a reader needs is in x_properties (wire-workflows 3.2 a, 3.3 b)."""
    info: dict[str, Any]
    if isinstance(step, Ask):
        options = [{"name": option} for option in step.options]
        info = {"card_type": "QUESTION", "question_card_data": {"Title": step.text, "Options": options}}
        shown = {"description": step.text, "list": [{"key": option} for option in step.options]}
    else:
        info = {"card_type": "INPUT", "input_card_data": [card_element(each) for each in step.fields]}
        shown = {"description": step.text, "list": [{"key": each.name} for each in step.fields]}
    variable = {"id": "5fJt3qKpSz", "name": "list", "defaultValue": shown}
    layout = {"elements": {}, "rootID": "root", "variables": {"5fJt3qKpSz": variable}}
    content = {
        "card_type": 3,
        "content_type": 50,
        "response_type": "card",
        "template_id": 7383997384420262000,
        "template_url": "",
        "data": _json(layout),
        "x_properties": {"workflow_card_info": _json(info)},
    }
    return _json(content)


def form_schema(step: Form) -> str:
    """`Interrupt.data` of an input node in the cloud (wire-workflows 3.3 c)."""
    return _json({"content_type": "text", "content": _json([schema_element(each) for each in step.fields])})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
