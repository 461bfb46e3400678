"""Items come by rules, operators take them one at a time, and nobody else gets in (M-043, M-101)."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from chatweb.console.reviews import items
from chatweb.models import (
    Action,
    Annotation,
    AuditEntry,
    ItemState,
    Label,
    Look,
    ReviewItem,
    ReviewQueue,
)
from chatweb.turns import commands, reviewing
from chatweb.turns.states import ActionState, TurnState
from tests.console.reviews.conftest import client_of
from tests.console.reviews.talk import a_bot, a_conversation, a_turn, answer_of

pytestmark = pytest.mark.django_db
AS_JSON = {"Accept": "application/json"}


@pytest.fixture
def bad_ratings() -> ReviewQueue:
    """The queue that every site begins with."""
    return ReviewQueue.objects.get(rule=ReviewQueue.Rule.BAD_RATING)


@pytest.fixture
def turn(talk):
    return a_turn(talk, "Where is my parcel? Call 13812345678", "On **Mars**.")


@pytest.fixture
def item(bad_ratings, turn) -> ReviewItem:
    return ReviewItem.objects.create(queue=bad_ratings, turn=turn, conversation=turn.conversation)


def url_of(item: ReviewItem) -> str:
    return reverse("console_item", args=[item.uuid])


def post(client, item, move, **fields):
    return client.post(url_of(item), {"move": move, **fields}, headers=AS_JSON)


# --- a bad rating ----------------------------------------------------------------------------------


def test_a_bad_rating_opens_one_item_however_often_it_is_given(bad_ratings, turn, ana):
    for comment in ("no", "really no"):
        commands.rate(answer_of(turn), ana, "bad", comment=comment)
    item = bad_ratings.items.get()
    assert (item.turn, item.state, item.conversation) == (turn, ItemState.OPEN, turn.conversation)


def test_a_good_rating_opens_none(turn, ana):
    commands.rate(answer_of(turn), ana, "good")
    assert not ReviewItem.objects.exists()


@pytest.mark.parametrize("instead", ["", "good"])
def test_a_rating_taken_back_unseen_closes_its_item_and_a_new_one_opens_it(bad_ratings, turn, ana, instead):
    commands.rate(answer_of(turn), ana, "bad")
    commands.rate(answer_of(turn), ana, instead)
    assert bad_ratings.items.get().state == ItemState.WITHDRAWN
    commands.rate(answer_of(turn), ana, "bad")
    assert bad_ratings.items.get().state == ItemState.OPEN


def test_what_somebody_looked_at_stays_when_the_rating_is_taken_back(console, bad_ratings, turn, ana):
    commands.rate(answer_of(turn), ana, "bad")
    item = bad_ratings.items.get()
    assert console.get(url_of(item)).status_code == 200
    commands.rate(answer_of(turn), ana, "")
    item.refresh_from_db()
    assert item.state == ItemState.OPEN


def test_the_page_shows_the_turn_its_calls_log_id_rating_and_what_came_before(
    console, talk, bad_ratings, ana
):
    a_turn(talk, "Hello?", "Hello back.")
    turn = a_turn(
        talk, "mail ana@example.com", "sent", error_code="4011", error_message="no credit", log_id="log-77"
    )
    Action.objects.create(
        turn=turn, kind="tool_call", name="send_mail", arguments='{"to": "ana@example.com"}', output="ok"
    )
    commands.rate(answer_of(turn), ana, "bad", comment="not <b>me</b>")
    page = console.get(url_of(bad_ratings.items.get())).content.decode()
    for shown in ("Hello back.", "send_mail", "log-77", "4011", "no credit", "rated bad", "[mail]"):
        assert shown in page
    assert "not &lt;b&gt;me&lt;/b&gt;" in page
    assert "ana@example.com" not in page
    assert "Ana Lima" not in page
    assert f"Person {ana.uuid.hex[:8]}" in page


def test_a_look_is_on_record(console, item, olga, ana):
    console.get(url_of(item))
    look = Look.objects.get()
    assert (look.operator, look.person, look.conversation) == (olga, ana, item.conversation)
    assert look.reason == "Review: Bad ratings"
    assert AuditEntry.objects.get(action="conversation.opened").actor == olga


def test_who_adds_an_item_themselves_says_why_they_open_it(console, item, olga, settings):
    settings.CONSOLE_NEEDS_REASON = True
    assert "Call [phone]" in console.get(url_of(item)).content.decode()
    Look.objects.all().delete()
    ReviewItem.objects.update(added_by=olga)
    page = console.get(url_of(item)).content.decode()
    assert "Why do you open this conversation?" in page
    assert "Call [phone]" not in page


# --- who gets in -----------------------------------------------------------------------------------


def test_only_operators_get_in(item, ana, root, bad_ratings):
    urls = [
        reverse("console_reviews"),
        reverse("console_queue", args=[bad_ratings.uuid]),
        reverse("console_new_queue"),
        reverse("console_add_to_queue", args=[item.turn.uuid]),
        url_of(item),
    ]
    for user in (ana, root):
        client = client_of(user)
        assert {client.get(url).status_code for url in urls} == {403}
        assert post(client, item, "done").status_code == 403
        assert client.post(reverse("console_next_item", args=[bad_ratings.uuid])).status_code == 403
        assert client.post(reverse("console_annotations_export")).status_code == 403
    item.refresh_from_db()
    assert item.state == ItemState.OPEN


def test_what_is_not_there_is_404(console):
    assert console.get(reverse("console_item", args=[uuid4()])).status_code == 404
    assert console.get(reverse("console_queue", args=[uuid4()])).status_code == 404


# --- working ---------------------------------------------------------------------------------------


@pytest.fixture
def three(bad_ratings, talk):
    turns = [a_turn(talk, f"question {number}", f"answer {number}") for number in range(3)]
    return [ReviewItem.objects.create(queue=bad_ratings, turn=turn, conversation=talk) for turn in turns]


def said(item, **fields):
    """What the form sends with every move."""
    return {"message": answer_of(item.turn).uuid, "note": "", "better_answer": "", "score": "", **fields}


def test_done_keeps_what_was_said_and_leads_to_the_next(console, three, olga):
    first, second, _ = three
    console.post(reverse("console_next_item", args=[first.queue.uuid]))
    label = Label.objects.first()
    told = post(
        console, first, "done", **said(first, note="wrong planet", score=2, labels=[label.uuid])
    ).json()
    assert told["item"] == str(second.uuid)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.ended_by, second.state, second.assignee) == ("done", olga, "taken", olga)
    kept = Annotation.objects.get()
    assert (kept.note, kept.score, list(kept.labels.all())) == ("wrong planet", 2, [label])


def test_a_browser_without_scripts_goes_the_same_way(console, three):
    first, second, _ = three
    answer = console.post(url_of(first), {"move": "skip", **said(first)})
    assert (answer.status_code, answer["Location"]) == (303, url_of(second))
    first.refresh_from_db()
    assert first.state == ItemState.SKIPPED


def test_two_operators_get_different_items(three, olga, omar):
    queue = three[0].queue
    taken = [items.begin(queue, who).pk for who in (olga, omar, olga)]
    assert taken == [three[0].pk, three[1].pk, three[0].pk]


def test_a_lock_expires_and_what_a_colleague_gave_does_not(three, olga, omar):
    first, second, third = three
    items.take(first.pk, olga)
    items.assign(second, omar, olga)
    ReviewItem.objects.filter(state=ItemState.TAKEN, assigned_by=None).update(
        locked_until=timezone.now() - timedelta(seconds=1)
    )
    assert [items.take_next(first.queue, omar).pk for _ in range(2)] == [first.pk, third.pk]


def test_who_has_lost_an_item_is_told_and_what_they_wrote_is_kept(console, three, olga, omar):
    first = three[0]
    items.take(first.pk, omar)
    refused = post(console, first, "done", **said(first, note="mine"))
    assert refused.status_code == 409
    assert "colleague" in refused.json()["error"]["sentence"]
    assert Annotation.objects.get().note == "mine"
    first.refresh_from_db()
    assert (first.state, first.assignee) == (ItemState.TAKEN, omar)


def test_arrows_walk_and_free_what_was_only_looked_at(console, three, olga):
    first, second, third = three
    items.take(first.pk, olga)
    assert post(console, first, "next", **said(first)).json()["item"] == str(second.uuid)
    assert post(console, second, "next", **said(second, note="!")).json()["item"] == str(third.uuid)
    assert post(console, third, "previous", **said(third)).json()["item"] == str(second.uuid)
    states = [ReviewItem.objects.get(pk=one.pk).state for one in three]
    assert states == [ItemState.OPEN, ItemState.TAKEN, ItemState.OPEN]
    assert Annotation.objects.get().note == "!"


def test_given_away_and_taken_back(console, three, olga, omar):
    first = three[0]
    post(console, first, "assign", colleague=omar.uuid)
    first.refresh_from_db()
    assert (first.state, first.assignee, first.assigned_by) == (ItemState.TAKEN, omar, olga)
    assert AuditEntry.objects.filter(action="review.assigned").exists()
    mine = client_of(omar).get(reverse("console_reviews")).content.decode()
    assert "question 0" in mine
    post(console, first, "release")
    first.refresh_from_db()
    assert (first.state, first.assignee) == (ItemState.OPEN, None)


def test_nothing_goes_to_somebody_who_is_no_operator(console, three, ana):
    assert post(console, three[0], "assign", colleague=ana.uuid).status_code == 404


def test_the_list_tells_progress_of_today(console, three, olga):
    for one in three[:2]:
        post(console, one, "done", **said(one))
    page = console.get(reverse("console_reviews")).content.decode()
    assert "Olga 2" in page
    again = post(console, three[0], "again", **said(three[0])).json()
    assert again["item"] == str(three[0].uuid)
    assert ReviewItem.objects.get(pk=three[0].pk).state == ItemState.OPEN


def test_a_verdict_changes_nothing_of_what_the_user_sees(console, three, ana):
    before = client_of(ana).get(f"/c/{three[0].conversation.uuid}/", headers=AS_JSON).json()
    post(console, three[0], "done", **said(three[0], note="secret verdict", better_answer="better"))
    after = client_of(ana).get(f"/c/{three[0].conversation.uuid}/", headers=AS_JSON).json()
    assert before == after
    assert "secret verdict" not in json.dumps(after)


# --- rules -----------------------------------------------------------------------------------------


def a_queue(rule: str, **fields) -> ReviewQueue:
    return ReviewQueue.objects.create(rule=rule, name=f"{rule} queue", **fields)


def test_an_error_opens_an_item_and_success_none(talk):
    queue = a_queue("error")
    good, bad = a_turn(talk, "1", "1"), a_turn(talk, "2", state=TurnState.FAILED)
    for turn in (good, bad):
        reviewing.turn_over(turn.pk, turn.state)
        reviewing.turn_over(turn.pk, turn.state)
    assert [item.turn for item in queue.items.all()] == [bad]


def test_a_tool_that_failed(talk):
    queue = a_queue("tool_failed")
    fine, late, refused = (a_turn(talk, word, word) for word in ("fine", "late", "refused"))
    Action.objects.create(turn=fine, kind="tool_call", state=ActionState.ANSWERED)
    Action.objects.create(turn=late, kind="tool_call", state=ActionState.EXPIRED)
    Action.objects.create(turn=refused, kind="tool_call", state=ActionState.SUPERSEDED, refusal="no such id")
    for turn in (fine, late, refused):
        reviewing.turn_over(turn.pk, turn.state)
    assert {item.turn for item in queue.items.all()} == {late, refused}


def test_a_card_that_waits_too_long_is_seen_while_it_waits(talk):
    queue = a_queue("waiting", wait_minutes=10)
    turn = a_turn(talk, "may I?", state=TurnState.WAITING)
    asked = timezone.now()
    Action.objects.create(turn=turn, kind="tool_call", created_at=asked)
    assert reviewing.late_cards(asked + timedelta(minutes=9)) == 0
    assert reviewing.late_cards(asked + timedelta(minutes=11)) == 1
    assert reviewing.late_cards(asked + timedelta(minutes=12)) == 0
    assert queue.items.get().turn == turn


def test_bot_and_group_narrow_a_rule_down(talk, ana, support):
    vip = Group.objects.create(name="VIP")
    other = a_turn(a_conversation(ana, a_bot("Other")), "1", "1")
    turn = a_turn(talk, "2", "2")
    of_bot, of_group = a_queue("any", bot=support), a_queue("any", group=vip)
    reviewing.turn_over(other.pk, other.state)
    reviewing.turn_over(turn.pk, turn.state)
    ana.groups.add(vip)
    reviewing.turn_over(other.pk, other.state)
    assert [item.turn for item in of_bot.items.all()] == [turn]
    assert [item.turn for item in of_group.items.all()] == [other]


def test_a_share_of_conversations_is_drawn_once_a_day_and_always_the_same(ana, support):
    queue = a_queue("any", share_percent=20)
    turns = []
    for _ in range(200):
        talk = a_conversation(ana, support)
        turns += [a_turn(talk, "1", "1"), a_turn(talk, "2", "2")]
    for turn in turns * 2:
        reviewing.turn_over(turn.pk, turn.state)
    drawn = list(queue.items.values_list("conversation", flat=True))
    assert len(drawn) == len(set(drawn))
    assert 20 <= len(drawn) <= 60


def test_a_label_brings_a_turn_into_its_queue(console, item):
    label = Label.objects.get(title_en="Wrong")
    queue = a_queue("label", label=label)
    post(console, item, "save", **said(item, labels=[label.uuid]))
    assert queue.items.get().turn == item.turn


def test_a_queue_that_is_not_in_use_gets_nothing(bad_ratings, turn, ana):
    ReviewQueue.objects.update(is_active=False)
    commands.rate(answer_of(turn), ana, "bad")
    assert not ReviewItem.objects.exists()


def test_by_hand_a_turn_goes_in_once_and_back_when_it_was_done(console, turn, bad_ratings, olga):
    queue = a_queue("hand")
    url = reverse("console_add_to_queue", args=[turn.uuid])
    assert "hand queue" in console.get(url).content.decode()
    for _ in range(2):
        console.post(url, {"queue": queue.uuid})
    item = queue.items.get()
    assert (item.state, item.added_by) == (ItemState.OPEN, olga)
    items.end(item, olga, ItemState.DONE)
    console.post(url, {"queue": queue.uuid})
    assert queue.items.get().state == ItemState.OPEN


def test_an_operator_defines_a_queue_and_a_wrong_scale_is_explained(console, support):
    url = reverse("console_new_queue")
    fields = {
        "name": "5 % of Support", "rule": "any", "bot": support.pk, "wait_minutes": 60, "share_percent": "5",
        "score_from": 1, "score_to": 1, "digits": "score", "is_active": "on",
    }  # fmt: skip
    refused = console.post(url, fields)
    assert refused.status_code == 400
    assert "two to nine steps" in refused.content.decode()
    assert "5 % of Support" in refused.content.decode()
    saved = console.post(url, {**fields, "score_to": 9})
    queue = ReviewQueue.objects.get(name="5 % of Support")
    assert saved["Location"] == reverse("console_queue", args=[queue.uuid])
    entry = AuditEntry.objects.get(action="review_queue.made")
    assert entry.after["share_percent"] == "5"
