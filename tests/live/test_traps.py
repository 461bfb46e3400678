"""Traps others fell into (features.md, part 3), those that the server guards against, by their numbers."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.live.upstream import a_mark, chat_of, chats_of, let_in
from tests.process import running_site
from tests.tab import Tab, open_tab
from tests.visitor import Visitor, refusal_of

CLOSED = {"answered", "declined", "expired", "canceled", "superseded"}


async def test_trap_1_a_replay_does_not_open_an_answered_card_again(demo, weather) -> None:
    """LambChat PR #500, FlowFuse #8527: nor are notices told again (M-075)."""
    conversation, turn = demo.begin(weather, "Bonn then Mainz rate=0")
    [first] = await asyncio.to_thread(demo.wait_for_round, conversation, turn)
    async with open_tab(demo, conversation) as before:
        await asyncio.to_thread(demo.answer, conversation, turn, {first["id"]: "dry"})
        [second] = await asyncio.to_thread(demo.wait_for_round, conversation, turn, 2)
        async with open_tab(demo, conversation) as fresh:  # from version 0
            assert states_in(fresh, turn) == ["answered", "pending"]
        await asyncio.to_thread(demo.answer, conversation, turn, {second["id"]: "wet"})
        await before.until(lambda view: any(notice["kind"] == "ready" for notice in before.notices))
        notices = len(before.notices)
        await before.follow()
        await before.until(lambda view: before.is_caught_up)
        assert states_in(before, turn) == ["answered", "answered"]
        await before.drop()
        await before.until(lambda view: before.sockets == 2 and before.is_caught_up)
        assert states_in(before, turn) == ["answered", "answered"]
        assert len(before.notices) == notices
    async with open_tab(demo, conversation) as fresh:
        assert states_in(fresh, turn) == ["answered", "answered"]
        assert fresh.notices == []
    page = demo.page_state(f"/c/{conversation}/")
    assert [card["state"] for card in page["turns"][-1]["actions"]] == ["answered", "answered"]
    assert turn not in [task["turn"] for task in demo.tasks()]


def states_in(tab: Tab, turn: str) -> list[str]:
    return [str(card["state"]) for card in tab.view.turns[turn]["actions"]]


async def test_trap_2_a_second_interrupt_after_the_answer_is_shown(demo, weather) -> None:
    """Yuxi PR #475: as a round of its own, behind what was said between (M-060)."""
    conversation, turn = demo.begin(weather, "Bonn then Mainz rate=0")
    [first] = await asyncio.to_thread(demo.wait_for_round, conversation, turn)
    async with open_tab(demo, conversation) as tab:
        await asyncio.to_thread(demo.answer, conversation, turn, {first["id"]: "dry"})
        await tab.until(lambda view: [c["round"] for c in view.turns[turn]["actions"]] == [1, 2])
        await tab.until(lambda view: view.state(turn) == "waiting")
        assert states_in(tab, turn) == ["answered", "pending"]
        first, second = tab.view.turns[turn]["actions"]
        assert second["after"] > first["after"]
        await tab.until(lambda view: any(notice["kind"] == "waiting" for notice in tab.notices))
        assert sum(notice["kind"] == "waiting" for notice in tab.notices) == 1


def test_trap_4_an_option_that_is_tapped_twice_is_sent_once(demo, travel, simulator) -> None:
    """Z2: both taps of a double tap say the same, or the second hits another option."""
    mark = a_mark()
    conversation, turn = demo.begin(travel, f"{mark} Plan a trip rate=0")
    [card] = demo.wait_for_round(conversation, turn)

    def tap(option: str) -> int:
        try:
            demo.answer(conversation, turn, {card["id"]: option})
        except httpx.HTTPStatusError as refused:
            return refused.response.status_code
        return 202

    with ThreadPoolExecutor(4) as taps:
        told = list(taps.map(tap, ["Rome", "Rome", "Kyoto", "Rome"]))
    assert 202 in told and set(told) <= {202, 409}
    demo.wait_for_round(conversation, turn, 2)
    assert chats_of(simulator, mark)[0]["accepted"] == 1
    assert len(chats_of(simulator, mark)) == 2, "a second message was sent"


def test_trap_5_the_first_valid_answer_is_taken_whatever_came_before(demo, weather, simulator) -> None:
    """LibreChat #14390."""
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} call=file rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    for invalid in ("", "{}", '{"image": 5}'):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo.answer(conversation, turn, {card["id"]: invalid})
        assert refusal_of(refused.value) == (400, "wrong_values")
    demo.answer(conversation, turn, {card["id"]: '{"image": "https://pictures.example.com/a.png"}'})
    demo.wait_for(conversation, turn, "completed")
    assert len(let_in(simulator, mark)) == 1


@pytest.mark.parametrize("way", ["answered", "declined", "stopped", "expired", "refused", "failed"])
def test_trap_6_the_composer_comes_back_by_every_path(demo, weather, simulator, way) -> None:
    """Dify #40076, #34631: after any end the next question is asked and answered."""
    mark = a_mark()
    asked = {"refused": "refuse_submit=4000:2", "failed": ""}.get(way, "")
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0 {asked}")
    [card] = demo.wait_for_round(conversation, turn)
    match way:
        case "answered":
            demo.answer(conversation, turn, {card["id"]: "dry"})
        case "declined":
            demo.answer(conversation, turn, declined={card["id"]: "no"})
        case "failed":
            demo.answer(conversation, turn, {card["id"]: "error=5000"})
        case "expired":
            simulator.expire(chat_of(simulator, mark)["id"])
            demo.answer(conversation, turn, {card["id"]: "late"})
        case "refused":
            demo.answer(conversation, turn, {card["id"]: "dry"})
            demo.until(conversation, turn, lambda turn: turn["actions"][0]["refusal"])
            demo.post(f"/c/{conversation}/turns/{turn}/stop/")
        case "stopped":
            demo.post(f"/c/{conversation}/turns/{turn}/stop/")
    over = demo.wait_for(conversation, turn, "completed", "failed", "canceled", "lost")
    assert {action["state"] for action in over["actions"]} <= CLOSED
    row = demo.conversation(conversation)["conversation"]
    assert row["can_ask"] and row["waiting"] == 0 and row["mark"] not in {"streaming", "waiting"}
    following = demo.ask(conversation, "in Bonn rate=0")
    [next_card] = demo.wait_for_round(conversation, following)
    demo.answer(conversation, following, {next_card["id"]: "wet"})
    demo.wait_for(conversation, following, "completed")


def test_trap_7_a_run_that_died_is_found_and_closed(tmp_path, simulator) -> None:
    """HF's reaper, open-webui #30264: it ended upstream while the site was down."""
    mark = a_mark()
    with running_site(tmp_path, simulator.url, simulator.token, env={"WAITING_POLL_SECONDS": "1"}) as site:
        person = Visitor(site.url, "demo")
        conversation, turn = person.begin(person.bot("Weather"), f"{mark} in Ulm rate=0")
        person.wait_for_round(conversation, turn)
        site.kill()
        simulator.expire(chat_of(simulator, mark)["id"])
        site.start()
        over = person.wait_for(conversation, turn, "failed", "lost", "completed")
        assert (over["state"], over["actions"][0]["state"]) == ("failed", "expired")
        person.close()


def test_trap_8_one_persons_words_never_reach_anothers_conversation(demo, demo2, weather, simulator) -> None:
    """Chainlit 2.10.1: both answer cards with the same words at the same time."""
    marks = a_mark(), a_mark()
    people = demo, demo2
    asked = [person.begin(weather, f"{mark} rate=0") for person, mark in zip(people, marks, strict=True)]
    cards = [person.wait_for_round(*where)[0] for person, where in zip(people, asked, strict=True)]
    for person, (conversation, turn), card in zip(people, reversed(asked), reversed(cards), strict=True):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            person.answer(conversation, turn, {card["id"]: "crossed"})
        assert refusal_of(refused.value) == (404, "not_found")
    with ThreadPoolExecutor(2) as both:
        jobs = [
            both.submit(person.answer, *where, {card["id"]: f"for {mark}"})
            for person, where, card, mark in zip(people, asked, cards, marks, strict=True)
        ]
        for job in jobs:
            job.result()
    for person, where, mark in zip(people, asked, marks, strict=True):
        person.wait_for(*where, "completed")
        [tried] = let_in(simulator, mark)
        assert tried["outputs"][0]["output"] == f"for {mark}"
        assert chat_of(simulator, mark)["user_id"]
    assert len({chat_of(simulator, mark)["user_id"] for mark in marks}) == 2


def test_trap_10_names_and_read_marks_do_not_reorder_the_list(demo, echo) -> None:
    older, _turn = demo.begin(echo, "older rate=0")
    newer, _turn = demo.begin(echo, "newer rate=0")

    def order() -> list[str]:
        rows = demo.http.get("/conversations/").json()["conversations"]
        return [row["id"] for row in rows if row["id"] in {older, newer}]

    assert order() == [newer, older]
    assert demo.post(f"/c/{older}/rename/", {"name": "A better name"})["name"] == "A better name"
    demo.post(f"/c/{older}/read/")
    assert order() == [newer, older]


async def test_trap_11_a_socket_lost_while_a_card_opens_keeps_card_and_message_together(
    demo, travel, simulator
) -> None:
    """NeMo PR #97: the tab is away while the second card comes, and has both in their places after."""
    hold = a_mark()
    conversation, turn = demo.begin(travel, f"Plan a trip rate=0 hold={hold} hold_at=submitted")
    [first] = await asyncio.to_thread(demo.wait_for_round, conversation, turn)
    async with open_tab(demo, conversation) as tab:
        await asyncio.to_thread(demo.answer, conversation, turn, {first["id"]: "Rome"})
        await simulator.areached(hold)
        await tab.drop()
        simulator.release(hold)
        await tab.until(lambda view: tab.sockets >= 2 and view.state(turn) == "waiting")
        page = demo.turn(conversation, turn)
        seen = tab.view.turns[turn]
        assert [(c["round"], c["after"], c["state"]) for c in seen["actions"]] == [
            (c["round"], c["after"], c["state"]) for c in page["actions"]
        ]
        assert seen["messages"] == page["messages"]
        assert tab.view.faults == []


async def test_trap_12_coming_back_does_not_fork_the_talk(demo, weather, simulator) -> None:
    """Chainlit #828: the socket breaks, the answer is sent again, and there is one turn with one answer."""
    mark = a_mark()
    body = {
        "bot": weather,
        "client_id": str(uuid4()),
        "turn_client_id": str(uuid4()),
        "text": f"{mark} in Ulm rate=0",
    }
    began = demo.post("/conversations/", body)
    conversation, turn = began["conversation"]["id"], began["turn"]["id"]
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "waiting")
        await tab.drop()
        again = await asyncio.to_thread(demo.post, "/conversations/", body)
        assert (again["conversation"]["id"], again["turn"]["id"]) == (conversation, turn)
        [card] = demo.turn(conversation, turn)["actions"]
        await asyncio.to_thread(demo.answer, conversation, turn, {card["id"]: "dry"})
        await tab.drop()
        await asyncio.to_thread(demo.answer, conversation, turn, {card["id"]: "dry"})
        await tab.until(lambda view: view.state(turn) == "completed")
        assert list(tab.view.turns) == [turn]
    assert [each["id"] for each in demo.turns(conversation)] == [turn]
    [chat] = chats_of(simulator, mark)
    assert chat["accepted"] == 1 and chat["calls"] == []
