"""What cards show: actions as the wire's objects, with the rules of their tools and earlier attempts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chatweb import frames
from chatweb.models import Action, Tool
from chatweb.turns.states import ActionState

MOST_ATTEMPTS = 3  # of a workflow's question node (wire-workflows 1.7)
QUESTION_NODE = 2  # interrupt type (wire-workflows 1.6)


def action_objects(actions: Iterable[Action], tools: Mapping[str, Tool]) -> list[frames.Json]:
    """Actions of one turn, in the order they were asked. `tools`: rules by name (Tool.objects.rules)."""
    ordered = sorted(actions, key=lambda action: (action.round, action.ordinal))
    attempts = attempts_of(ordered)
    return [
        frames.action_object(
            action,
            tools.get(action.name) if action.kind == Action.Kind.TOOL_CALL else None,
            attempts.get(action.pk),
        )
        for action in ordered
    ]


def attempts_of(ordered: Sequence[Action]) -> dict[int, frames.Json]:
    """By pk, for questions that the round before asked as well: the answer did not fit (M-069)."""
    found: dict[int, frames.Json] = {}
    for action in ordered:
        before = next((one for one in ordered if is_asked_again(one, action)), None)
        if before is None:
            continue
        number = found[before.pk]["number"] + 1 if before.pk in found else 2
        is_counted = action.interrupt_type == QUESTION_NODE
        found[action.pk] = {
            "number": number,
            "of": max(MOST_ATTEMPTS, number) if is_counted else None,
            "before": before.output,
        }
    return found


def is_asked_again(before: Action, action: Action) -> bool:
    """Whether `action` is the same node asking once more. With options nothing ever misses."""
    if action.kind != Action.Kind.QUESTION or before.kind != action.kind or before.round != action.round - 1:
        return False
    if before.state != ActionState.ANSWERED or action.question.get("options"):
        return False
    fields = list(action.question.get("fields") or ())
    if fields or before.question.get("fields"):
        return fields == list(before.question.get("fields") or ())
    return bool(action.name) and (before.name, before.interrupt_type) == (action.name, action.interrupt_type)


def tool_names(actions: Iterable[Action]) -> set[str]:
    return {action.name for action in actions if action.kind == Action.Kind.TOOL_CALL}
