"""Figures of turns against what happened to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatweb.models import (
    Action,
    Attachment,
    Conversation,
    ConversationFigures,
    Leg,
    Message,
    Turn,
    TurnFigures,
)
from chatweb.models.reckoning import COLUMNS
from chatweb.turns import ledger, releasing, rounds
from chatweb.turns.commands import Entered, branch, rate, withdraw
from chatweb.turns.commands.asking import ask
from chatweb.turns.states import ActionState, TurnState
from tests.turns.asking import add_leg, fill_in, open_round, rain, running, take_up, waits_for

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 21, 9, 0, tzinfo=timezone.get_default_timezone())


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def figures(turn: Turn) -> TurnFigures:
    return TurnFigures.objects.get(pk=turn.pk)


def spend(turn: Turn, chat_id: str, *counts: tuple[int, int] | None) -> None:
    """Legs of a chat, two seconds apart, with what each said it had used in and out."""
    for ordinal, used in enumerate(counts):
        given, made = used or (None, None)
        told = {
            "chat_id": chat_id,
            "started_at": at(1 + 2 * ordinal),
            "input_count": given,
            "output_count": made,
        }
        told["token_count"] = None if used is None else sum(used)
        Leg.objects.update_or_create(turn=turn, ordinal=ordinal, defaults=told)


def test_a_question_has_figures_at_once_and_costs_four_statements(conversation: Conversation) -> None:
    with CaptureQueriesContext(connection) as queries:
        turn = ask(conversation, uuid4(), Entered("Hello"))
    # One for its own, three to sum up its conversation.
    written = [query for query in queries.captured_queries if "turnfigures" in query["sql"]]
    assert len(written) == 4
    kept = figures(turn)
    assert (kept.state, kept.user, kept.bot) == ("queued", conversation.user, conversation.bot)
    assert (kept.asked_at, kept.ended_at, kept.tokens, kept.answer_ms) == (turn.created_at, None, 0, None)


def test_a_completed_turn(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    spend(turn, "7001", (12, 30))
    Turn.objects.filter(pk=turn.pk).update(started_at=at(0), first_token_at=at(1.25))
    assert ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED, ended_at=at(4.5))
    kept = figures(turn)
    assert (kept.state, kept.ended_at) == ("completed", at(4.5))
    assert (kept.first_token_ms, kept.answer_ms, kept.waited_ms) == (250, 3500, 0)
    assert (kept.input_tokens, kept.output_tokens, kept.tokens) == (12, 30, 42)


@pytest.mark.parametrize(
    ("code", "reason", "told"), [("4014", "refused", "4014"), ("", "unreachable", "unreachable")]
)
def test_a_failed_turn_keeps_the_code_or_else_the_reason(conversation, code, reason, told) -> None:
    turn, hold = running(conversation)
    ledger.move(hold, TurnState.RUNNING, TurnState.FAILED, error_code=code, error_reason=reason)
    assert (figures(turn).state, figures(turn).error_code) == ("failed", told)


def test_a_turn_that_was_busy_first_is_timed_from_the_leg_that_was_taken(conversation) -> None:
    turn, hold = running(conversation)
    spend(turn, "", None, (1, 2))
    Turn.objects.filter(pk=turn.pk).update(started_at=at(2.9), first_token_at=at(3.5), error_code="4016")
    ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED, ended_at=at(4))
    kept = figures(turn)
    assert (kept.first_token_ms, kept.answer_ms, kept.error_code) == (500, 1000, "")


def test_a_stopped_turn(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    spend(turn, "7001", None)
    ledger.move(hold, TurnState.RUNNING, TurnState.CANCELED, ended_at=at(3), stop_outcome="forgotten")
    kept = figures(turn)
    assert (kept.state, kept.tokens, kept.answer_ms, kept.first_token_ms) == ("canceled", 0, 2000, None)


def test_a_turn_that_waited_twice(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    open_round(turn, hold, waits_for(rain("a"), rain("b")))
    assert (figures(turn).state, figures(turn).call_count) == ("waiting", 2)
    Action.objects.filter(turn=turn).update(created_at=at(2))
    fill_in(turn, a="wet", b="dry")
    Action.objects.filter(turn=turn, upstream_id="a").update(answered_at=at(4))
    Action.objects.filter(turn=turn, upstream_id="b").update(answered_at=at(7))
    rounds.submit(turn.pk)
    assert (figures(turn).state, figures(turn).waited_ms) == ("resuming", 5000)
    take_up(turn)
    Turn.objects.move(turn.pk, TurnState.RESUMING, TurnState.RUNNING)
    add_leg(turn)
    open_round(turn, hold, waits_for(rain("c")))
    assert figures(turn).waited_ms == 5000  # the second round is still open
    Action.objects.filter(turn=turn, upstream_id="c").update(created_at=at(10))
    spend(turn, "7001", (0, 0), (20, 22))
    turn.refresh_from_db()
    assert releasing.end_waiting(turn, TurnState.CANCELED)
    Turn.objects.filter(pk=turn.pk).update(ended_at=at(13))
    call_command("figures")
    kept = figures(turn)
    assert (kept.state, kept.call_count, kept.waited_ms, kept.tokens) == ("canceled", 3, 8000, 42)
    assert kept.answer_ms == 12_000 - 8000


def test_the_runs_of_a_workflow_add_up_and_the_legs_of_a_chat_do_not(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    spend(turn, "", (10, 1), (10, 2))
    ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED)
    assert (figures(turn).input_tokens, figures(turn).output_tokens) == (20, 3)
    turn, hold = running(conversation)
    spend(turn, "7001", (10, 1), (20, 3))
    ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED)
    assert (figures(turn).input_tokens, figures(turn).output_tokens) == (20, 3)


def test_a_figure_that_does_not_fit_does_not_keep_a_turn_from_ending(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    spend(turn, "7001", (2_000_000_000, 147_483_647), (1, 1))
    Leg.objects.create(turn=turn, ordinal=2, chat_id="7002", input_count=2_000_000_000, started_at=at(-9e6))
    Turn.objects.filter(pk=turn.pk).update(first_token_at=at(-1e7))
    assert ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED, ended_at=at(1e8))
    kept = figures(turn)
    assert (kept.input_tokens, kept.first_token_ms, kept.answer_ms) == (2_147_483_647, 0, 2_147_483_647)


def test_a_question_that_was_taken_back_counts_nowhere(conversation: Conversation) -> None:
    turn = ask(conversation, uuid4(), Entered("Hello"))
    withdraw(turn)
    assert not TurnFigures.objects.exists()
    call_command("figures", "--check")


def test_copies_of_a_branch_have_no_figures_and_its_question_has(conversation: Conversation) -> None:
    done = []
    for _ in range(2):
        turn, hold = running(conversation)
        Message.objects.create(conversation=conversation, turn=turn, type="question", text="Hello")
        ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED)
        done.append(turn)
    made, asked = branch(done[1], uuid4(), "Something else")
    assert made.turns.count() == 2
    assert list(TurnFigures.objects.filter(conversation=made).values_list("turn", flat=True)) == [asked.pk]


def test_ratings_and_comments_follow(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    answers = [
        Message.objects.create(conversation=conversation, turn=turn, type="answer", ordinal=at_, text="Yes")
        for at_ in (1, 2)
    ]
    ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED)
    rate(answers[0], conversation.user, "good")
    assert (figures(turn).rating, figures(turn).has_comment) == ("good", False)
    rate(answers[1], conversation.user, "bad", comment="No.")
    assert (figures(turn).rating, figures(turn).has_comment) == ("bad", True)
    rate(answers[1], conversation.user, "")
    assert (figures(turn).rating, figures(turn).has_comment) == ("good", False)


def test_the_command_fills_what_is_missing_and_says_what_is_wrong(conversation, capsys) -> None:
    turn, hold = running(conversation)
    file = Attachment.objects.create(
        user=conversation.user, connection=conversation.bot.connection, name="a.txt", size_bytes=1
    )
    turn.files.add(file)
    ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED)
    other, _ = running(conversation)
    TurnFigures.objects.filter(pk=turn.pk).update(file_count=0, tokens=9)
    with pytest.raises(CommandError, match="2 turns"):
        call_command("figures", "--check")
    assert "tokens 9, should be 0" in capsys.readouterr().out
    call_command("figures")
    assert (figures(turn).file_count, figures(turn).tokens, figures(other).state) == (1, 0, "running")
    call_command("figures", "--check")


def test_states_of_cards_do_not_matter_for_the_wait(conversation: Conversation) -> None:
    """Cards are closed after the turn has moved: figures of then must be those of later."""
    turn, hold = running(conversation)
    open_round(turn, hold, waits_for(rain("a")))
    fill_in(turn, a="wet")
    Action.objects.filter(turn=turn).update(created_at=at(0), answered_at=at(1))
    turn.refresh_from_db()
    assert releasing.end_waiting(turn, TurnState.CANCELED)
    assert Action.objects.get(turn=turn).state == ActionState.CANCELED
    assert figures(turn).waited_ms == 1000
    call_command("figures", "--check")


def test_an_upgrade_gives_figures_to_the_turns_of_before(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    spend(turn, "7001", (12, 30))
    ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED, ended_at=at(4.5))
    running(conversation)
    before = figures(turn)
    TurnFigures.objects.all().delete()
    migration = import_module("chatweb.migrations.0014_figures_of_before")
    ConversationFigures.objects.all().delete()
    migration.fill(None, SimpleNamespace(connection=connection))
    after = figures(turn)
    assert all(getattr(after, name) == getattr(before, name) for name in COLUMNS)
    assert TurnFigures.objects.count() == 2
    whole = ConversationFigures.objects.get(conversation=conversation)
    assert (whole.turn_count, whole.tokens, whole.slowest_ms) == (2, 42, after.answer_ms)
