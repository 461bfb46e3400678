"""Rounds of actions: opened when the upstream waits, answered by rules where they may be, submitted at last.

Synchronous; on the writer's thread inside a transaction of the caller's, or of their own where it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from chatweb import frames, rows
from chatweb.models import Action, Allowance, Decision, Leg, Tool, Turn
from chatweb.turns import ledger
from chatweb.turns.ledger import Hold
from chatweb.turns.machine import Leg as LegRead
from chatweb.turns.settling import UNTOLD, settle
from chatweb.turns.states import ActionState, TurnState
from chatweb.turns.templates import fill_template
from chatweb.turns.writer import Save
from chatweb.upstreams.events import Question, ToolCall

OPEN = (ActionState.PENDING, ActionState.READY, ActionState.SUBMITTING)
MOST_RESENDS = 3  # of answers whose way to the upstream was cut; then the person decides
MOST_ROUNDS_BY_RULE = 20  # a bot that asks a rule for ever must meet a person at last
APPROVED = '{"approved": true}'
DECLINED = '{"declined": true, "reason": "{reason}"}'


@dataclass(frozen=True, slots=True)
class Opened:
    """`version` None: another process owns the turn. `state`: waiting, or resuming where nobody is asked."""

    version: int | None
    state: str


def open_round(hold: Hold, leg_pk: int, read: LegRead, from_: str, save: Save | None, after: int) -> Opened:
    """The leg waits: a row for every call and question, the turn waits and nobody owns it.

    Where rules answered everything, or the answers never arrived, it goes on at once.
    """
    with transaction.atomic():
        is_known = _is_round(hold.turn_pk, read)
        if is_known:
            goes_on = _take_back(hold.turn_pk)
        else:
            settle(hold.turn_pk)
            goes_on = _ask(hold.turn_pk, leg_pk, read, after)
        version = ledger.move(hold, from_, TurnState.WAITING, save)
        if version is None:
            transaction.set_rollback(True)
            return Opened(None, TurnState.WAITING)
        if goes_on and submit(hold.turn_pk):
            return Opened(version, TurnState.RESUMING)
        return Opened(version, TurnState.WAITING)


def reopen_round(hold: Hold, from_: str, save: Save | None) -> Opened:
    """The answers never reached the upstream, or it refused them: send them again, or ask the person."""
    with transaction.atomic():
        goes_on = _take_back(hold.turn_pk)
        version = ledger.move(hold, from_, TurnState.WAITING, save)
        if version is None:
            transaction.set_rollback(True)
        elif goes_on and submit(hold.turn_pk):
            return Opened(version, TurnState.RESUMING)
        return Opened(version, TurnState.WAITING)


def submit(turn_pk: int) -> bool:
    """Let a waiting turn go on with the answers of its round; whether this call was the one that did."""
    actions = Action.objects.filter(turn_id=turn_pk)
    if actions.filter(state=ActionState.PENDING).exists():
        return False
    if not Turn.objects.move(turn_pk, TurnState.WAITING, TurnState.RESUMING):
        return False
    # Also of the cards that were left as they were: a refusal is about the last submit.
    actions.move(ActionState.READY, ActionState.SUBMITTING, **UNTOLD)
    return True


def settle_and_show(turn_pk: int) -> list[frames.Json]:
    """The upstream took the answers: the turn's cards as they are now."""
    settle(turn_pk)
    return rows.turn_by_pk(turn_pk)["actions"]


def record(actions: Iterable[Action], user_pk: int | None, device: str = "") -> None:
    """Write down who decided what, for good (M-063)."""
    Decision.objects.bulk_create(
        Decision(
            action=action,
            decision=action.decision,
            user_id=user_pk,
            device=device,
            arguments_sha256=digest(action.arguments or action.question.get("text", "")),
            output_sha256=digest(action.output),
        )
        for action in actions
    )


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


# --- what is asked ---------------------------------------------------------------------------------


def _is_round(turn_pk: int, read: LegRead) -> bool:
    """Whether this is the round that is open already, seen again by recovery."""
    still_open = Action.objects.filter(turn_id=turn_pk, state__in=OPEN)
    asked = {(Action.Kind.TOOL_CALL, call.id) for call in read.calls}
    asked |= {(Action.Kind.QUESTION, question.id) for question in read.questions}
    return bool(asked) and {(action.kind, action.upstream_id) for action in still_open} == asked


def _take_back(turn_pk: int) -> bool:
    """Answers on their way did not arrive. True if they may be sent again without asking anybody."""
    mine = Action.objects.filter(turn_id=turn_pk)
    mine.move(ActionState.SUBMITTING, ActionState.READY)
    still_open = list(mine.filter(state__in=OPEN))
    if not still_open or any(a.state != ActionState.READY or a.refusal for a in still_open):
        return False
    asked_in = max(action.leg_id or 0 for action in still_open)
    may_resend = Leg.objects.filter(turn_id=turn_pk, pk__gt=asked_in).count() < MOST_RESENDS
    if not may_resend:
        # Nobody refused anything, but a card that came back must say why: in the words of the network.
        mine.filter(state=ActionState.READY).update(refusal="the connection broke each time")
    return may_resend


def _ask(turn_pk: int, leg_pk: int, read: LegRead, after: int) -> bool:
    """Store a new round and let rules answer what they may; True if they answered all of it."""
    turn = Turn.objects.select_related("conversation").get(pk=turn_pk)
    last = Action.objects.filter(turn=turn).aggregate(last=Max("round"))["last"] or 0
    new = new_actions(turn_pk, leg_pk, read)
    calls = [action for action in new if action.kind == Action.Kind.TOOL_CALL]
    rules = Tool.objects.rules(turn.conversation.bot_id, {action.name for action in calls})
    allowed = set(Allowance.objects.filter(conversation=turn.conversation).values_list("name", flat=True))
    for action in new:
        action.round, action.after = last + 1, after
        action.expires_at = moment_of(read.waits_until)
    for action in calls:
        note_seen(turn.conversation.bot_id, action)
        if rule := rules.get(action.name):
            limit_time(action, rule)
            if last < MOST_ROUNDS_BY_RULE:
                answer_by_rule(action, rule, is_allowed=action.name in allowed)
    Action.objects.bulk_create(new)
    decided = [action for action in new if action.decision]
    record(decided, None)
    return len(decided) == len(new)


def moment_of(seconds: int) -> datetime | None:
    """Until when the upstream waits; None where it does not say, or says nonsense."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, ValueError):
        return None


def limit_time(action: Action, rule: Tool) -> None:
    """A rule's limit counts where the upstream's does not come first."""
    if rule.time_limit_seconds:
        limit = timezone.now() + timedelta(seconds=rule.time_limit_seconds)
        action.expires_at = min(limit, action.expires_at or limit)


def answer_by_rule(action: Action, rule: Tool, *, is_allowed: bool) -> None:
    """Answer a new call, if the rule does that. A template that cannot be filled leaves it open."""
    output: str | None = None
    decision = Action.Decision.AUTO
    if rule.mode == Tool.Mode.REFUSE:
        output, decision = declined_output(rule, action.arguments, ""), Action.Decision.DECLINED
    elif rule.mode == Tool.Mode.WEBHOOK:
        action.service_state = Action.ServiceState.DUE
    elif rule.mode == Tool.Mode.AUTO:
        output = fill_or_none(rule.template, action.arguments)
    elif rule.mode == Tool.Mode.APPROVE and rule.may_be_allowed and is_allowed:
        output = approved_output(rule, action.arguments)
    if output is not None:
        action.state, action.decision, action.output = ActionState.READY, decision, output
        action.answered_at = timezone.now()


def fill_or_none(template: str, arguments: str, **more: str) -> str | None:
    try:
        return fill_template(template, arguments, **more)
    except ValueError:
        return None


def approved_output(rule: Tool, arguments: str) -> str:
    return fill_or_none(rule.approve_output, arguments) or rule.approve_output or APPROVED


def declined_output(rule: Tool | None, arguments: str, reason: str) -> str:
    """What a bot is told of a call that nobody answers."""
    template = (rule.decline_output if rule else "") or DECLINED
    return fill_or_none(template, arguments, reason=reason) or template


def note_seen(bot_pk: int, action: Action) -> None:
    """Every tool a bot calls is known to the admins: one that nobody registered waits in their inbox."""
    seen = {"last_seen_at": timezone.now(), "sample_arguments": action.arguments[:4000]}
    rows = Tool.objects.filter(bot=bot_pk, name=action.name)
    if not rows.exists():
        if Tool.objects.filter(bot=None, name=action.name).exists():
            rows = Tool.objects.filter(bot=None, name=action.name)
        else:
            Tool.objects.get_or_create(bot_id=bot_pk, name=action.name, defaults={"is_registered": False})
    rows.update(seen_count=F("seen_count") + 1, **seen)


def new_actions(turn_pk: int, leg_pk: int, read: LegRead) -> list[Action]:
    """Rows for calls and questions, in the upstream's order; not stored yet."""
    common = {"turn_id": turn_pk, "leg_id": leg_pk}
    calls = [Action(**common, ordinal=at, **_of_call(call)) for at, call in enumerate(read.calls)]
    questions = [
        Action(**common, ordinal=at, **_of_question(question))
        for at, question in enumerate(read.questions, start=len(calls))
    ]
    return calls + questions


def _of_call(call: ToolCall) -> dict[str, object]:
    return {
        "kind": Action.Kind.TOOL_CALL,
        "upstream_id": call.id,
        "upstream_type": call.type,
        "interrupt_type": call.interrupt_type,
        "name": call.name[:200],
        "arguments": call.arguments,
        "needs": list(call.require),
    }


def _of_question(question: Question) -> dict[str, object]:
    fields = {
        name: {
            "type": f.type,
            "required": f.required,
            "description": f.description,
            "default": f.default,
            "schema": f.schema,
        }
        for name, f in question.fields.items()
    }
    return {
        "kind": Action.Kind.QUESTION,
        "upstream_id": question.id,
        "interrupt_type": question.interrupt_type,
        "name": question.title[:200],
        "question": {
            "text": question.text,
            "options": list(question.options),
            "fields": fields,
            "link": question.link,
        },
    }
