"""What becomes of cards when answers are out and when their turn is over; no card stays open."""

from __future__ import annotations

import pytest

from chatweb.models import Action, Conversation, Leg, Turn
from chatweb.turns import settling
from chatweb.turns.states import ANSWERABLE, OVER, ActionState, TurnState
from tests.turns.asking import add_leg, rain, running, states

pytestmark = pytest.mark.django_db


def cards(turn: Turn, *kinds: str, code: str = "4000") -> None:
    """A card in each of the states; "declining" is on its way with a reason, "refused" came back."""
    leg = turn.legs.first()
    for at, kind in enumerate(kinds):
        Action.objects.create(
            turn=turn,
            leg=leg,
            ordinal=at,
            kind=Action.Kind.TOOL_CALL,
            upstream_id=rain(str(at)).id,
            state=ActionState.SUBMITTING if kind in {"declining", "refused"} else kind,
            decision=Action.Decision.DECLINED if kind == "declining" else Action.Decision.ANSWERED,
            refusal="no" if kind == "refused" else "",
            refusal_code=code if kind == "refused" else "",
        )


def test_what_was_taken_is_answered_or_declined(conversation: Conversation) -> None:
    turn, _hold = running(conversation)
    cards(turn, "submitting", "declining")
    assert settling.settle(turn.pk) == 2
    assert states(turn) == ["answered", "declined"]
    assert settling.settle(turn.pk) == 0


@pytest.mark.parametrize(
    ("to", "open_becomes"),
    [("completed", "superseded"), ("failed", "expired"), ("lost", "expired"), ("canceled", "canceled")],
)
def test_the_end_of_a_turn_closes_every_card(conversation: Conversation, to: str, open_becomes: str) -> None:
    turn, _hold = running(conversation)
    cards(turn, "pending", "ready", "submitting", "declining", "answered", "superseded")
    settling.close(turn.pk, to)
    assert states(turn) == [open_becomes, open_becomes, "answered", "declined", "answered", "superseded"]


def test_every_end_is_known() -> None:
    assert set(settling.CLOSING) == OVER
    assert not ANSWERABLE & set(settling.CLOSING.values())


def test_a_refusal_says_why_and_keeps_the_answer_on_its_way(conversation: Conversation) -> None:
    turn, _hold = running(conversation)
    cards(turn, "submitting", "answered")
    settling.refuse(turn.pk, "", "4" * 50, "log" * 100)
    refused, other = Action.objects.filter(turn=turn).order_by("ordinal")
    assert refused.refusal and refused.refusal_code == "4" * 24 and len(refused.refusal_log_id) == 128
    assert other.refusal == ""


def test_what_was_refused_at_its_only_try_was_not_what_the_bot_went_on_with(
    conversation: Conversation,
) -> None:
    turn, _hold = running(conversation)
    cards(turn, "refused", "refused")
    add_leg(turn, Leg.Kind.SUBMIT)
    settling.close(turn.pk, TurnState.COMPLETED)
    assert states(turn) == ["superseded", "superseded"]


def test_what_was_refused_at_a_second_try_may_have_been_taken_at_the_first(
    conversation: Conversation,
) -> None:
    turn, _hold = running(conversation)
    cards(turn, "refused")
    add_leg(turn, Leg.Kind.SUBMIT)
    add_leg(turn, Leg.Kind.SUBMIT)
    settling.close(turn.pk, TurnState.COMPLETED)
    assert states(turn) == ["answered"]


def test_a_proxy_that_answers_in_place_of_the_bot_refuses_nothing_for_sure(
    conversation: Conversation,
) -> None:
    turn, _hold = running(conversation)
    cards(turn, "refused", code="")
    add_leg(turn, Leg.Kind.SUBMIT)
    settling.close(turn.pk, TurnState.COMPLETED)
    assert states(turn) == ["answered"]


@pytest.mark.parametrize("to", ["failed", "lost"])
def test_what_was_refused_by_a_chat_that_is_over_expired(conversation: Conversation, to: str) -> None:
    turn, _hold = running(conversation)
    cards(turn, "refused")
    add_leg(turn, Leg.Kind.SUBMIT)
    settling.close(turn.pk, to)
    assert states(turn) == ["expired"]
