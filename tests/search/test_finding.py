"""What search finds, and what it never finds; how many queries and which index it takes."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from random import Random

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from chatweb.models import Action, Attachment, Conversation, Message, Passage, Turn
from chatweb.search.finding import PAGE, by_name, find, passages
from chatweb.search.fold import fold
from chatweb.search.index import index_names, index_turn, reindex
from chatweb.search.query import parse
from chatweb.turns.states import ActionState, TurnState
from tests.search.seeding import Talk, seed_talk

pytestmark = pytest.mark.django_db


def found(user, typed: str) -> list[str]:
    """Folded passages, newest first."""
    hits, _ = find(user, parse(typed))
    return [hit.folded for hit in hits]


def check_index() -> None:
    """FTS5 compares its table with the passages, and raises if a trigger was forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chatweb_gram(chatweb_gram) VALUES ('integrity-check')")


@pytest.mark.parametrize(
    "typed",
    [
        "天气预报",
        "预报",
        "雨",
        "明天 ulm",
        '"ulm 的天"',
        "ＵＬＭ",
        "creme brulee",
        '"much rain"',
        "rain BRÛLÉE",
    ],
)
def test_words_are_found_wherever_they_stand(alice, begin, say, typed) -> None:
    text = "明天 Ulm 的天气预报：有雨. Crème brûlée, so **much** rain."
    say(begin(alice), "x", text)
    assert found(alice, typed) == [fold(text)]
    assert found(alice, typed + " nothere") == []


def test_a_second_user_never_finds_the_words_of_the_first(alice, bob, begin, say) -> None:
    say(begin(alice, "secret name"), "secret question 秘密", "secret answer")
    say(begin(bob, "secret of bob"), "hers")
    for typed in ("secret", "秘密", "se", "密", "secret bot:weather"):
        assert all("bob" in one for one in found(bob, typed)), typed
    assert len(found(alice, "secret")) == 3
    assert [one.name for one in by_name(bob, "secret")] == ["secret of bob"]


def test_what_is_deleted_or_taken_back_is_gone_at_once(alice, begin, say) -> None:
    gone, kept = begin(alice, "gone"), begin(alice, "kept")
    say(gone, "rain there")
    turn = say(kept, "rain here")
    Conversation.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    assert found(alice, "rain") == ["rain here"]
    assert found(alice, "gone") == []
    assert [one.name for one in by_name(alice, "")] == ["kept"]
    Turn.objects.filter(pk=turn.pk).update(is_withdrawn=True)
    index_turn(turn.pk)
    assert found(alice, "rain") == found(alice, "ra") == []
    Conversation.objects.filter(pk=gone.pk).update(deleted_at=None)
    assert found(alice, "rain") == ["rain there"]
    gone.delete()
    check_index()
    assert found(alice, "rain") == []


def test_what_changes_is_found_by_its_new_words_only(alice, begin, say) -> None:
    conversation = begin(alice, "first name")
    turn = say(conversation, "before")
    Message.objects.filter(turn=turn).update(text="afterwards")
    Conversation.objects.filter(pk=conversation.pk).update(name="second name")
    index_turn(turn.pk)
    assert (found(alice, "before"), found(alice, "afterwards")) == ([], ["afterwards"])
    assert (found(alice, "first"), found(alice, "second")) == ([], ["second name"])
    Message.objects.filter(turn=turn).delete()
    index_turn(turn.pk)
    assert found(alice, "afterwards") == []
    check_index()


def test_cards_are_found_by_what_they_ask_and_what_was_answered(alice, begin, say) -> None:
    turn = say(begin(alice), "x")
    leg = turn.legs.create()
    call = {
        "name": "rain",
        "arguments": '{"place": {"city": "\\u4e4c\\u5c14\\u59c6"}}',
        "output": '{"mm": 12}',
    }
    Action.objects.create(turn=turn, leg=leg, kind="tool_call", state=ActionState.ANSWERED, **call)
    asked = {"text": "Where to?", "options": ["By train", "By ship"]}
    Action.objects.create(turn=turn, leg=leg, ordinal=1, kind="question", question=asked)
    index_turn(turn.pk)
    assert found(alice, "乌尔姆 mm") == ["rain place city: 乌尔姆 mm: 12"]
    assert found(alice, '"by ship"') == ["where to? by train by ship"]


def test_prefixes_narrow_down(alice, begin, say, bot) -> None:
    old, new = begin(alice, "old"), begin(alice, "new")
    say(old, "rain in may", created_at=datetime(2026, 5, 31, 23, 30, tzinfo=UTC))
    turn = say(new, "rain now", created_at=datetime(2026, 6, 1, 0, 30, tzinfo=UTC), state=TurnState.WAITING)
    assert found(alice, "rain bot:天气") == ["rain now", "rain in may"]
    assert found(alice, "rain bot:echo") == []
    assert found(alice, "rain before:2026-06") == ["rain in may"]
    assert found(alice, "rain after:2026-06-01") == ["rain now"]
    with timezone.override("Asia/Shanghai"):
        assert found(alice, "rain after:2026-06") == ["rain now", "rain in may"]
    assert found(alice, "is:waiting") == ["rain now"]
    Conversation.objects.filter(pk=old.pk).update(is_archived=True)
    assert found(alice, "rain in:archived") == ["rain in may"]
    file = {
        "conversation": new,
        "user": alice,
        "connection": bot.connection,
        "mime": "image/png",
        "size_bytes": 1,
    }
    turn.files.add(Attachment.objects.create(**file, upstream_id="1", name="Umbrella.png"))
    index_turn(turn.pk)
    assert found(alice, "has:file rain") == found(alice, "umbrella") == ["rain now umbrella.png"]
    assert found(alice, "") == found(alice, "has:wings") == []


def test_pages_have_no_gaps_and_come_newest_first(alice, begin, say) -> None:
    conversation = begin(alice)
    for number in range(PAGE + 5):
        say(conversation, f"rain {number}")
    first, has_more = find(alice, parse("rain"))
    rest, is_more_left = find(alice, parse("rain"), first[-1].message.uuid)
    assert (len(first), has_more, len(rest), is_more_left) == (PAGE, True, 5, False)
    assert [hit.folded for hit in first + rest] == [f"rain {number}" for number in reversed(range(PAGE + 5))]


def test_a_page_begins_only_behind_a_hit_of_ones_own(alice, bob, begin, say) -> None:
    say(begin(alice), "rain")
    theirs = say(begin(bob), "rain")
    assert find(alice, parse("rain"), theirs.messages.get().uuid) == ([], False)


def test_20_000_messages_take_three_queries_and_an_index(
    alice, bob, bot, django_assert_max_num_queries
) -> None:
    seed_talk(alice, bot, 16_000, length=60)
    seed_talk(bob, bot, 4_000, length=60, talk=Talk(2))
    for typed in ("tho tor", "一一丢", "一丢", "rl"):
        with django_assert_max_num_queries(3):
            find(alice, parse(typed))
        plan = passages(alice, parse(typed)).order_by("-pk").values_list("pk")[:21].explain()
        assert "USING INDEX passage_of_user (user_id=?" in plan and "SCAN chatweb_passage" not in plan, plan
        has_index = "SCAN chatweb_gram VIRTUAL TABLE INDEX" in plan
        assert has_index == any(len(word) >= 3 for word in parse(typed).words), plan
    with django_assert_max_num_queries(2):
        assert list(by_name(alice, "talk 7")) and list(by_name(alice, ""))
    same_as_reading_everything(alice)


def same_as_reading_everything(user) -> None:
    everything = dict(Passage.objects.filter(user=user).values_list("pk", "folded"))
    dice = Random(7)
    for _ in range(40):
        text = dice.choice(list(everything.values()))
        words = [cut(dice, text) for _ in range(dice.randint(1, 2))]
        typed = " ".join(f'"{word}"' for word in words)
        wanted = [pk for pk, folded in everything.items() if all(word in folded for word in words)]
        hits = list(passages(user, parse(typed)).order_by("pk").values_list("pk", flat=True))
        assert hits == sorted(wanted), typed


def cut(dice: Random, text: str) -> str:
    begin = dice.randrange(len(text))
    return text[begin : begin + dice.randint(1, 9)].strip() or text[0]


def test_what_was_said_before_there_was_a_search_is_found(alice, begin, say) -> None:
    for number in range(3):
        say(begin(alice, f"talk {number}"), f"rain {number}", "an answer")
    before = sorted(Passage.objects.values_list("folded", "message", "conversation"))
    Passage.objects.all().delete()
    import_module("chatweb.migrations.0010_search").index_what_was_said(apps, None)
    assert sorted(Passage.objects.values_list("folded", "message", "conversation")) == before
    assert found(alice, "rain") == ["rain 2", "rain 1", "rain 0"]
    Passage.objects.update(folded="stale")
    assert reindex(Turn.objects.all()) == 3
    assert sorted(Passage.objects.values_list("folded", "message", "conversation")) == before
    check_index()


def test_names_cost_nothing_when_nothing_changed(alice, begin, django_assert_num_queries) -> None:
    conversation = begin(alice)
    index_names([conversation])
    with django_assert_num_queries(1):
        index_names([conversation])
