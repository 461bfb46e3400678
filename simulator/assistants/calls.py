"""Tool calls as this service has them: ids, deltas of their arguments, the outputs of a round."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from simulator.assistants.records import ThreadRun
from simulator.assistants.refusals import Refusal
from simulator.directives import Directives
from simulator.pace import pieces

Outputs = list[tuple[dict[str, Any], str]]
_FOLDED = {"position": "infos", "mixed": "rain"}  # what the service has no word for


def fold_calls(directives: Directives) -> Directives:
    rounds = tuple(tuple(_FOLDED.get(kind, kind) for kind in kinds) for kinds in directives.calls)
    return replace(directives, calls=rounds)


def named_anew(run: ThreadRun, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls of a bot with ids and keys of this service; the bot's memory knows the new ids."""
    named = []
    for call in calls:
        call_id = f"call_{secrets.token_hex(12)}"
        run.memory["open"][call_id] = run.memory["open"].pop(call["id"])
        named.append({"id": call_id, "type": "function", "function": call["function"]})
    return named


def call_deltas(calls: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """`step_details` of each delta: first name and id, then the arguments in pieces."""
    for index, call in enumerate(calls):
        function = {"name": call["function"]["name"], "arguments": "", "output": None}
        yield _delta({"index": index, "id": call["id"], "type": "function", "function": function})
        for piece in pieces(call["function"]["arguments"]):
            yield _delta({"index": index, "type": "function", "function": {"arguments": piece}})


def _delta(call: dict[str, Any]) -> dict[str, Any]:
    return {"type": "tool_calls", "tool_calls": [call]}


def read_outputs(run: ThreadRun, raw: Any) -> Outputs:
    """(call, output) in the order of the calls; Refusal unless every call is answered once."""
    if run.status != "requires_action":
        status = "cancelled" if run.status == "canceled" else run.status
        raise Refusal(f'Runs in status "{status}" do not accept tool outputs.')
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        raise Refusal("Invalid type for 'tool_outputs': expected an array of objects.", param="tool_outputs")
    given = {each.get("tool_call_id"): each.get("output") or "" for each in raw}
    if not all(isinstance(output, str) for output in given.values()):
        raise Refusal("Invalid type for 'output': expected a string.", param="output")
    wanted = [call["id"] for call in run.calls]
    if len(given) != len(raw) or set(given) != set(wanted):
        sent = [each.get("tool_call_id") for each in raw]
        raise Refusal(f"Expected tool outputs for call_ids {wanted}, got {sent}")
    return [(call, given[call["id"]]) for call in run.calls]
