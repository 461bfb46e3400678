"""Quotas where turns are made and taken: what counts, what is refused, and in which words."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone, translation

from chatweb.models import Attachment, Bot, Conversation, Leg, Message, Quota, Turn, TurnFigures
from chatweb.turns import claims, ledger
from chatweb.turns.commands import Entered, Refused, branch, regenerate, start_conversation, withdraw
from chatweb.turns.commands.asking import ask
from chatweb.turns.states import TurnState
from chatweb.usage.standing import limits_of, standings
from chatweb.usage.wording import when
from tests.turns.asking import running

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, text: str = "Hello") -> Turn:
    return ask(conversation, uuid4(), Entered(text))


def refused(conversation: Conversation, **asked: object) -> str:
    with pytest.raises(Refused) as refusal:
        ask(conversation, uuid4(), Entered("One more", **asked))
    assert refusal.value.reason == "quota_reached"
    return refusal.value.sentence


def used(conversation: Conversation) -> list[int]:
    return [one.used for one in standings(conversation.user, limits_of(conversation.user, conversation.bot))]


def test_the_last_one_fits_and_the_next_does_not(conversation: Conversation) -> None:
    Quota.objects.create(limit=2)
    say(conversation), say(conversation)
    assert "2 of 2 messages today" in refused(conversation)
    assert conversation.turns.count() == 2


def test_nothing_is_left_of_a_conversation_that_was_refused(conversation: Conversation) -> None:
    Quota.objects.create(limit=0)
    with pytest.raises(Refused):
        start_conversation(conversation.user, conversation.bot, uuid4(), uuid4(), Entered("Hello"))
    assert Conversation.objects.count() == 1


def test_a_repeated_question_is_no_second_one(conversation: Conversation) -> None:
    Quota.objects.create(limit=1)
    client_id = uuid4()
    first = ask(conversation, client_id, Entered("Hello"))
    assert ask(conversation, client_id, Entered("Hello")) == first


def test_regenerating_and_branching_count_and_are_refused(conversation: Conversation) -> None:
    turn, hold = running(conversation)
    Message.objects.create(conversation=conversation, turn=turn, type="question", text="Hello")
    ledger.move(hold, TurnState.RUNNING, TurnState.COMPLETED)
    quota = Quota.objects.create(limit=1)
    for again in (lambda: regenerate(turn, uuid4()), lambda: branch(turn, uuid4(), "Other words")):
        with pytest.raises(Refused, match="quota_reached"):
            again()
    assert Conversation.objects.count() == 1
    Quota.objects.filter(pk=quota.pk).update(limit=2)
    regenerate(turn, uuid4())
    assert used(conversation) == [2]


def test_a_question_that_was_taken_back_or_never_sent_does_not_count(conversation: Conversation) -> None:
    Quota.objects.create(limit=2)
    withdraw(say(conversation))
    turn, hold = running(conversation)
    ledger.move(hold, TurnState.RUNNING, TurnState.FAILED, error_reason="unreachable")
    assert used(conversation) == [0]
    turn, hold = running(conversation)
    Leg.objects.filter(turn=turn).update(token_count=5, output_count=5)
    ledger.move(hold, TurnState.RUNNING, TurnState.FAILED, error_reason="failed")
    assert used(conversation) == [1]


def test_tokens_stop_the_next_question_once_they_are_used(conversation: Conversation) -> None:
    Quota.objects.create(unit="tokens", period="month", limit=1000)
    turn = say(conversation)
    TurnFigures.objects.filter(turn=turn).update(tokens=999)
    say(conversation)
    TurnFigures.objects.filter(turn=turn).update(tokens=1200)
    with translation.override("en"):
        assert "1,200 of 1,000 tokens this month" in refused(conversation)


def test_files_count_together_with_those_that_come(conversation: Conversation) -> None:
    Quota.objects.create(unit="files", limit=2)
    conversation.bot.info = {"multimodal": {"file": True}}
    ids = []
    for at in range(3):
        file = Attachment.objects.create(
            user=conversation.user, connection=conversation.bot.connection, upstream_id=f"{at}",
            name="a.pdf", mime="application/pdf", size_bytes=1,
        )  # fmt: skip
        ids.append(file.uuid)
    ask(conversation, uuid4(), Entered("One", file_ids=ids[:1]))
    assert "more than your quota has left" in refused(conversation, file_ids=ids[1:])
    say(conversation, "Words are free")


def test_a_quota_of_a_bot_and_one_of_all_bots_hold_side_by_side(conversation: Conversation) -> None:
    other_bot = Bot.objects.create(connection=conversation.bot.connection, upstream_id="7002", name="Other")
    other = Conversation.objects.create(
        user=conversation.user, bot=other_bot, identity=conversation.identity, name="Other"
    )
    Quota.objects.create(limit=1, bot=conversation.bot)
    Quota.objects.create(limit=2)
    say(conversation)
    assert "Your quota for Echo is used up" in refused(conversation)
    say(other)
    assert "2 of 2 messages today" in refused(other)


def test_a_persons_own_row_takes_the_place_of_the_groups(conversation: Conversation) -> None:
    staff = Group.objects.create(name="Staff")
    conversation.user.groups.add(staff)
    Quota.objects.create(group=staff, limit=0)
    refused(conversation)
    Quota.objects.create(user=conversation.user, limit=1)
    say(conversation)
    refused(conversation)


def test_yesterday_does_not_count(conversation: Conversation) -> None:
    Quota.objects.create(limit=1)
    turn = say(conversation)
    TurnFigures.objects.filter(turn=turn).update(asked_at=timezone.now() - timedelta(days=1))
    say(conversation)


def test_a_queued_question_is_refused_when_the_quota_was_used_up_meanwhile(conversation) -> None:
    Quota.objects.create(unit="tokens", limit=10)
    first, second = say(conversation), say(conversation)
    assert claims.take_on(first.pk, "me")
    Turn.objects.filter(pk=first.pk).update(state="completed")
    TurnFigures.objects.filter(turn=first).update(tokens=10)
    assert claims.take_on(second.pk, "me") is None
    second.refresh_from_db()
    assert (second.state, second.error_reason) == ("failed", "quota_reached")


def test_a_question_that_was_the_last_is_not_refused_when_it_is_taken(conversation) -> None:
    Quota.objects.create(limit=1)
    assert claims.take_on(say(conversation).pk, "me")


def test_the_moment_is_told_in_the_readers_zone(settings) -> None:
    midnight = timezone.now().astimezone(ZoneInfo("UTC")).replace(hour=0, minute=0, second=0)
    now = timezone.localtime(timezone.now(), ZoneInfo("Asia/Tokyo"))
    with translation.override("en"), timezone.override("Asia/Tokyo"):
        assert when(datetime.combine(now.date(), midnight.timetz())) == "at 09:00 your time"
        tomorrow = datetime.combine(now.date() + timedelta(days=1), midnight.timetz())
        assert when(tomorrow) == "tomorrow at 09:00 your time"
        assert when(datetime(2031, 12, 1, 15, tzinfo=ZoneInfo("UTC"))) == "on December 2 at 00:00 your time"


def line(conversation: Conversation, client: Client) -> dict | None:
    answer = client.get(f"/bots/{conversation.bot.uuid}/quota/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return answer.json()["line"]


def test_the_page_warns_at_eighty_percent_and_says_why_at_a_hundred(conversation, client) -> None:
    client.force_login(conversation.user)
    assert client.get(f"/bots/{conversation.bot.uuid}/quota/").json() == {"holds": False, "line": None}
    Quota.objects.create(limit=5)
    for _ in range(3):
        say(conversation)
    assert line(conversation, client) is None
    say(conversation)
    told = line(conversation, client)
    assert told and not told["is_reached"] and told["sentence"].startswith("4 of 5 messages today, resets ")
    assert 0 < told["resets_in_seconds"] <= 86_400
    say(conversation)
    told = line(conversation, client)
    assert told and told["is_reached"] and "is used up: 5 of 5 messages today" in told["sentence"]


def test_a_stranger_does_not_learn_that_the_bot_is_there(conversation, client, django_user_model) -> None:
    client.force_login(django_user_model.objects.create_user("mallory"))
    assert client.get(f"/bots/{conversation.bot.uuid}/quota/").status_code == 404


def test_asking_answers_429_with_the_sentence(conversation, client) -> None:
    Quota.objects.create(limit=0)
    client.force_login(conversation.user)
    path, body = f"/c/{conversation.uuid}/ask/", {"client_id": str(uuid4()), "text": "Hello"}
    answer = client.post(path, body, "application/json", headers={"Accept": "application/json"})
    assert answer.status_code == 429
    error = answer.json()["error"]
    assert error["reason"] == "quota_reached" and "0 of 0 messages today" in error["sentence"]
    page = client.post(path, {"text": "Hello"}, headers={"Accept": "text/html"})
    assert page.status_code == 429 and "0 of 0 messages today" in page.content.decode()
