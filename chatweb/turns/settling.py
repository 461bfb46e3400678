"""What becomes of a round's actions once their answers are out, or the turn is over. Synchronous."""

from __future__ import annotations

from chatweb.models import Action, Leg
from chatweb.turns import reviewing
from chatweb.turns.states import ActionState, TurnState

CLOSING = {
    TurnState.COMPLETED: ActionState.SUPERSEDED,
    TurnState.FAILED: ActionState.EXPIRED,
    TurnState.LOST: ActionState.EXPIRED,
    TurnState.CANCELED: ActionState.CANCELED,
}


UNTOLD = {"refusal": "", "refusal_code": "", "refusal_log_id": ""}


def settle(turn_pk: int) -> int:
    """The upstream took the answers of the round before; how many. What it refused it went on without, unless
    an earlier try may have brought it there. A page of a proxy has no code: it refuses nothing for sure."""
    mine = Action.objects.filter(turn_id=turn_pk)
    refused = mine.filter(state=ActionState.SUBMITTING).exclude(refusal_code="").first()
    if refused and Leg.objects.filter(turn_id=turn_pk, pk__gt=refused.leg_id).count() == 1:
        mine.exclude(refusal="").move(ActionState.SUBMITTING, ActionState.READY)
        mine.exclude(refusal="").move(ActionState.READY, ActionState.SUPERSEDED)
    declined = mine.filter(decision=Action.Decision.DECLINED)
    return declined.move(ActionState.SUBMITTING, ActionState.DECLINED, **UNTOLD) + mine.move(
        ActionState.SUBMITTING, ActionState.ANSWERED, **UNTOLD
    )


def refuse(turn_pk: int, message: str, code: str, log_id: str) -> int:
    """The upstream refused the answers: they are kept, the cards will say why; how many. They stay on their
    way until it is known whether the round still waits: what is refused may have been taken before."""
    told = {"refusal": message[:2000] or code, "refusal_code": code[:24], "refusal_log_id": log_id[:128]}
    return Action.objects.filter(turn_id=turn_pk, state=ActionState.SUBMITTING).update(**told)


def take_back_refused(turn_pk: int) -> None:
    """The round was over when its answers came: they are kept, and expire with the turn."""
    refused = Action.objects.filter(turn_id=turn_pk).exclude(refusal="")
    refused.move(ActionState.SUBMITTING, ActionState.READY)


def close(turn_pk: int, to: str) -> None:
    """The turn is over: what was submitted was taken, what was not can no longer be answered."""
    mine = Action.objects.filter(turn_id=turn_pk)
    if to != TurnState.COMPLETED:
        mine.exclude(refusal="").move(ActionState.SUBMITTING, ActionState.READY)
    settle(turn_pk)
    for state in (ActionState.PENDING, ActionState.READY):
        mine.move(state, CLOSING[TurnState(to)])
    reviewing.turn_over(turn_pk, to)
