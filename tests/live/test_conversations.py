"""A conversation as a thing: its row, name, place, context, deletion; and what the upstream hears of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from tests.live.test_ownership import socket
from tests.tab import open_tab


@pytest.fixture
def settled(demo, echo, simulator):
    """A conversation with one answer, and its upstream id."""
    conversation, turn = demo.begin(echo, f"begin {uuid4()} rate=0 follow_ups=0")

    async def wait() -> None:
        async with open_tab(demo, conversation) as tab:
            await tab.until(lambda view: view.state(turn) == "completed")

    asyncio.run(wait())
    return conversation, simulator.chats()[-1]["conversation_id"]


def row(visitor, conversation: str, **query: str) -> dict | None:
    listed = visitor.http.get("/conversations/", params=query).json()["conversations"]
    return next((each for each in listed if each["id"] == conversation), None)


def heard(simulator, method: str, path: str) -> int:
    return len(simulator.requests(path, method))


async def eventually(check, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not check():
            await asyncio.sleep(0.05)


def test_the_first_question_names_it_and_a_long_one_is_shortened(demo, echo) -> None:
    conversation, _turn = demo.begin(
        echo, "\n  What about a question that is much longer than a sidebar is wide?\nmore"
    )
    name = row(demo, conversation)["name"]
    assert name.startswith("What about a question") and name.endswith("…") and len(name) <= 60


def name_in(frame: dict[str, Any]) -> str | None:
    """Of the conversation that a frame is about."""
    return frame["conversation"]["name"] if frame["type"] == "conversation" else None


async def test_a_new_name_shows_in_other_tabs_and_upstream_but_moves_nothing(
    demo, settled, simulator
) -> None:
    conversation, upstream = settled
    before = row(demo, conversation)
    async with socket(demo) as ws:
        await ws.recv()
        demo.post(f"/c/{conversation}/rename/", {"name": "  Rain   and 雨 "})
        # The one about the end of its turn may come first.
        while name_in(json.loads(await ws.recv())) != "Rain and 雨":
            pass
    assert row(demo, conversation)["last_asked_at"] == before["last_asked_at"]
    await eventually(lambda: heard(simulator, "PUT", f"/v1/conversations/{upstream}") == 1)
    names = {each["id"]: each["name"] for each in simulator.conversations()}
    await eventually(
        lambda: {e["id"]: e["name"] for e in simulator.conversations()}[upstream] == "Rain and 雨"
    )
    assert upstream in names


def test_pinned_comes_first_and_archived_is_elsewhere(demo, settled, echo) -> None:
    conversation, _ = settled
    demo.begin(echo, "newer rate=0")
    demo.post(f"/c/{conversation}/pin/", {"on": True})
    listed = demo.http.get("/conversations/").json()["conversations"]
    assert listed[0]["id"] == conversation
    demo.post(f"/c/{conversation}/pin/", {"on": False})
    demo.post(f"/c/{conversation}/archive/", {"on": True})
    assert row(demo, conversation) is None
    assert row(demo, conversation, archived="1")["is_archived"] is True


async def test_a_cleared_context_is_a_new_section_here_and_upstream(demo, settled, simulator) -> None:
    conversation, upstream = settled
    cleared = demo.post(f"/c/{conversation}/clear/")
    assert cleared["section"] == 1
    turn = demo.ask(conversation, "after rate=0")
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed")
        assert tab.view.turns[turn]["section"] == 1
    assert heard(simulator, "POST", f"/v1/conversations/{upstream}/clear") == 1
    assert row(demo, conversation)["is_clearing"] is False


async def test_clearing_waits_for_the_running_turn(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, running = demo.begin(echo, f"tokens=5 rate=0 hold={hold} hold_at=first")
    await simulator.areached(hold)
    demo.post(f"/c/{conversation}/clear/")
    behind = demo.ask(conversation, "behind rate=0")
    assert row(demo, conversation)["is_clearing"] is True
    simulator.release(hold)
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(behind) == "completed")
        sections = (tab.view.turns[running]["section"], tab.view.turns[behind]["section"])
        assert (tab.view.state(running), sections) == ("completed", (0, 1))


async def test_deleting_can_be_undone_and_otherwise_reaches_the_upstream(demo, settled, simulator) -> None:
    conversation, upstream = settled
    demo.post(f"/c/{conversation}/delete/")
    assert row(demo, conversation) is None
    assert demo.http.get(f"/c/{conversation}/").status_code == 404
    demo.post(f"/c/{conversation}/restore/")
    assert row(demo, conversation)["id"] == conversation
    assert heard(simulator, "DELETE", f"/v1/conversations/{upstream}") == 0
    demo.post(f"/c/{conversation}/delete/")
    await eventually(lambda: heard(simulator, "DELETE", f"/v1/conversations/{upstream}") == 1)
    headers = {"X-CSRFToken": demo.http.cookies["csrftoken"]}
    assert demo.http.post(f"/c/{conversation}/restore/", json={}, headers=headers).status_code == 404


async def test_an_errand_survives_an_upstream_that_is_down_for_a_moment(demo, settled, simulator) -> None:
    conversation, upstream = settled
    simulator.fault(f"/v1/conversations/{upstream}", method="PUT", count=1, status=500, body="oops")
    demo.post(f"/c/{conversation}/rename/", {"name": "Stubborn"})
    await eventually(lambda: {e["id"]: e["name"] for e in simulator.conversations()}[upstream] == "Stubborn")


async def test_marks_follow_the_turn_and_reading_takes_them_away(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=5 rate=0 hold={hold} hold_at=first")
    await simulator.areached(hold)
    assert row(demo, conversation)["mark"] == "streaming"
    async with socket(demo) as ws:
        await ws.recv()
        simulator.release(hold)
        notices = []
        while not notices:
            frame = json.loads(await ws.recv())
            if frame["type"] == "notice" and frame["turn"] == turn:
                notices.append(frame["kind"])
        assert notices == ["ready"]
    assert row(demo, conversation)["mark"] == "unread"
    place = row(demo, conversation)["last_asked_at"]
    assert demo.post(f"/c/{conversation}/read/")["mark"] == ""
    assert row(demo, conversation)["last_asked_at"] == place


def test_the_sidebar_comes_in_pages_without_gaps_or_repeats(demo2) -> None:
    bot = demo2.bot("Echo")
    made = [demo2.begin(bot, f"page {number} rate=0")[0] for number in range(45)]
    seen: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = demo2.http.get("/conversations/", params=query).json()
        seen += [each["id"] for each in page["conversations"]]
        if page["next"] is None:
            break
        query = {"before": page["next"]}
    assert len(seen) == len(set(seen))
    assert [each for each in seen if each in made] == made[::-1]


async def test_older_turns_come_in_pages(demo, echo) -> None:
    conversation, first = demo.begin(echo, "q0 rate=0 follow_ups=0")
    turns = [first] + [demo.ask(conversation, f"q{number} rate=0 follow_ups=0") for number in range(1, 35)]
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turns[-1]) == "completed", 40)
    newest = demo.conversation(conversation)
    assert newest["has_older"] is True
    older = demo.http.get(
        f"/c/{conversation}/turns/", params={"before": newest["turns"][0]["ordinal"]}
    ).json()
    assert older["has_older"] is False
    assert [each["id"] for each in older["turns"] + newest["turns"]] == turns
