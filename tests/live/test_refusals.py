"""Answers that the upstream refuses or no longer waits for: nothing typed is lost (M-058, M-059)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from tests.live.upstream import a_mark, chat_of, chats_of, let_in, rows, run_of
from tests.process import Site, running_site
from tests.tab import open_tab
from tests.visitor import Visitor, refusal_of


@pytest.fixture(scope="module")
def impatient(tmp_path_factory, simulator) -> Iterator[Site]:
    """A site that asks every second whether the upstream still waits."""
    folder = tmp_path_factory.mktemp("impatient")
    with running_site(folder, simulator.url, simulator.token, env={"WAITING_POLL_SECONDS": "1"}) as site:
        yield site


@pytest.fixture(scope="module")
def person(impatient: Site) -> Iterator[Visitor]:
    visitor = Visitor(impatient.url, "demo")
    yield visitor
    visitor.close()


def test_a_refused_submit_keeps_every_value_and_says_why(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Compare Paris and Rome rate=0 refuse_submit=4000")
    paris, rome = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {paris["id"]: "dry", rome["id"]: "wet"})
    seen = demo.until(
        conversation, turn, lambda turn: turn["state"] == "waiting" and turn["actions"][0]["refusal"]
    )
    assert [(card["state"], card["output"]) for card in seen["actions"]] == [
        ("ready", "dry"),
        ("ready", "wet"),
    ]
    for card in seen["actions"]:
        assert card["refusal"]["reason"] == "refused_outputs"
        assert card["refusal"]["code"] == "4000"
        assert card["refusal"]["message"] and card["refusal"]["log_id"]
    [tried] = chat_of(simulator, mark)["submits"]
    assert seen["actions"][0]["refusal"]["log_id"] == tried["log_id"]
    # The same words again are one more try, not nothing.
    demo.answer(conversation, turn, {paris["id"]: "dry"})
    done = demo.wait_for(conversation, turn, "completed")
    assert [card["refusal"] for card in done["actions"]] == [None, None]
    assert [tried["code"] for tried in chat_of(simulator, mark)["submits"]] == [4000, 0]


@pytest.mark.parametrize("bot", ["Travel", "Travel planner"])
def test_a_refused_reply_to_a_question_is_kept_and_can_be_sent_again(demo, simulator, bot) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(bot), f"{mark} Plan a trip rate=0 refuse_submit=4000")
    [where] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {where["id"]: "Rome"})
    seen = demo.until(
        conversation, turn, lambda turn: turn["state"] == "waiting" and turn["actions"][0]["refusal"]
    )
    assert (seen["actions"][0]["state"], seen["actions"][0]["output"]) == ("ready", "Rome")
    demo.answer(conversation, turn, {where["id"]: "Paris"})
    [form] = demo.wait_for_round(conversation, turn, 2)
    assert demo.turn(conversation, turn)["actions"][0]["output"] == "Paris"
    values = '{"days": 2, "start": "2026-12-24"}'
    demo.answer(conversation, turn, {form["id"]: values})
    demo.until(conversation, turn, lambda turn: turn["actions"][1]["refusal"])  # once for each question
    demo.answer(conversation, turn, {form["id"]: values})
    assert "in Paris" in demo.wait_for(conversation, turn, "completed")["messages"][-1]["text"]
    assert [chat["accepted"] for chat in chats_of(simulator, mark)] == [1, 1, 0]


@pytest.mark.parametrize("is_polled", [False, True])
def test_a_refused_resume_is_kept_and_can_be_sent_again(
    site, demo, city_weather, simulator, is_polled
) -> None:
    rows(site, f"Bot.objects.filter(name='City weather').update(runs_in_background={is_polled})")
    try:
        mark = a_mark()
        conversation, turn = demo.begin(city_weather, "", {"city": f"{mark} ask=options refuse_submit=4000"})
        [card] = demo.wait_for_round(conversation, turn)
        demo.answer(conversation, turn, {card["id"]: "Umbrella"})
        demo.until(
            conversation, turn, lambda turn: turn["state"] == "waiting" and turn["actions"][0]["refusal"]
        )
        demo.answer(conversation, turn, {card["id"]: "Umbrella"})
        done = demo.wait_for(conversation, turn, "completed")
        assert "Umbrella" in done["messages"][-1]["text"]
        assert [tried["code"] for tried in run_of(simulator, mark)["submits"]] == [4000, 0]
    finally:
        rows(site, "Bot.objects.filter(name='City weather').update(runs_in_background=False)")


def test_k3_a_chat_without_history_would_be_refused_but_ours_never_is(demo, weather, simulator) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: "dry"})
    demo.wait_for(conversation, turn, "completed")
    assert all(request["body"]["auto_save_history"] for request in simulator.requests("/v3/chat", "POST"))


def test_an_answer_to_a_chat_that_is_over_closes_the_card_and_keeps_the_words(
    demo, weather, simulator
) -> None:
    """M-058: the run ended meanwhile."""
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Compare Paris and Rome rate=0")
    paris, rome = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {rome["id"]: "kept words"})
    simulator.expire(chat_of(simulator, mark)["id"])
    demo.answer(conversation, turn, {paris["id"]: "too late"})
    over = demo.wait_for(conversation, turn, "failed", "completed", "lost")
    assert over["state"] == "failed"
    assert [card["output"] for card in over["actions"]] == ["too late", "kept words"]
    assert {card["state"] for card in over["actions"]} <= {"expired", "superseded"}, "nobody took the answers"
    assert let_in(simulator, mark) == []
    again = demo.ask(conversation, "in Ulm rate=0")
    demo.wait_for_round(conversation, again)


def test_the_upstream_went_on_elsewhere_and_the_turn_shows_it(demo, weather, simulator) -> None:
    """Somebody answered the same call in Coze's own window."""
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    chat = chat_of(simulator, mark)
    answer = httpx.post(
        f"{simulator.url}/v3/chat/submit_tool_outputs",
        params={"conversation_id": chat["conversation_id"], "chat_id": chat["id"]},
        json={"tool_outputs": [{"tool_call_id": chat["calls"][0]["id"], "output": "elsewhere"}]},
        headers={"Authorization": f"Bearer {simulator.token}"},
        trust_env=False,
    )
    assert answer.json()["code"] == 0
    simulator.until(chat["id"], "completed")
    demo.answer(conversation, turn, {card["id"]: "here"})
    over = demo.wait_for(conversation, turn, "failed", "completed", "lost")
    assert over["state"] == "completed"
    assert "elsewhere" in over["messages"][-1]["text"]
    assert (over["actions"][0]["state"], over["actions"][0]["output"]) == ("superseded", "here")
    assert len(let_in(simulator, mark)) == 1


def test_m_059_a_tools_time_limit_ends_the_turn_and_the_next_question_works(
    site, demo, weather, simulator
) -> None:
    rows(
        site,
        "Tool.objects.update_or_create(bot=None, name='get_local_rain', "
        "defaults={'is_registered': True, 'time_limit_seconds': 2})",
    )
    try:
        conversation, turn = demo.begin(weather, "in Ulm call=infos rate=0")
        [card] = demo.wait_for_round(conversation, turn)
        assert card["expires_at"] > card["asked_at"]
        behind = demo.ask(conversation, "in Bonn rate=0")
        over = demo.wait_for(conversation, turn, "failed", "completed", "lost")
        assert (over["state"], over["error"]["reason"]) == ("failed", "expired")
        assert over["actions"][0]["state"] == "expired"
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo.answer(conversation, turn, {card["id"]: "too late"})
        assert refusal_of(refused.value) == (409, "expired")
        assert demo.until(conversation, behind, lambda turn: turn["is_held"])["state"] == "queued"
        demo.post(f"/c/{conversation}/turns/{behind}/send-now/")
        [next_card] = demo.wait_for_round(conversation, behind)
        demo.answer(conversation, behind, {next_card["id"]: "dry"})
        demo.wait_for(conversation, behind, "completed")
    finally:
        rows(site, "Tool.objects.filter(name='get_local_rain').delete()")


@pytest.mark.parametrize("status", ["failed", "expired"])
async def test_what_ended_upstream_is_found_by_asking(person, simulator, status) -> None:
    mark = a_mark()
    conversation, turn = person.begin(person.bot("Weather"), f"{mark} in Ulm rate=0")
    await asyncio.to_thread(person.wait_for_round, conversation, turn)
    async with open_tab(person, conversation) as tab:
        simulator.expire(chat_of(simulator, mark)["id"], status)
        await tab.until(lambda view: view.state(turn) == "failed")
        assert tab.view.turns[turn]["actions"][0]["state"] == "expired"
        assert tab.view.turns[turn]["error"]
    following = person.ask(conversation, "in Bonn rate=0")
    await asyncio.to_thread(person.wait_for_round, conversation, following)


@pytest.mark.parametrize("is_polled", [False, True])
def test_a_run_that_ended_upstream_is_found_by_asking(impatient, person, simulator, is_polled) -> None:
    rows(impatient, f"Bot.objects.filter(name='City weather').update(runs_in_background={is_polled})")
    mark = a_mark()
    conversation, turn = person.begin(person.bot("City weather"), "", {"city": f"{mark} ask=options"})
    person.wait_for_round(conversation, turn)
    simulator.expire_run(run_of(simulator, mark)["id"])
    over = person.wait_for(conversation, turn, "failed", "completed", "lost")
    assert over["state"] == "failed"
    assert over["actions"][0]["state"] == "expired"


def test_asking_does_not_disturb_what_still_waits(person, simulator) -> None:
    mark = a_mark()
    conversation, turn = person.begin(person.bot("Weather"), f"{mark} in Ulm rate=0")
    [card] = person.wait_for_round(conversation, turn)
    chat = chat_of(simulator, mark)["id"]

    def looks() -> int:
        requests = simulator.requests("/v3/chat/retrieve")
        return sum(request["query"]["chat_id"] == chat for request in requests)

    person.until(conversation, turn, lambda turn: looks() >= 2)
    seen = person.turn(conversation, turn)
    assert seen["state"] == "waiting"
    assert [each["id"] for each in seen["actions"]] == [card["id"]]
    person.answer(conversation, turn, {card["id"]: "dry"})
    assert len(person.wait_for(conversation, turn, "completed")["actions"]) == 1
