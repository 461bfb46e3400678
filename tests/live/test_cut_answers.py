"""Answers whose stream breaks off: asked how it goes, never sent twice, nothing lost (M-057)."""

from __future__ import annotations

import pytest

from tests.live.upstream import a_mark, chats_of, let_in, run_of

CUTS = [0, 1, 150, 400, 1200]  # bytes of the answer that still come


@pytest.mark.parametrize("size", CUTS)
def test_outputs_are_submitted_once_wherever_their_stream_is_cut(demo, weather, simulator, size) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: f"dry drop_after={size}"})
    done = demo.wait_for(conversation, turn, "completed", "failed", "lost")
    assert done["state"] == "completed"
    assert done["actions"][0]["state"] == "answered"
    assert [each["text"] for each in done["messages"]] == [f"For Ulm the tool says: dry drop_after={size}"]
    assert len(let_in(simulator, mark)) == 1


@pytest.mark.parametrize("size", CUTS)
def test_the_second_call_is_shown_wherever_the_stream_is_cut(demo, weather, simulator, size) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Bonn then Mainz rate=0")
    [first] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {first["id"]: f"dry drop_after={size}"})
    [second] = demo.wait_for_round(conversation, turn, 2)
    assert demo.turn(conversation, turn)["actions"][0]["state"] == "answered"
    demo.answer(conversation, turn, {second["id"]: "wet"})
    demo.wait_for(conversation, turn, "completed")
    assert len(let_in(simulator, mark)) == 2


@pytest.mark.parametrize("bot", ["Travel", "Travel planner"])
@pytest.mark.parametrize("size", CUTS)
def test_a_reply_to_a_question_is_said_once_wherever_its_stream_is_cut(demo, simulator, bot, size) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(bot), f"{mark} Plan a trip rate=0")
    [where] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {where["id"]: f"Rome drop_after={size} rate=0"})
    [form] = demo.wait_for_round(conversation, turn, 2)
    assert list(form["question"]["fields"]) == ["days", "start", "budget", "vegetarian"]
    demo.answer(conversation, turn, {form["id"]: '{"days": 2, "start": "2026-12-24"}'})
    demo.wait_for(conversation, turn, "completed")
    assert [chat["accepted"] for chat in chats_of(simulator, mark)] == [1, 1, 0]


@pytest.mark.parametrize("size", CUTS)
def test_a_resume_is_sent_once_wherever_its_stream_is_cut(demo, city_weather, simulator, size) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(city_weather, "", {"city": f"{mark} ask=options,options"})
    [first] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {first["id"]: f"Umbrella drop_after={size}"})
    [second] = demo.wait_for_round(conversation, turn, 2)
    demo.answer(conversation, turn, {second["id"]: f"Raincoat drop_after={size}"})
    done = demo.wait_for(conversation, turn, "completed", "failed", "lost")
    assert done["state"] == "completed"
    assert len([each for each in done["messages"] if "Raincoat" in each["text"]]) == 1
    assert run_of(simulator, mark)["accepted"] == 2
