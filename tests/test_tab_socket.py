"""The server's side of a tab, without a network: catching up, falling behind, and coming back."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import pytest

from accounts.models import User
from chatweb import consumers
from chatweb.consumers import WINDOW_UNITS, Tab
from chatweb.turns.hub import hub
from chatweb.turns.mirror import Mirror

TALK = str(uuid4())


def turn(version: int, state: str) -> dict:
    return {"id": "t", "conversation": TALK, "version": version, "state": state}


@pytest.fixture
def tab():
    tab = Tab(None, User(pk=1, username="alice", password="x"), "session")
    yield tab
    for conversation_id in list(tab.followed):
        tab.unfollow(conversation_id)


def said(tab: Tab) -> list[dict]:
    return [json.loads(frame) for frame in tab._outbox]


@pytest.fixture
def rows(monkeypatch):
    """What the database says, read by read; the last reading is repeated."""
    readings: list = []

    def read(user_pk, conversation_id, version):
        reading = readings.pop(0) if len(readings) > 1 else readings[0]
        return reading() if callable(reading) else reading

    async def at_once(call, *args):
        await asyncio.sleep(0)
        return call(*args)

    monkeypatch.setattr(consumers, "may_follow", lambda user_pk, conversation_id: True)
    monkeypatch.setattr(consumers, "newer_than", read)
    monkeypatch.setattr(consumers, "in_thread", at_once)
    return readings


async def test_a_turn_that_ends_while_its_rows_are_read_is_not_followed_by_an_older_copy(tab, rows) -> None:
    def stale():
        hub.tell(TALK, json.dumps({"type": "turn", "turn": turn(4, "completed")}))
        return {"version": 3}, [turn(3, "running")], True, False

    rows += [stale, ({"version": 4}, [turn(4, "completed")], True, False)]
    await tab.follow(TALK, 0, None)
    assert [frame["type"] for frame in said(tab)] == ["caught_up"]
    assert said(tab)[-1]["turns"] == [turn(4, "completed")]


async def test_a_delta_during_the_reading_is_not_told_before_its_turn_is(tab, rows) -> None:
    def growing():
        hub.publish(TALK, json.dumps({"type": "delta"}))
        return {"version": 3}, [turn(3, "running")], True, False

    rows.append(growing)
    await tab.follow(TALK, 0, None)
    hub.publish(TALK, json.dumps({"type": "delta"}))
    assert [frame["type"] for frame in said(tab)] == ["caught_up", "delta"]


async def test_a_tab_that_acknowledges_nothing_gets_a_bounded_amount_and_then_everything_at_once(
    tab, rows
) -> None:
    rows.append(({"version": 4}, [turn(4, "running")], False, False))
    await tab.follow(TALK, 3, None)
    frame = json.dumps({"type": "delta", "text": "x" * 1000})
    for _ in range(1000):
        hub.publish(TALK, frame)
    sent = sum(len(each) for each in tab._outbox)
    assert sent <= WINDOW_UNITS + 2 * len(frame)
    before = len(tab._outbox)
    await tab.take(json.dumps({"type": "ack", "chars": sent}))
    assert [each["type"] for each in said(tab)[before:]] == ["caught_up"]
    hub.publish(TALK, frame)
    assert said(tab)[-1]["type"] == "delta"


async def test_an_ack_of_more_than_was_sent_opens_no_larger_window(tab, rows) -> None:
    rows.append(({"version": 4}, [], False, False))
    await tab.follow(TALK, 3, None)
    await tab.take(json.dumps({"type": "ack", "chars": 2**52}))
    frame = json.dumps({"type": "delta", "text": "x" * 1000})
    for _ in range(1000):
        hub.publish(TALK, frame)
    assert sum(len(each) for each in tab._outbox) <= 2 * WINDOW_UNITS


async def test_a_tab_follows_a_handful_and_lets_the_oldest_go(tab, rows) -> None:
    rows.append(({"version": 1}, [], False, False))
    talks = [str(uuid4()) for _ in range(consumers.MAX_FOLLOWED + 1)]
    for talk in talks:
        await tab.follow(talk, 0, None)
    assert list(tab.followed) == talks[1:]
    assert talks[0] not in hub.followers


def test_sign_out_says_so_and_follows_nothing(tab) -> None:
    tab.sign_out()
    assert said(tab) == [{"type": "signed_out"}]
    assert tab.followed == {}


@pytest.mark.parametrize(("epoch", "state"), [(2, "completed"), (3, "completed"), (1, "running")])
def test_a_mirror_that_has_not_heard_of_the_end_hides_no_row(monkeypatch, epoch, state) -> None:
    live = {"id": "t", "epoch": 2, "seq": 5, "state": "running", "messages": []}
    monkeypatch.setitem(hub.mirrors, TALK, Mirror(live))
    row = {**turn(7, "completed"), "epoch": epoch, "seq": 0}
    [told] = consumers.with_live_text([row], TALK, None)
    assert told["state"] == state
