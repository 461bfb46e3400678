"""The live text of a turn: positions, replacement, cutting, recovery."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatweb import frames
from chatweb.turns.feed import Feed
from chatweb.upstreams.events import Delta, Message, MessageDone

TURN = "11111111-1111-4111-8111-111111111111"
TALK = "22222222-2222-4222-8222-222222222222"


def new_feed() -> Feed:
    return Feed({"id": TURN, "conversation": TALK, "epoch": 1, "state": "running", "version": 3})


def told(feed: Feed, *events: Any) -> list[dict[str, Any]]:
    """The ops of one read, as a tab sees them."""
    ops = feed.take(events)
    return json.loads(feed.frame(ops))["ops"] if ops else []


def shown(feed: Feed) -> list[str]:
    return [message["text"] for message in feed.snapshot()["messages"]]


def test_a_message_opens_once_and_grows_by_offsets_in_utf16_units() -> None:
    feed = new_feed()
    first = told(feed, Delta("m1", "héllo 😀"))
    second = told(feed, Delta("m1", "!"))
    assert [op["op"] for op in first] == ["open", "append"]
    assert first[1]["from"] == 0
    assert second == [{"op": "append", "id": first[0]["message"]["id"], "from": 8, "text": "!"}]
    assert shown(feed) == ["héllo 😀!"]


def test_the_frame_of_a_read_with_two_answers_names_both() -> None:
    feed = new_feed()
    ops = told(feed, Delta("m1", "one"), Delta("m2", "two"), Delta("m1", " more"))
    assert [op["op"] for op in ops] == ["open", "append", "open", "append", "append"]
    assert shown(feed) == ["one more", "two"]


def test_completed_text_wins_and_only_then_travels_again() -> None:
    feed = new_feed()
    told(feed, Delta("m1", r"50$\%$"))
    same = told(new := new_feed(), Delta("x", "same"), MessageDone(Message("x", "answer", "same")))
    changed = told(feed, MessageDone(Message("m1", "answer", "50%")))
    assert "text" not in same[-1]
    assert changed[-1]["text"] == "50%"
    assert shown(feed) == ["50%"]
    assert shown(new) == ["same"]


def test_a_delta_after_completed_changes_nothing() -> None:
    feed = new_feed()
    told(feed, MessageDone(Message("m1", "answer", "done")))
    assert told(feed, Delta("m1", "late")) == []
    assert shown(feed) == ["done"]


def test_an_empty_completed_keeps_the_deltas() -> None:
    feed = new_feed()
    told(feed, Delta("m1", "text", reasoning="because"), MessageDone(Message("m1", "answer", "")))
    message = feed.snapshot()["messages"][0]
    assert (message["text"], message["reasoning"]) == ("text", "because")


def test_only_answers_are_shown_and_follow_ups_come_as_the_whole_list() -> None:
    feed = new_feed()
    assert told(feed, MessageDone(Message("v", "verbose", "{}"))) == []
    assert told(feed, MessageDone(Message("f", "function_call", "{}"))) == []
    told(feed, MessageDone(Message("u1", "follow_up", "Why?")))
    ops = told(feed, MessageDone(Message("u2", "follow_up", "How?")))
    assert ops == [{"op": "follow_ups", "texts": ["Why?", "How?"]}]
    assert feed.snapshot()["messages"] == []


@pytest.mark.parametrize("units", range(0, 12))
def test_a_cut_is_never_longer_than_what_was_shown(units: int) -> None:
    feed = new_feed()
    told(feed, Delta("m1", "ab😀cd好ef"))
    message_id = feed.snapshot()["messages"][0]["id"]
    feed.cut({message_id: units}, {})
    text = "".join(shown(feed))
    assert frames.utf16_units(text) <= units
    assert "ab😀cd好ef".startswith(text)
    assert told(feed, Delta("m1", "more")) == []
    assert "".join(shown(feed)) == text


def test_a_message_the_tab_had_not_drawn_is_gone_after_a_cut() -> None:
    feed = new_feed()
    told(feed, Delta("m1", "seen"))
    first = feed.snapshot()["messages"][0]["id"]
    told(feed, Delta("m2", "unseen"))
    feed.cut({first: 4}, {})
    assert shown(feed) == ["seen"]


@pytest.mark.parametrize("lengths", [{"x": 5}, {"m": "5"}, {"m": -1}, {}])
def test_nonsense_lengths_cut_to_nothing(lengths: dict[str, Any]) -> None:
    feed = new_feed()
    told(feed, Delta("m1", "text"))
    feed.cut(lengths, {})
    assert shown(feed) == []


def test_recovery_takes_the_upstreams_record() -> None:
    feed = new_feed()
    told(feed, Delta("m1", "half a"), Delta("ghost", "never in the record"))
    feed.agree_with(
        [
            Message("q", "question", "asked", role="user"),
            Message("m1", "answer", "half an answer, whole"),
            Message("m2", "answer", "and another"),
            Message("u", "follow_up", "More?"),
        ]
    )
    assert shown(feed) == ["half an answer, whole", "and another"]
    assert feed.snapshot()["follow_ups"] == ["More?"]


def test_the_hand_built_frame_is_json_whatever_the_text() -> None:
    feed = new_feed()
    nasty = '"\\\n\t\u2028</script>\x7f😀'
    [_, op] = told(feed, Delta("m1", nasty))
    assert op["text"] == nasty
