"""The tables of moves, walked whole: what is in them wins once, what is not raises."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest

from chatweb.models import Turn
from chatweb.turns.settling import CLOSING
from chatweb.turns.states import (
    ACTION_MOVES,
    ANSWERABLE,
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


def written_moves() -> Iterator[tuple[str, str, str]]:
    """Which states, from and to, of every `move` in the product that names both."""
    for path in Path(__file__).parents[2].joinpath("chatweb").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "move"
            ):
                named = [arg for arg in node.args if isinstance(arg, ast.Attribute)]
                kinds = [ast.unparse(arg.value) for arg in named]
                if len(named) == 2 and kinds in (["ActionState"] * 2, ["TurnState"] * 2):
                    yield kinds[0], named[0].attr, named[1].attr


def test_every_move_that_the_code_makes_is_in_its_table() -> None:
    moves = set(written_moves())
    assert len({move for move in moves if move[0] == "ActionState"}) >= 6
    assert {("ActionState", "READY", "SUBMITTING"), ("TurnState", "WAITING", "RESUMING")} <= moves
    for kind, from_, to in moves:
        if kind == "ActionState":
            check_action_move(ActionState[from_], ActionState[to])
        else:
            check_turn_move(TurnState[from_], TurnState[to])


def test_what_a_turns_end_makes_of_its_cards_is_in_the_table() -> None:
    for (_, closed), state in product(CLOSING.items(), ANSWERABLE):
        check_action_move(state, closed)


@pytest.mark.django_db
def test_a_move_wins_once(conversation) -> None:
    turn = Turn.objects.create(conversation=conversation, client_id=uuid4(), ordinal=1)
    mine = Turn.objects.filter(pk=turn.pk)
    assert mine.move(turn.pk, "queued", "running") is True
    assert mine.move(turn.pk, "queued", "running") is False
    turn.refresh_from_db()
    assert turn.state == "running"


@pytest.mark.django_db
def test_a_move_of_another_epoch_is_lost(conversation) -> None:
    turn = Turn.objects.create(
        conversation=conversation, client_id=uuid4(), ordinal=1, state="running", epoch=2, owner="new"
    )
    stale = Turn.objects.filter(pk=turn.pk, owner="old", epoch=1)
    assert stale.move(turn.pk, "running", "completed") is False
    turn.refresh_from_db()
    assert turn.state == "running"
