"""Answers: kept one by one, submitted together and once, from any device (M-045, M-047, M-056)."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.live.upstream import a_mark, chat_of, chats_of, let_in
from tests.process import running_site
from tests.tab import open_tab
from tests.visitor import Visitor, refusal_of

LATER_SECONDS = 1.0


def outputs_of(tried: dict) -> list[str]:
    return [each["output"] for each in tried["outputs"]]


@pytest.mark.needs("submits_outputs")
def test_partial_answers_survive_a_restart_and_the_last_one_submits_all(tmp_path, simulator) -> None:
    mark = a_mark()
    with running_site(tmp_path, simulator.url, simulator.token) as site:
        person = Visitor(site.url, "demo")
        conversation, turn = person.begin(person.bot("Weather"), f"{mark} Compare Paris and Rome rate=0")
        paris, rome = person.wait_for_round(conversation, turn)
        person.answer(conversation, turn, {rome["id"]: "30%"})
        site.kill()
        site.start()
        seen = person.turn(conversation, turn)
        assert seen["state"] == "waiting"
        assert [action["state"] for action in seen["actions"]] == ["pending", "ready"]
        assert seen["actions"][1]["output"] == "30%"
        assert person.conversation(conversation)["conversation"]["waiting"] == 1
        assert chat_of(simulator, mark)["submits"] == []
        person.answer(conversation, turn, {paris["id"]: '{"probability": 0.2}'})
        done = person.wait_for(conversation, turn, "completed")
        assert [action["state"] for action in done["actions"]] == ["answered", "answered"]
        assert "Paris is 20%" in done["messages"][0]["text"]
        person.close()
    [only] = let_in(simulator, mark)
    assert outputs_of(only) == ['{"probability": 0.2}', "30%"], "not in the upstream's order"


@pytest.mark.needs("submits_outputs")
def test_a_late_sign_in_on_another_device_finds_the_card_and_answers(demo, phone, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    page = phone.page_state(f"/c/{conversation}/")
    [card] = page["turns"][-1]["actions"]
    assert card["state"] == "pending" and json.loads(card["arguments"])["location"]
    phone.answer(conversation, turn, {card["id"]: "dry"})
    [answered] = demo.wait_for(conversation, turn, "completed")["actions"]
    assert (answered["answered_by"], answered["device"]) == ("demo", "Firefox · Android")
    assert len(let_in(simulator, mark)) == 1


@pytest.mark.needs("submits_outputs")
async def test_m_056_the_other_tab_sees_who_answered_within_a_second(demo, phone, weather) -> None:
    conversation, turn = demo.begin(weather, "Compare Paris and Rome rate=0")
    first, second = await asyncio.to_thread(demo.wait_for_round, conversation, turn)
    async with open_tab(demo, conversation) as tab:

        def card(view, action):
            return next(each for each in view.turns[turn]["actions"] if each["id"] == action["id"])

        await asyncio.to_thread(phone.answer, conversation, turn, {second["id"]: "wet"})
        await tab.until(lambda view: card(view, second)["state"] == "ready", LATER_SECONDS)
        ready = card(tab.view, second)
        assert (ready["answered_by"], ready["device"]) == ("demo", "Firefox · Android")
        assert ready["output"] == "wet"
        await asyncio.to_thread(phone.answer, conversation, turn, {first["id"]: "dry"})
        await tab.until(lambda view: card(view, first)["device"] == "Firefox · Android", LATER_SECONDS)
        await tab.until(lambda view: view.state(turn) == "completed")
        assert [each["state"] for each in tab.view.turns[turn]["actions"]] == ["answered"] * 2
        assert tab.view.faults == []


@pytest.mark.needs("submits_outputs")
def test_m_057_a_double_click_and_a_retry_have_one_effect(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    with ThreadPoolExecutor(8) as clicks:
        answers = [clicks.submit(demo.answer, conversation, turn, {card["id"]: "dry"}) for _ in range(8)]
        assert {answer.result()["id"] for answer in answers} == {turn}
    demo.wait_for(conversation, turn, "completed")
    assert demo.answer(conversation, turn, {card["id"]: "dry"})["state"] == "completed"
    assert [outputs_of(tried) for tried in let_in(simulator, mark)] == [["dry"]]
    assert len(chat_of(simulator, mark)["submits"]) == 1


@pytest.mark.needs("submits_outputs")
def test_two_tabs_with_different_answers_one_wins_and_the_other_is_told(
    demo, phone, weather, simulator
) -> None:
    mark, hold = a_mark(), a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0 hold={hold} hold_at=submitted")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: "first"})
    simulator.reached(hold)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        phone.answer(conversation, turn, {card["id"]: "second"})
    assert refusal_of(refused.value) == (409, "not_waiting")
    simulator.release(hold)
    done = demo.wait_for(conversation, turn, "completed")
    assert done["actions"][0]["output"] == "first"
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.answer(conversation, turn, {card["id"]: "third"})
    assert refusal_of(refused.value) == (409, "not_waiting")
    assert [outputs_of(tried) for tried in let_in(simulator, mark)] == [["first"]]


@pytest.mark.needs("submits_outputs")
def test_eight_different_answers_at_once_have_one_effect(demo, phone, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)

    def try_with(number: int) -> tuple[int, str]:
        person = demo if number % 2 else phone
        try:
            person.answer(conversation, turn, {card["id"]: f"answer {number}"})
        except httpx.HTTPStatusError as refused:
            return refusal_of(refused)
        return 202, ""

    with ThreadPoolExecutor(8) as tabs:
        told = list(tabs.map(try_with, range(8)))
    assert sorted(set(told)) == [(202, ""), (409, "not_waiting")]
    winner = told.index((202, ""))
    assert told.count((202, "")) == 1
    done = demo.wait_for(conversation, turn, "completed")
    assert done["actions"][0]["output"] == f"answer {winner}"
    assert [outputs_of(tried) for tried in let_in(simulator, mark)] == [[f"answer {winner}"]]


@pytest.mark.needs("submits_outputs")
def test_two_people_each_answer_one_of_two_cards_at_once(demo, phone, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Compare Paris and Rome rate=0")
    paris, rome = demo.wait_for_round(conversation, turn)
    with ThreadPoolExecutor(2) as tabs:
        both = [
            tabs.submit(demo.answer, conversation, turn, {paris["id"]: "in Paris"}),
            tabs.submit(phone.answer, conversation, turn, {rome["id"]: "in Rome"}),
        ]
        for answer in both:
            answer.result()
    demo.wait_for(conversation, turn, "completed")
    assert [outputs_of(tried) for tried in let_in(simulator, mark)] == [["in Paris", "in Rome"]]


@pytest.mark.needs("submits_outputs")
def test_an_answer_to_nothing_is_malformed_and_to_a_strange_action_not_found(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    other, other_turn = demo.begin(weather, "in Bonn rate=0")
    [strange] = demo.wait_for_round(other, other_turn)
    path = f"/c/{conversation}/turns/{turn}/answer/"
    for body, expected in [
        ({}, (400, "malformed")),
        ({"outputs": {card["id"]: 5}}, (400, "malformed")),
        ({"outputs": {"no uuid": "x"}}, (400, "malformed")),
        ({"outputs": [card["id"]]}, (400, "malformed")),
        ({"outputs": {card["id"]: "x"}, "allow": "x"}, (400, "malformed")),
        ({"outputs": {strange["id"]: "x"}}, (404, "not_found")),
        ({"outputs": {card["id"]: "x", strange["id"]: "x"}}, (404, "not_found")),
    ]:
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo.post(path, body)
        assert refusal_of(refused.value) == expected, body
    assert demo.turn(conversation, turn)["actions"][0]["state"] == "pending"
    assert demo.turn(other, other_turn)["actions"][0]["state"] == "pending"


@pytest.mark.needs("submits_outputs")
def test_m_052_declining_with_a_reason_lets_the_bot_go_on(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, declined={card["id"]: 'I would "rather" not'})
    [declined] = demo.wait_for(conversation, turn, "completed")["actions"]
    assert (declined["state"], declined["decision"]) == ("declined", "declined")
    assert declined["reason"] == 'I would "rather" not'
    [tried] = let_in(simulator, mark)
    assert json.loads(outputs_of(tried)[0]) == {"declined": True, "reason": 'I would "rather" not'}


@pytest.mark.needs("submits_outputs")
def test_one_card_answered_and_one_declined_go_together(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Compare Paris and Rome rate=0")
    paris, rome = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {rome["id"]: "wet"}, {paris["id"]: "no"})
    done = demo.wait_for(conversation, turn, "completed")
    assert [action["state"] for action in done["actions"]] == ["declined", "answered"]
    [tried] = let_in(simulator, mark)
    assert outputs_of(tried)[1] == "wet"


@pytest.mark.needs("asks")
def test_a_question_cannot_be_declined(demo, travel) -> None:
    conversation, turn = demo.begin(travel, "Plan a trip rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.answer(conversation, turn, declined={card["id"]: "no"})
    assert refusal_of(refused.value) == (400, "malformed")


@pytest.mark.needs("asks_again")
@pytest.mark.parametrize("bot", ["Travel", "Travel planner"])
def test_questions_with_options_and_forms_go_on_with_the_next_message(demo, simulator, bot) -> None:
    """K10, M-066, M-068: the answer is the next message; a form that does not fit is asked again."""
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(bot), f"{mark} Plan a trip rate=0")
    [where] = demo.wait_for_round(conversation, turn)
    assert where["question"]["options"] == ["Paris", "Rome", "Kyoto"]
    demo.answer(conversation, turn, {where["id"]: "Rome"})
    [form] = demo.wait_for_round(conversation, turn, 2)
    assert list(form["question"]["fields"]) == ["days", "start", "budget", "vegetarian"]
    assert form["attempt"] is None
    missing = '{"start": "2026-12-24"}'
    demo.answer(conversation, turn, {form["id"]: missing})
    [again] = demo.wait_for_round(conversation, turn, 3)
    assert again["attempt"] == {"number": 2, "of": None, "before": missing}
    demo.answer(conversation, turn, {again["id"]: '{"days": 2, "start": "2026-12-24"}'})
    done = demo.wait_for(conversation, turn, "completed")
    assert [action["state"] for action in done["actions"]] == ["answered"] * 3
    assert "2 days in Rome" in done["messages"][-1]["text"]
    chats = chats_of(simulator, mark)
    assert [chat["accepted"] for chat in chats] == [1, 1, 1, 0], "a message was sent twice"
    marks = [
        each["meta_data"] for each in simulator.messages(chats[0]["conversation_id"]) if each["meta_data"]
    ]
    assert marks == [{"turn": turn, "leg": str(leg)} for leg in range(4)], "recovery could not find them"


@pytest.mark.needs("submits_outputs", "asks")
def test_words_and_a_tool_call_in_one_round(demo, weather, simulator) -> None:
    """`function` and `reply_message` calls at once: one card model for both (M-067)."""
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Oslo call=mixed rate=0")
    cards = demo.wait_for_round(conversation, turn)
    assert [card["kind"] for card in cards] == ["tool_call", "question"]
    call, question = cards
    demo.answer(conversation, turn, {question["id"]: "short"})
    demo.answer(conversation, turn, {call["id"]: "dry"})
    seen = demo.wait_for(conversation, turn, "completed", "failed", "lost")
    assert seen["state"] == "completed"
    assert "short" in seen["messages"][-1]["text"] and "dry" in seen["messages"][-1]["text"]


@pytest.mark.needs("submits_outputs")
@pytest.mark.parametrize(
    ("call", "needs"),
    [
        pytest.param("position", ["coordinates"], marks=pytest.mark.needs("wants_places")),
        pytest.param("infos", ["coordinates"], marks=pytest.mark.needs("wants_places")),
        ("broken", []),
    ],
)
def test_every_kind_of_call_comes_as_a_card(demo, weather, simulator, call, needs) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Oslo call={call} rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    assert (card["kind"], card["needs"]) == ("tool_call", needs)
    if call == "broken":
        assert card["arguments"].startswith('{"location":')
    output = '{"coordinates": {"longitude": "2.35", "latitude": "48.85"}}'
    demo.answer(conversation, turn, {card["id"]: output})
    done = demo.wait_for(conversation, turn, "completed")
    assert "48.85" in done["messages"][-1]["text"]
    assert [outputs_of(tried) for tried in let_in(simulator, mark)] == [[output]]
