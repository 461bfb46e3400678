"""Rolled-up figures against the plainest way to count, whatever happens to turns, cards and conversations."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chatweb.console.figures.period import period_of
from chatweb.console.figures.totals import read, sum_of
from chatweb.models import Action, ChangedHour, HourFigures, TurnFigures, UsageFigures
from chatweb.rollups.rolling import count, limits_of, roll_up_all, roll_up_some, write
from chatweb.rollups.spread import MOST_OFF
from tests.rollups.conftest import card_in, talk, turn_in

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 27, 20, tzinfo=UTC)  # the clocks of Berlin change two days later
PERIOD = period_of(BEGIN.date(), BEGIN.date() + timedelta(days=4), ZoneInfo("Europe/Berlin"))
few = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
minutes = st.integers(0, 70 * 60)
milliseconds = st.integers(1, 5_000_000)
turns = st.lists(
    st.fixed_dictionaries(
        {
            "talk": st.integers(0, 4),
            "minute": minutes,
            "state": st.sampled_from(["completed", "completed", "failed", "lost", "canceled", "running"]),
            "error_code": st.sampled_from(["", "4011", "node 5 failed"]),
            "first_token_ms": st.none() | milliseconds,
            "answer_ms": st.none() | milliseconds,
            "rating": st.sampled_from(["", "good", "bad"]),
            "tokens": st.integers(0, 100_000),
            "cost": st.none() | st.decimals(0, 5, places=6),
        }
    ),
    max_size=14,
)
ENDS = [("answered", "answered"), ("declined", "declined"), ("answered", "auto"), ("expired", "")]
ENDS.append(("pending", ""))
cards = st.lists(st.tuples(st.integers(0, 13), st.sampled_from(ENDS), milliseconds), max_size=6)
kinds = st.sampled_from(["rate", "end", "decide", "forget", "nothing"])
changes = st.lists(st.tuples(kinds, st.integers(0, 13)), max_size=6)


def naive(bot, group, begin, end):
    rows = TurnFigures.objects.filter(asked_at__gte=begin, asked_at__lt=end)
    called = Action.objects.filter(turn__figures__in=rows)
    if bot is not None:
        rows, called = rows.filter(bot=bot), called.filter(turn__conversation__bot=bot)
    if group is not None:
        rows = rows.filter(user__groups=group)
        called = called.filter(turn__conversation__user__groups=group)
    rows = list(rows)
    broken = [one for one in rows if one.state in {"failed", "lost"}]
    errors: dict[str, int] = {}
    for one in broken:
        errors[one.error_code or "unknown"] = errors.get(one.error_code or "unknown", 0) + 1
    decided = [one for one in called if one.decision in {"answered", "declined"}]
    return {
        "turns": len(rows),
        "over": len([one for one in rows if one.state != "running"]),
        "failed": len(broken),
        "errors": errors,
        "good": len([one for one in rows if one.rating == "good"]),
        "bad": len([one for one in rows if one.rating == "bad"]),
        "tokens": sum(one.tokens for one in rows),
        "cost_micros": int(sum((one.cost or 0) for one in rows) * 1_000_000),
        "people": {one.user_id for one in rows},
        "conversations": {one.conversation_id for one in rows},
        "calls_answered": len([one for one in decided if one.decision == "answered"]),
        "calls_declined": len([one for one in decided if one.decision == "declined"]),
        "calls_auto": called.filter(decision="auto").count(),
        "calls_expired": called.filter(state="expired").count(),
        "first_token": [one.first_token_ms for one in rows if one.first_token_ms is not None],
        "answer": [one.answer_ms for one in rows if one.answer_ms is not None],
        "waited": [round((one.answered_at - one.created_at).total_seconds() * 1000) for one in decided],
    }


def compare(totals, true):
    for name in ("turns", "over", "failed", "good", "bad", "tokens", "cost_micros", "calls_answered",
                 "calls_declined", "calls_auto", "calls_expired"):  # fmt: skip
        assert totals.of(name) == true[name], name
    assert dict(totals.errors) == true["errors"]
    assert (totals.people, totals.conversations) == (true["people"], true["conversations"])
    for name in ("first_token", "answer", "waited"):
        for share in (0.5, 0.95):
            told = totals.percentile(name, share)
            if not true[name]:
                assert told is None
                continue
            exact = sorted(true[name])[math.ceil(len(true[name]) * share) - 1]
            assert abs(told - exact) <= exact * MOST_OFF * 1.0001


def compare_all(site):
    hours = PERIOD.hours
    for bot in (None, *site.bots):
        for group in (None, *site.groups):
            steps = read(hours, bot.pk if bot else 0, group.pk if group else 0)
            for step, begin, end in zip(steps, PERIOD.starts, [*PERIOD.starts[1:], PERIOD.end], strict=True):
                compare(step, naive(bot, group, begin, end))
            compare(sum_of(steps), naive(bot, group, PERIOD.starts[0], PERIOD.end))


def change(what, number, rows, talks):
    if what == "rate" and rows:
        TurnFigures.objects.filter(pk=rows[number % len(rows)].pk).update(rating="bad")
    elif what == "end" and rows:
        TurnFigures.objects.filter(pk=rows[number % len(rows)].pk).update(
            state="failed", error_code="5000", answer_ms=77
        )
    elif what == "decide":
        asked = Action.objects.filter(state="pending").first()
        if asked:
            answered_at = asked.created_at + timedelta(minutes=3)
            Action.objects.filter(pk=asked.pk).update(
                state="declined", decision="declined", answered_at=answered_at
            )
    elif what == "forget":
        talks[number % len(talks)].__class__.objects.filter(pk=talks[number % len(talks)].pk).delete()


@few
@given(turns, cards, changes)
def test_rolled_up_figures_are_what_counting_says(small_site, asked, called, changed):
    with transaction.atomic():
        talks = [talk(small_site, one % 3, one % 2) for one in range(5)]
        rows = []
        for one in asked:
            figures = {name: value for name, value in one.items() if name not in {"talk", "minute"}}
            rows.append(turn_in(talks[one["talk"]], BEGIN + timedelta(minutes=one["minute"]), **figures))
        for number, (state, decision), waited_ms in called:
            if rows:
                is_answered = state in {"answered", "declined"}
                card_in(rows[number % len(rows)], state, decision, waited_ms if is_answered else None)
        roll_up_all()
        compare_all(small_site)
        for what, number in changed:
            change(what, number, rows, talks)
        roll_up_all()
        compare_all(small_site)
        transaction.set_rollback(True)


@pytest.fixture
def figures(small_site):
    return turn_in(talk(small_site), BEGIN, answer_ms=1000)


def test_an_hour_is_counted_only_when_something_in_it_changed(figures):
    assert not roll_up_some()
    before = list(HourFigures.objects.order_by("pk").values_list("pk"))
    assert not roll_up_some()
    assert list(HourFigures.objects.order_by("pk").values_list("pk")) == before
    figures.rating = "good"
    figures.save()
    assert [limits_of(one.hour)[0] for one in ChangedHour.objects.all()] == [BEGIN]
    assert not roll_up_some()
    assert HourFigures.objects.get(bot_key=0, group_key=0).good == 1


def test_a_draft_of_a_card_changes_no_figure(figures):
    card = card_in(figures, "pending")
    roll_up_all()
    Action.objects.filter(pk=card.pk).update(draft={"city": "Oslo"}, draft_version=2)
    assert not ChangedHour.objects.exists()


def test_a_turn_that_moves_to_another_hour_leaves_the_old_one(figures):
    roll_up_all()
    figures.asked_at += timedelta(hours=5)
    figures.save()
    roll_up_all()
    assert HourFigures.objects.values("hour").distinct().count() == 1


def test_a_deleted_account_is_in_no_figure(figures, small_site):
    roll_up_all()
    person = figures.user
    figures.conversation.delete()
    person.delete()
    roll_up_all()
    assert not HourFigures.objects.exists()


def test_a_backlog_is_counted_a_step_at_a_time(small_site):
    conversation = talk(small_site)
    for hour in range(5):
        turn_in(conversation, BEGIN + timedelta(hours=hour))
    assert roll_up_some(most_hours=3)
    newest = HourFigures.objects.order_by("hour").values_list("hour", flat=True).distinct()
    assert [limits_of(hour)[0].hour for hour in newest] == [22, 23, 0]
    assert not roll_up_some(most_hours=3)


def test_a_step_asks_the_same_number_of_questions_however_much_was_asked(
    small_site, django_assert_max_num_queries
):
    conversation = talk(small_site)
    for minute in range(30):
        card_in(turn_in(conversation, BEGIN + timedelta(minutes=minute)), "answered", "answered", 5000)
    with django_assert_max_num_queries(13):
        roll_up_some()


def use_of(figures):
    return UsageFigures.objects.get(slot=int(figures.asked_at.timestamp()) // 900)


def test_a_change_during_the_counting_is_counted_afterwards(figures):
    counted = count(int(BEGIN.timestamp()) // 3600)
    TurnFigures.objects.filter(pk=figures.pk).update(tokens=77)
    assert write(counted)
    assert use_of(figures).tokens == 0
    roll_up_all()
    assert use_of(figures).tokens == HourFigures.objects.get(bot_key=0, group_key=0).tokens == 77


def test_who_counted_slowly_overwrites_nothing_newer(figures):
    slow = count(int(BEGIN.timestamp()) // 3600)
    TurnFigures.objects.filter(pk=figures.pk).update(tokens=77)
    roll_up_all()
    assert not write(slow)
    assert use_of(figures).tokens == 77
