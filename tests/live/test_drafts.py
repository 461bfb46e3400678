"""What is half filled in: kept on the server, shown in the other tabs, over with the card (M-045)."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.tab import open_tab
from tests.visitor import Visitor, refusal_of


def keep(person: Visitor, conversation: str, action: str, draft: object, tab: str = "left") -> int:
    body = {"draft": draft, "tab": tab}
    return int(person.post(f"/c/{conversation}/actions/{action}/draft/", body)["draft_version"])


async def test_a_draft_reaches_the_other_tab_and_the_next_page(demo, phone, weather) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = await asyncio.to_thread(demo.wait_for_round, conversation, turn)
    draft = {"text": "half a sen", "数": [1, {"nested": None}], "zero": "a\x00b"}
    async with open_tab(phone, conversation) as tab:
        version = await asyncio.to_thread(keep, demo, conversation, card["id"], draft)
        await tab.until(lambda view: bool(tab.drafts))
        [frame] = tab.drafts
        assert (frame["action"], frame["turn"], frame["tab"]) == (card["id"], turn, "left")
        assert frame["draft_version"] == version == 1
        assert frame["draft"]["text"] == "half a sen" and frame["draft"]["数"] == [1, {"nested": None}]
        assert frame["draft"]["zero"] == "ab"
        assert await asyncio.to_thread(keep, demo, conversation, card["id"], {"text": "more"}) == 2
    [seen] = phone.page_state(f"/c/{conversation}/")["turns"][-1]["actions"]
    assert (seen["draft"], seen["draft_version"]) == ({"text": "more"}, 2)
    assert seen["state"] == "pending"


def test_a_draft_survives_the_answer_of_the_card_beside_it(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "Compare Paris and Rome rate=0")
    paris, rome = demo.wait_for_round(conversation, turn)
    keep(demo, conversation, paris["id"], {"text": "hm"})
    demo.answer(conversation, turn, {rome["id"]: "wet"})
    assert demo.turn(conversation, turn)["actions"][0]["draft"] == {"text": "hm"}


def test_a_closed_card_takes_no_draft(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: "dry"})
    demo.wait_for(conversation, turn, "completed")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        keep(demo, conversation, card["id"], {"text": "late"})
    assert refusal_of(refused.value) == (409, "not_waiting")


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ({"text": "x" * 300_000}, (413, "too_large")),
        ([1], (400, "malformed")),
        ("x", (400, "malformed")),
    ],
)
def test_a_draft_that_is_none_or_too_large_is_refused(demo, weather, draft, expected) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        keep(demo, conversation, card["id"], draft)
    assert refusal_of(refused.value) == expected
    with pytest.raises(httpx.HTTPStatusError) as refused:
        keep(demo, conversation, card["id"], {}, "x" * 65)
    assert refusal_of(refused.value) == (400, "malformed")


def test_a_very_long_answer_is_named_too_large(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.answer(conversation, turn, {card["id"]: "x" * 300_000})
    assert refusal_of(refused.value) == (413, "too_large")
    assert demo.turn(conversation, turn)["actions"][0]["state"] == "pending"


@pytest.mark.parametrize("number", ["1e999", "NaN"])
def test_a_number_that_no_database_takes_is_refused(demo, weather, number) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    answer = demo.http.post(
        f"/c/{conversation}/actions/{card['id']}/draft/",
        content=f'{{"draft": {{"number": {number}}}}}',
        headers={"X-CSRFToken": demo.http.cookies["csrftoken"], "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["error"]["reason"]) == (400, "malformed")


async def test_an_answer_that_was_not_sent_yet_can_be_changed(demo, phone, weather) -> None:
    conversation, turn = demo.begin(weather, "Compare Paris and Rome rate=0")
    paris, rome = await asyncio.to_thread(demo.wait_for_round, conversation, turn)
    demo.answer(conversation, turn, {rome["id"]: "wet"})
    async with open_tab(phone, conversation) as tab:
        await asyncio.to_thread(demo.post, f"/c/{conversation}/actions/{rome['id']}/change/")
        await tab.until(lambda view: view.turns[turn]["actions"][1]["state"] == "pending")
        changed = tab.view.turns[turn]["actions"][1]
        assert (changed["decision"], changed["answered_by"], changed["output"]) == ("", "", "wet")
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await asyncio.to_thread(demo.post, f"/c/{conversation}/actions/{paris['id']}/change/")
        assert refusal_of(refused.value) == (409, "not_waiting")
        outputs = {paris["id"]: "dry", rome["id"]: "very wet"}
        await asyncio.to_thread(demo.answer, conversation, turn, outputs)
        await tab.until(lambda view: view.state(turn) == "completed")
    assert [card["output"] for card in demo.turn(conversation, turn)["actions"]] == ["dry", "very wet"]
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.post(f"/c/{conversation}/actions/{rome['id']}/change/")
    assert refusal_of(refused.value) == (409, "not_waiting")
