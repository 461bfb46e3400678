"""Answers to what waits for a person: stored one by one, submitted together, exactly once (M-047, M-057)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from chatweb import frames
from chatweb.models import Action, Allowance, Tool, Turn
from chatweb.telemetry import subject as telemetry
from chatweb.turns.announce import announce
from chatweb.turns.crossing import tell_user
from chatweb.turns.ledger import next_version
from chatweb.turns.rounds import approved_output, declined_output, record, submit
from chatweb.turns.schemas import misfit
from chatweb.turns.states import ANSWERABLE, ActionState, TurnState

from .attachments import with_upstream_ids
from .refusals import Refused
from .waking import wake


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, and from which device."""

    user: User
    device: str = ""


def answer(
    turn: Turn,
    person: Person,
    outputs: Mapping[str, str],
    declined: Mapping[str, str],
    allow: Collection[str] = (),
) -> None:
    """Store answers by action id (`declined`: reasons); the last one lets the turn go on with all of them.

    Raises Refused: "not_found", "not_waiting", "expired", "wrong_values", "malformed". The same answer by the
    same person again is no error and does nothing: their first one may have arrived unseen.
    """
    telemetry.answered(turn.uuid)
    with transaction.atomic():
        actions = {str(action.uuid): action for action in Action.objects.filter(turn=turn)}
        rules = Tool.objects.rules(turn.conversation.bot_id, {action.name for action in actions.values()})
        decided = []
        for action_id in {**outputs, **declined}:
            action = actions.get(action_id)
            if action is None:
                raise Refused("not_found")
            rule = rules.get(action.name) if action.kind == Action.Kind.TOOL_CALL else None
            if action_id in declined:
                _decline(action, rule, declined[action_id])
            else:
                _fill_in(action, rule, with_upstream_ids(turn.conversation, action, outputs[action_id]))
            if _store(action, person):
                decided.append(action)
                if action_id in allow and rule is not None:
                    _allow(action, rule, turn)
        if not decided:
            return
        record(decided, person.user.pk, person.device)
        version = next_version(turn.conversation_id)
        submit(turn.pk)
        if not Turn.objects.filter(pk=turn.pk, state__in=[TurnState.WAITING, TurnState.RESUMING]).update(
            version=version
        ):
            raise Refused("not_waiting")
        announce(turn.conversation, version)
    wake()


def change(action: Action) -> None:
    """Open an answer again that was not sent yet. Raises Refused("not_waiting")."""
    with transaction.atomic():
        version = next_version(action.turn.conversation_id)
        waiting = Turn.objects.filter(pk=action.turn_id, state=TurnState.WAITING).update(version=version)
        opened = {"decision": "", "answered_by": None, "answered_at": None, "device": ""}
        mine = Action.objects.filter(pk=action.pk)
        if not waiting or not mine.move(ActionState.READY, ActionState.PENDING, **opened):
            raise Refused("not_waiting")
        announce(action.turn.conversation, version)


def keep_draft(action: Action, draft: dict[str, Any], tab: str) -> int:
    """Keep what is half filled in and show it in the user's other tabs; its new version.

    Raises Refused("not_waiting"). No version of the conversation moves: nothing else changed.
    """
    mine = Action.objects.filter(pk=action.pk, state__in=ANSWERABLE)
    if not mine.update(draft=draft, draft_version=F("draft_version") + 1):
        raise Refused("not_waiting")
    action.refresh_from_db(fields=["draft", "draft_version"])
    conversation = action.turn.conversation
    frame = frames.draft(str(conversation.uuid), str(action.turn.uuid), action, tab)
    tell_user(conversation.user_id, frame)
    return action.draft_version


def _fill_in(action: Action, rule: Tool | None, output: str) -> None:
    action.decision, action.reason = Action.Decision.ANSWERED, ""
    action.output = output
    if rule is None:
        return
    if rule.mode == Tool.Mode.APPROVE:
        action.output = approved_output(rule, action.arguments)
    elif rule.schema and misfit(_json_of(output), rule.schema):
        raise Refused("wrong_values")


def _decline(action: Action, rule: Tool | None, reason: str) -> None:
    if action.kind != Action.Kind.TOOL_CALL:
        raise Refused("malformed")  # there is no way to tell a question so; stopping is another button
    action.decision, action.reason = Action.Decision.DECLINED, reason
    action.output = declined_output(rule, action.arguments, reason)


def _json_of(output: str) -> Any:
    try:
        return json.loads(output)
    except ValueError:
        return output


def _store(action: Action, person: Person) -> bool:
    """Make the action ready. False when just this answer is there already. Raises Refused."""
    now = timezone.now()
    stored: dict[str, Any] = {
        "output": action.output,
        "decision": action.decision,
        "reason": action.reason,
        "refusal": "",
        "refusal_code": "",
        "refusal_log_id": "",
        "answered_by": person.user,
        "answered_at": now,
        "device": person.device,
    }
    mine = Action.objects.filter(pk=action.pk)
    if action.state in ANSWERABLE and action.expires_at and action.expires_at <= now:
        raise Refused("expired")
    if mine.move(ActionState.PENDING, ActionState.READY, **stored):
        return True
    known = mine.filter(output=action.output, decision=action.decision, answered_by=person.user)
    is_open = Action.objects.filter(turn=action.turn_id, state=ActionState.PENDING).exists()
    if is_open and known.filter(state=ActionState.READY).exists():
        return False  # the others are waited for; where all are ready it is a wish to send them again
    if mine.filter(state=ActionState.READY).update(**stored):
        return True
    if known.exclude(state__in=[ActionState.EXPIRED, ActionState.CANCELED]).exists():
        return False
    raise Refused("expired" if action.state == ActionState.EXPIRED else "not_waiting")


def _allow(action: Action, rule: Tool, turn: Turn) -> None:
    if rule.may_be_allowed and rule.mode == Tool.Mode.APPROVE and action.decision != Action.Decision.DECLINED:
        Allowance.objects.get_or_create(conversation=turn.conversation, name=action.name)
