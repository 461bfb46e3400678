"""Stop while something waits for a person: no waiting turn ever blocks its conversation (M-062)."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from tests.live.upstream import a_mark, chat_of, chats_of, let_in, rows, run_of
from tests.visitor import Visitor, refusal_of


def stop(person: Visitor, conversation: str, turn: str) -> dict:
    return person.post(f"/c/{conversation}/turns/{turn}/stop/")["turn"]


def section_of(person: Visitor, conversation: str) -> int:
    return int(person.conversation(conversation)["conversation"]["section"])


def check_never_busy(person: Visitor, conversation: str, turn: str) -> dict:
    done = person.wait_for(conversation, turn, "completed", "waiting", "failed", "lost", "canceled")
    assert done["busy_since"] is None, "the upstream still held the conversation (4016)"
    return done


@pytest.mark.parametrize("call", ["rain", "rain,rain", "book", "broken"])
def test_a_call_that_nobody_answers_is_declined_and_the_next_question_answered(
    demo, weather, simulator, call
) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm call={call} rate=0")
    cards = demo.wait_for_round(conversation, turn)
    stopped = stop(demo, conversation, turn)
    assert (stopped["state"], stopped["stop"]) == ("canceled", "forgotten")
    assert {card["state"] for card in stopped["actions"]} == {"canceled"}
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.answer(conversation, turn, {cards[0]["id"]: "too late"})
    assert refusal_of(refused.value) == (409, "not_waiting")
    following = demo.ask(conversation, "in Bonn rate=0")
    [card] = demo.wait_for_round(conversation, following)
    assert demo.turn(conversation, following)["busy_since"] is None
    demo.answer(conversation, following, {card["id"]: "dry"})
    demo.wait_for(conversation, following, "completed")
    [released] = let_in(simulator, mark)
    assert all("declined" in each["output"] or "approved" in each["output"] for each in released["outputs"])
    assert len(released["outputs"]) == len(cards)
    assert simulator.settled(chat_of(simulator, mark)["id"])["status"] in {"canceled", "completed"}
    assert len({chat["conversation_id"] for chat in chats_of(simulator, mark)}) == 1
    assert section_of(demo, conversation) == 0, "the bot forgot more than the stopped turn"


@pytest.mark.parametrize("bot", ["Travel", "Travel planner"])
def test_a_question_that_nobody_answers_leads_to_a_fresh_conversation_and_a_line(
    demo, simulator, bot
) -> None:
    mark, second = a_mark(), a_mark()
    conversation, turn = demo.begin(demo.bot(bot), f"{mark} Plan a trip rate=0")
    demo.wait_for_round(conversation, turn)
    stopped = stop(demo, conversation, turn)
    assert (stopped["state"], stopped["actions"][0]["state"]) == ("canceled", "canceled")
    assert section_of(demo, conversation) == 1
    following = demo.ask(conversation, f"{second} Plan a trip rate=0")
    [card] = demo.wait_for_round(conversation, following)
    # A fresh start, not the stopped talk with this message as its answer.
    assert card["question"]["options"] == ["Paris", "Rome", "Kyoto"]
    assert demo.turn(conversation, following)["section"] == 1
    assert chat_of(simulator, mark)["accepted"] == 0
    assert chat_of(simulator, second)["conversation_id"] != chat_of(simulator, mark)["conversation_id"]


def test_the_second_round_of_a_talk_is_let_go_of_too(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Bonn then Mainz rate=0")
    [first] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {first["id"]: "dry"})
    demo.wait_for_round(conversation, turn, 2)
    stopped = stop(demo, conversation, turn)
    assert [card["state"] for card in stopped["actions"]] == ["answered", "canceled"]
    following = demo.ask(conversation, "in Ulm rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"
    assert len(let_in(simulator, mark)) == 2


def test_calls_with_words_beside_them_are_let_go_of(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm call=mixed rate=0")
    demo.wait_for_round(conversation, turn)
    stop(demo, conversation, turn)
    following = demo.ask(conversation, "in Bonn rate=0")
    seen = check_never_busy(demo, conversation, following)
    assert json_place(seen) == "Bonn"


def json_place(turn: dict) -> str:
    [card] = turn["actions"]
    return str(card["arguments"]).rpartition(":")[2].strip('"}')


@pytest.mark.parametrize("is_polled", [False, True])
def test_a_run_that_waits_is_dropped(site, demo, city_weather, simulator, is_polled) -> None:
    rows(site, f"Bot.objects.filter(name='City weather').update(runs_in_background={is_polled})")
    try:
        mark = a_mark()
        conversation, turn = demo.begin(city_weather, "", {"city": f"{mark} ask=options"})
        demo.wait_for_round(conversation, turn)
        stopped = stop(demo, conversation, turn)
        assert (stopped["state"], stopped["stop"]) == ("canceled", "dropped")
        assert run_of(simulator, mark)["submits"] == []
        body = {"client_id": str(uuid4()), "text": "", "parameters": {"city": "Rome", "date": "today"}}
        following = demo.post(f"/c/{conversation}/ask/", body)["turn"]["id"]
        demo.wait_for(conversation, following, "completed")
    finally:
        rows(site, "Bot.objects.filter(name='City weather').update(runs_in_background=False)")


@pytest.mark.parametrize("call", ["rain", "mixed"])
def test_a_stop_that_crosses_a_call_lets_go_of_it(demo, weather, simulator, call) -> None:
    """The upstream waits already, the stream is not over: cancel says 4104, and nothing may wait for good."""
    mark, hold = a_mark(), a_mark()
    conversation, turn = demo.begin(
        weather, f"{mark} in Ulm call={call} rate=0 hold={hold} hold_at=completed"
    )
    simulator.reached(hold)
    assert chat_of(simulator, mark)["status"] == "requires_action"
    stop(demo, conversation, turn)
    demo.wait_for(conversation, turn, "canceled")
    simulator.release(hold)
    following = demo.ask(conversation, "in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"


def test_a_stop_that_crosses_a_question_goes_on_afresh(demo, travel, simulator) -> None:
    mark, hold = a_mark(), a_mark()
    conversation, turn = demo.begin(travel, f"{mark} Plan a trip rate=0 hold={hold} hold_at=completed")
    simulator.reached(hold)
    stop(demo, conversation, turn)
    demo.wait_for(conversation, turn, "canceled")
    simulator.release(hold)
    following = demo.ask(conversation, "Plan a trip rate=0")
    seen = check_never_busy(demo, conversation, following)
    assert seen["actions"][0]["question"]["options"] == ["Paris", "Rome", "Kyoto"]


def test_a_stop_that_crosses_the_second_call_lets_go_of_that(demo, weather, simulator) -> None:
    mark, hold = a_mark(), a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Bonn then Mainz rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: f"dry hold={hold} hold_at=completed"})
    simulator.reached(hold)
    stop(demo, conversation, turn)
    demo.wait_for(conversation, turn, "canceled")
    simulator.release(hold)
    following = demo.ask(conversation, "in Ulm rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"
    assert section_of(demo, conversation) == 0, "the right call could be declined"


def test_a_bot_that_asks_the_next_thing_when_it_is_let_go_of(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} Bonn then Mainz rate=0")
    demo.wait_for_round(conversation, turn)
    stop(demo, conversation, turn)
    following = demo.ask(conversation, "in Ulm rate=0")
    seen = check_never_busy(demo, conversation, following)
    assert seen["state"] == "waiting" and json_place(seen) == "Ulm"


@pytest.mark.parametrize("is_polled", [False, True])
def test_a_run_that_goes_on_is_dropped_and_the_next_one_starts(
    site, demo, city_weather, simulator, is_polled
) -> None:
    rows(site, f"Bot.objects.filter(name='City weather').update(runs_in_background={is_polled})")
    try:
        hold = a_mark()
        parameters = {"city": "Rome", "date": f"today hold={hold} hold_at=created"}
        conversation, turn = demo.begin(city_weather, "", parameters)
        simulator.reached(hold)
        demo.wait_for(conversation, turn, "running")
        stop(demo, conversation, turn)
        assert demo.wait_for(conversation, turn, "canceled")["stop"] == "dropped"
        body = {
            "client_id": str(uuid4()),
            "text": "",
            "parameters": {"city": "Oslo", "date": "today"},
        }
        following = demo.post(f"/c/{conversation}/ask/", body)["turn"]["id"]
        done = demo.wait_for(conversation, following, "completed")
        assert "Oslo" in done["messages"][-1]["text"]
        simulator.release(hold)
    finally:
        rows(site, "Bot.objects.filter(name='City weather').update(runs_in_background=False)")


def test_where_the_release_is_refused_the_talk_goes_on_in_a_fresh_conversation(
    demo, weather, simulator
) -> None:
    mark, second = a_mark(), a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0 refuse_submit=4000:99")
    demo.wait_for_round(conversation, turn)
    stop(demo, conversation, turn)
    following = demo.ask(conversation, f"{second} in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"
    assert section_of(demo, conversation) == 1
    assert chat_of(simulator, second)["conversation_id"] != chat_of(simulator, mark)["conversation_id"]


def test_a_release_that_cannot_reach_the_upstream_is_tried_again(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    simulator.fault("/v3/chat/submit_tool_outputs", method="POST", count=1, drop=True)
    stop(demo, conversation, turn)
    following = demo.ask(conversation, "in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"
    assert len(let_in(simulator, mark)) == 1


def test_what_expired_upstream_meanwhile_needs_no_release(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    simulator.expire(chat_of(simulator, mark)["id"])
    assert stop(demo, conversation, turn)["state"] == "canceled"
    following = demo.ask(conversation, "in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"


def test_send_after_waits_its_turn_and_runs_when_the_card_is_answered(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    behind = demo.ask(conversation, "in Bonn rate=0")
    assert demo.turn(conversation, behind)["state"] == "queued"
    demo.answer(conversation, turn, {card["id"]: "dry"})
    demo.wait_for(conversation, turn, "completed")
    demo.wait_for_round(conversation, behind)


@pytest.mark.parametrize("bot", ["Weather", "Travel", "Travel planner"])
def test_stop_and_send_stops_the_waiting_turn_and_runs_the_question(demo, simulator, bot) -> None:
    conversation, turn = demo.begin(demo.bot(bot), "Plan a trip in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    other = demo.ask(conversation, "in Mainz rate=0")
    behind = demo.ask(conversation, "in Bonn rate=0")
    demo.post(f"/c/{conversation}/turns/{behind}/send-now/")
    seen = check_never_busy(demo, conversation, behind)
    assert seen["state"] == "waiting" and seen["actions"][-1]["round"] == 1
    assert demo.turn(conversation, turn)["state"] == "canceled"
    assert demo.turn(conversation, other)["state"] == "queued"
    # All of them stand in the order they were, or will be, sent.
    assert [each["id"] for each in demo.turns(conversation)] == [turn, behind, other]


def test_stopping_holds_what_is_queued_behind(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    behind = demo.ask(conversation, "in Bonn rate=0")
    stop(demo, conversation, turn)
    held = demo.turn(conversation, behind)
    assert (held["state"], held["is_held"]) == ("queued", True)
    demo.post(f"/c/{conversation}/turns/{behind}/send-now/")
    demo.wait_for_round(conversation, behind)


@pytest.mark.parametrize("bot", ["Weather", "Travel", "Travel planner"])
def test_clearing_the_context_cancels_what_waits(demo, simulator, bot) -> None:
    conversation, turn = demo.begin(demo.bot(bot), "Plan a trip in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    demo.post(f"/c/{conversation}/clear/")
    assert demo.turn(conversation, turn)["state"] == "canceled"
    following = demo.ask(conversation, "Plan a trip in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"
    assert demo.turn(conversation, following)["section"] > demo.turn(conversation, turn)["section"]


@pytest.mark.parametrize("bot", ["Weather", "Travel", "City weather"])
def test_deleting_cancels_what_waits_and_restoring_shows_it_canceled(demo, bot) -> None:
    conversation, turn = demo.begin(demo.bot(bot), "Plan a trip in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    demo.post(f"/c/{conversation}/delete/")
    assert not [task for task in demo.tasks() if task["conversation"]["id"] == conversation]
    demo.post(f"/c/{conversation}/restore/")
    seen = demo.turn(conversation, turn)
    assert (seen["state"], seen["actions"][0]["state"]) == ("canceled", "canceled")


@pytest.mark.parametrize("bot", ["Weather", "Travel"])
def test_deleting_while_a_card_waits_deletes_the_conversation_upstream(demo, simulator, bot) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(bot), f"{mark} Plan a trip in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    upstream = chat_of(simulator, mark)["conversation_id"]
    demo.post(f"/c/{conversation}/delete/")
    other, probe = demo.begin(demo.bot("Echo"), "rate=0")
    demo.until(
        other,
        probe,
        lambda turn: upstream not in {each["id"] for each in simulator.conversations()},
        seconds=10,
    )


def test_going_on_afresh_while_a_card_waits_loses_neither_card_nor_question(demo, weather, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.post(f"/c/{conversation}/fresh/")
    seen = demo.turn(conversation, turn)
    if seen["state"] == "waiting":
        demo.answer(conversation, turn, {card["id"]: "dry"})
        demo.wait_for(conversation, turn, "completed")
    else:
        assert (seen["state"], seen["actions"][0]["state"]) == ("canceled", "canceled")
    following = demo.ask(conversation, "in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"


def test_stopping_while_the_answers_are_on_their_way(demo, weather, simulator) -> None:
    mark, hold = a_mark(), a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0 hold={hold} hold_at=submitted")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: "dry"})
    simulator.reached(hold)
    stop(demo, conversation, turn)
    simulator.release(hold)
    over = demo.wait_for(conversation, turn, "canceled", "completed", "failed", "lost")
    assert over["state"] == "canceled"
    assert over["actions"][0]["state"] in {"answered", "canceled"}
    following = demo.ask(conversation, "in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"


def test_stopping_while_the_answers_have_not_arrived(demo, weather, simulator) -> None:
    mark, hold = a_mark(), a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0 hold={hold} hold_at=before_submit")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: "dry"})
    simulator.reached(hold)
    stop(demo, conversation, turn)
    over = demo.wait_for(conversation, turn, "canceled", "completed", "failed", "lost", seconds=25)
    assert over["state"] == "canceled"
    simulator.release(hold)
    following = demo.ask(conversation, "in Bonn rate=0")
    assert check_never_busy(demo, conversation, following)["state"] == "waiting"
