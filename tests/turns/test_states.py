"""The tables of moves, walked whole: what is in them wins once, what is not raises."""

from itertools import product
from uuid import uuid4

import pytest

from chatweb.models import Turn
from chatweb.turns.states import (
    ACTION_MOVES,
    LIVE,
    OVER,
    TURN_MOVES,
    ActionState,
    IllegalMove,
    TurnState,
    check_action_move,
    check_turn_move,
)

# Design, section 4, written down a second time by hand: the table in the code must say the same.
TURNS = {
    "queued": "running canceled failed",
    "running": "queued waiting recovering completed failed canceled",
    "waiting": "resuming recovering canceled failed",
    "resuming": "running recovering canceled failed",
    "recovering": "running waiting completed failed canceled lost",
    "completed": "",
    "failed": "",
    "canceled": "",
    "lost": "",
}
ACTIONS = {
    "pending": "ready expired canceled superseded",
    "ready": "submitting pending expired canceled superseded",
    "submitting": "answered declined ready",
    "answered": "",
    "declined": "",
    "expired": "",
    "canceled": "",
    "superseded": "",
}


@pytest.mark.parametrize(("from_", "to"), list(product(TurnState.values, TurnState.values)))
def test_every_pair_of_turn_states(from_: str, to: str) -> None:
    if to in TURNS[from_].split():
        check_turn_move(from_, to)
    else:
        with pytest.raises(IllegalMove):
            check_turn_move(from_, to)


@pytest.mark.parametrize(("from_", "to"), list(product(ActionState.values, ActionState.values)))
def test_every_pair_of_action_states(from_: str, to: str) -> None:
    if to in ACTIONS[from_].split():
        check_action_move(from_, to)
    else:
        with pytest.raises(IllegalMove):
            check_action_move(from_, to)


def test_every_state_has_a_row_and_the_ends_are_ends() -> None:
    assert set(TURN_MOVES) == set(TurnState) and set(ACTION_MOVES) == set(ActionState)
    assert {"completed", "failed", "canceled", "lost"} == OVER
    assert {"running", "waiting", "resuming", "recovering"} == LIVE


@pytest.mark.django_db
def test_a_move_wins_once(conversation) -> None:
    turn = Turn.objects.create(conversation=conversation, client_id=uuid4(), ordinal=1)
    mine = Turn.objects.filter(pk=turn.pk)
    assert mine.move("queued", "running") is True
    assert mine.move("queued", "running") is False
    turn.refresh_from_db()
    assert turn.state == "running"


@pytest.mark.django_db
def test_a_move_of_another_epoch_is_lost(conversation) -> None:
    turn = Turn.objects.create(
        conversation=conversation, client_id=uuid4(), ordinal=1, state="running", epoch=2, owner="new"
    )
    stale = Turn.objects.filter(pk=turn.pk, owner="old", epoch=1)
    assert stale.move("running", "completed") is False
    turn.refresh_from_db()
    assert turn.state == "running"
