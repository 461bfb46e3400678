"""Rounds: opened, answered by rules, submitted together, taken back when they did not arrive."""

from __future__ import annotations

import pytest

from chatweb.models import Action, Allowance, Conversation, Decision, Leg, Tool, Turn
from chatweb.turns import rounds
from chatweb.turns.states import ActionState, TurnState
from chatweb.upstreams.events import Field, Question
from tests.turns.asking import add_leg, fill_in, open_round, rain, running, states, take_up, waits_for

pytestmark = pytest.mark.django_db


def rule(name: str = "rain", **fields: object) -> Tool:
    return Tool.objects.create(bot=None, name=name, **fields)


def test_a_round_keeps_the_upstreams_order_and_its_place(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    form = Question("", "How long?", ("a",), {"days": Field("integer", True)}, 5, title="Node")
    opened = open_round(turn, hold, waits_for(rain("b"), rain("a"), questions=(form,)))
    assert opened.state == TurnState.WAITING and opened.version
    cards = list(Action.objects.filter(turn=turn).order_by("ordinal"))
    assert [(card.upstream_id, card.round, card.after) for card in cards] == [
        ("b", 1, 3),
        ("a", 1, 3),
        ("", 1, 3),
    ]
    assert cards[2].question["fields"]["days"]["required"] and cards[2].interrupt_type == 5
    turn.refresh_from_db()
    assert (turn.state, turn.owner) == (TurnState.WAITING, "")


def test_all_or_nothing_is_submitted(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    open_round(turn, hold, waits_for(rain("a"), rain("b")))
    fill_in(turn, b="wet")
    assert rounds.submit(turn.pk) is False
    assert states(turn) == ["pending", "ready"]
    fill_in(turn, a="dry")
    assert rounds.submit(turn.pk) is True
    assert rounds.submit(turn.pk) is False, "only one call lets it go on"
    assert states(turn) == ["submitting", "submitting"]


def test_a_lost_turn_opens_nothing(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    Turn.objects.filter(pk=turn.pk).update(epoch=2)
    assert open_round(turn, hold, waits_for(rain("a"))).version is None
    assert states(turn) == []


def test_the_next_round_settles_the_one_before(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    open_round(turn, hold, waits_for(rain("a")))
    fill_in(turn, a="dry")
    assert rounds.submit(turn.pk)
    take_up(turn)
    Turn.objects.move(turn.pk, TurnState.RESUMING, TurnState.RUNNING)
    add_leg(turn, Leg.Kind.SUBMIT)
    open_round(turn, hold, waits_for(rain("b")))
    assert states(turn) == ["answered", "pending"]
    assert list(Action.objects.filter(turn=turn).values_list("round", flat=True)) == [1, 2]


def recovered(turn: Turn, hold, read) -> rounds.Opened:
    take_up(turn)
    Turn.objects.move(turn.pk, TurnState.RESUMING, TurnState.RECOVERING)
    add_leg(turn, Leg.Kind.SUBMIT)
    return open_round(turn, hold, read, TurnState.RECOVERING)


def test_answers_that_did_not_arrive_are_sent_again_three_times_then_a_person_decides(
    conversation: Conversation,
) -> None:
    turn, hold = running(conversation)
    read = waits_for(rain("a"))
    open_round(turn, hold, read)
    fill_in(turn, a="dry")
    assert rounds.submit(turn.pk)
    tried = [recovered(turn, hold, read).state for _ in range(rounds.MOST_RESENDS)]
    assert tried == [TurnState.RESUMING] * (rounds.MOST_RESENDS - 1) + [TurnState.WAITING]
    assert states(turn) == ["ready"], "nothing was asked twice, nothing is lost"


def test_the_same_round_seen_again_keeps_what_is_half_answered(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    read = waits_for(rain("a"), rain("b"))
    open_round(turn, hold, read)
    fill_in(turn, a="dry")
    Turn.objects.move(turn.pk, TurnState.WAITING, TurnState.RECOVERING)
    Turn.objects.filter(pk=turn.pk).update(owner="me")
    assert open_round(turn, hold, read, TurnState.RECOVERING).state == TurnState.WAITING
    assert states(turn) == ["ready", "pending"]


def test_refused_answers_are_not_sent_again_by_themselves(conversation: Conversation) -> None:
    from chatweb.turns import settling

    turn, hold = running(conversation)
    read = waits_for(rain("a"))
    open_round(turn, hold, read)
    fill_in(turn, a="dry")
    assert rounds.submit(turn.pk)
    settling.refuse(turn.pk, "no", "4000", "log")
    assert recovered(turn, hold, read).state == TurnState.WAITING
    card = Action.objects.get(turn=turn)
    assert (card.state, card.output, card.refusal) == ("ready", "dry", "no")


# --- rules -----------------------------------------------------------------------------------------


def test_auto_and_refuse_ask_nobody(conversation: Conversation) -> None:
    rule(mode=Tool.Mode.AUTO, template="in {location}")
    rule("book", mode=Tool.Mode.REFUSE, decline_output="never")
    turn, hold = running(conversation)
    opened = open_round(turn, hold, waits_for(rain("a"), rain("b", "book")))
    assert opened.state == TurnState.RESUMING
    outputs = list(Action.objects.filter(turn=turn).values_list("output", "decision", "state"))
    assert outputs == [("in Ulm", "auto", "submitting"), ("never", "declined", "submitting")]
    kept = list(Decision.objects.values_list("decision", "user", "output_sha256"))
    assert kept == [
        ("auto", None, rounds.digest("in Ulm")),
        ("declined", None, rounds.digest("never")),
    ]


def test_a_person_is_asked_what_no_rule_answers(conversation: Conversation) -> None:
    rule(mode=Tool.Mode.AUTO, template="x")
    turn, hold = running(conversation)
    assert open_round(turn, hold, waits_for(rain("a"), rain("b", "other"))).state == TurnState.WAITING
    assert states(turn) == ["ready", "pending"]


@pytest.mark.parametrize(
    ("may_be_allowed", "is_allowed", "state"),
    [(True, True, "submitting"), (True, False, "pending"), (False, True, "pending")],
)
def test_approve_asks_unless_the_person_allowed_it_and_the_policy_still_lets_them(
    conversation: Conversation, may_be_allowed: bool, is_allowed: bool, state: str
) -> None:
    rule(mode=Tool.Mode.APPROVE, may_be_allowed=may_be_allowed)
    if is_allowed:
        Allowance.objects.create(conversation=conversation, name="rain")
    turn, hold = running(conversation)
    open_round(turn, hold, waits_for(rain("a")))
    assert states(turn) == [state]


def test_a_rule_that_answers_for_ever_meets_a_person(conversation: Conversation) -> None:
    rule(mode=Tool.Mode.AUTO, template="x")
    turn, hold = running(conversation)
    for number in range(rounds.MOST_ROUNDS_BY_RULE):
        assert open_round(turn, hold, waits_for(rain(f"a{number}"))).state == TurnState.RESUMING
        take_up(turn)
        Turn.objects.move(turn.pk, TurnState.RESUMING, TurnState.RUNNING)
        add_leg(turn, Leg.Kind.SUBMIT)
    assert open_round(turn, hold, waits_for(rain("last"))).state == TurnState.WAITING
    assert states(turn)[-1] == ActionState.PENDING


def test_a_time_limit_is_counted_from_the_asking(conversation: Conversation) -> None:
    rule(time_limit_seconds=90)
    turn, hold = running(conversation)
    open_round(turn, hold, waits_for(rain("a"), rain("b", "other")))
    limited, other = Action.objects.filter(turn=turn).order_by("ordinal")
    assert 89 <= (limited.expires_at - limited.created_at).total_seconds() <= 91
    assert other.expires_at is None


def test_deny_wins_then_the_bots_own_entry_then_the_one_for_all(conversation: Conversation) -> None:
    bot = conversation.bot
    everybody = rule(mode=Tool.Mode.AUTO, template="all")
    own = Tool.objects.create(bot=bot, name="rain", mode=Tool.Mode.FORM)
    assert Tool.objects.rules(bot.pk, ["rain"])["rain"] == own
    Tool.objects.filter(pk=everybody.pk).update(mode=Tool.Mode.REFUSE)
    assert Tool.objects.rules(bot.pk, ["rain"])["rain"] == everybody
    Tool.objects.filter(pk=own.pk).update(is_registered=False)
    Tool.objects.filter(pk=everybody.pk).update(is_registered=False)
    assert Tool.objects.rules(bot.pk, ["rain"]) == {}


def test_every_call_is_counted_where_its_tool_is_known(conversation: Conversation) -> None:
    known = rule("book")
    turn, hold = running(conversation)
    open_round(turn, hold, waits_for(rain("a"), rain("b"), rain("c", "book")))
    seen = Tool.objects.get(bot=conversation.bot, name="rain")
    assert (seen.is_registered, seen.seen_count) == (False, 2)
    known.refresh_from_db()
    assert known.seen_count == 1
    assert Tool.objects.filter(name="book").count() == 1
