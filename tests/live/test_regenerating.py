"""Another answer: the bot forgets the old one, the page keeps it, and two tabs make one (M-007)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.live.upstream import a_mark, chats_of
from tests.simulator.process import SimulatorProcess
from tests.tab import open_tab
from tests.visitor import Json, Visitor, refusal_of


def regenerate(visitor: Visitor, conversation: str, turn: str, client_id: str = "") -> Json:
    body = {"client_id": client_id or str(uuid4())}
    return dict(visitor.post(f"/c/{conversation}/turns/{turn}/regenerate/", body)["turn"])


def answered(visitor: Visitor, conversation: str, turn: str) -> Json:
    return visitor.wait_for(conversation, turn, "completed")


def remembered(simulator: SimulatorProcess, mark: str) -> list[str]:
    """What the conversation with the mark holds upstream: questions and answers, oldest first."""
    conversation = chats_of(simulator, mark)[0]["conversation_id"]
    kept = simulator.messages(conversation_id=conversation)
    return [each["content"] for each in kept if each["type"] in {"question", "answer"}]


@pytest.mark.needs("deletes_messages")
def test_the_old_turn_is_gone_upstream_before_the_question_is_asked_again(demo, echo, simulator) -> None:
    mark = a_mark()
    conversation, first = demo.begin(echo, f"before {mark} rate=0")
    answered(demo, conversation, first)
    old = answered(demo, conversation, demo.ask(conversation, f"asked twice {mark} rate=0"))
    new = answered(demo, conversation, regenerate(demo, conversation, old["id"])["id"])
    assert (new["replaces"], new["question"], new["sees_replaced"]) == (old["id"], old["question"], False)
    assert new["messages"] and new["messages"][0]["id"] != old["messages"][0]["id"]
    assert demo.turn(conversation, old["id"]) == old, "the old version stays as it was"
    said = remembered(simulator, mark)
    assert [text for text in said if "asked twice" in text] == [old["question"], new["messages"][0]["text"]]
    context = chats_of(simulator, mark)[-1]["context"]
    assert len(context) == 2, "the bot saw the first question and its answer, and no older version"


@pytest.mark.needs("deletes_messages")
def test_versions_of_versions_and_what_comes_after(demo, echo, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(echo, f"{mark} rate=0")
    chain = [turn]
    for _ in range(3):
        answered(demo, conversation, chain[-1])
        chain.append(regenerate(demo, conversation, chain[-1])["id"])
    answered(demo, conversation, chain[-1])
    later = answered(demo, conversation, demo.ask(conversation, "and then? rate=0"))
    shown = demo.turns(conversation)
    assert [each["id"] for each in shown] == [*chain, later["id"]]
    assert [each["replaces"] for each in shown] == [None, *chain[:-1], None]
    assert len(remembered(simulator, mark)) == 4, "one version, and the question after it"
    with pytest.raises(httpx.HTTPStatusError) as refused:
        regenerate(demo, conversation, chain[-1])
    assert refusal_of(refused.value) == (409, "not_last")


def test_two_tabs_at_once_and_a_repeated_post_make_one(demo, echo, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(echo, f"{mark} rate=0")
    answered(demo, conversation, turn)
    same = str(uuid4())
    with ThreadPoolExecutor(4) as tabs:
        made = list(tabs.map(lambda id_: regenerate(demo, conversation, turn, id_), [same, same, "", ""]))
    assert len({each["id"] for each in made}) == 1
    answered(demo, conversation, made[0]["id"])
    assert regenerate(demo, conversation, turn, same)["id"] == made[0]["id"]
    assert len(chats_of(simulator, mark)) == 2


@pytest.mark.needs("submits_outputs")
def test_what_runs_waits_or_was_cleared_is_not_regenerated(demo, echo, weather, simulator) -> None:
    hold = a_mark()
    conversation, turn = demo.begin(echo, f"tokens=9 rate=0 hold={hold} hold_at=delta:3")
    simulator.reached(hold)
    behind = demo.ask(conversation, "behind rate=0")
    refused_ones = [(conversation, turn), (conversation, behind)]
    asking, waiting = demo.begin(weather, "Rain in Oslo? rate=0")
    demo.wait_for_round(asking, waiting)
    refused_ones.append((asking, waiting))
    cleared, over = demo.begin(echo, "to be cleared rate=0")
    answered(demo, cleared, over)
    demo.post(f"/c/{cleared}/clear/")
    refused_ones.append((cleared, over))
    for place in refused_ones:
        with pytest.raises(httpx.HTTPStatusError) as refused:
            regenerate(demo, *place)
        assert refusal_of(refused.value) == (409, "not_last")
    simulator.release(hold)
    answered(demo, conversation, behind)


def test_a_stopped_turn_and_one_that_failed_get_another_answer(demo, echo, simulator) -> None:
    hold = a_mark()
    conversation, turn = demo.begin(echo, f"tokens=9 rate=0 hold={hold} hold_at=delta:3")
    simulator.reached(hold)
    demo.stop(conversation, turn, {})
    simulator.release(hold)
    demo.wait_for(conversation, turn, "canceled")
    new = answered(demo, conversation, regenerate(demo, conversation, turn)["id"])
    simulator.fault("/v3/chat", count=1, status=200, code=4028, msg="no credit")
    failed = regenerate(demo, conversation, new["id"])["id"]
    demo.wait_for(conversation, failed, "failed")
    assert answered(demo, conversation, regenerate(demo, conversation, failed)["id"])["replaces"] == failed


@pytest.mark.needs("one_at_a_time")
def test_one_that_is_busy_can_be_withdrawn_or_overtaken(demo, echo, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(echo, f"{mark} rate=0")
    answered(demo, conversation, turn)
    upstream = chats_of(simulator, mark)[0]["conversation_id"]
    simulator.occupy(upstream)
    busy = regenerate(demo, conversation, turn)["id"]
    demo.until(conversation, busy, lambda seen: seen["is_busy"])
    demo.post(f"/c/{conversation}/turns/{busy}/withdraw/")
    second = regenerate(demo, conversation, turn)["id"]
    assert second != busy, "what was withdrawn stands in nobody's way"
    demo.until(conversation, second, lambda seen: seen["is_busy"])
    quick = demo.ask(conversation, "first of all rate=0")
    demo.post(f"/c/{conversation}/turns/{quick}/send-now/")
    assert demo.turn(conversation, second)["replaces"] is None, "overtaken: a question of its own"
    simulator.vacate(upstream)
    answered(demo, conversation, second)
    assert [each["id"] for each in demo.turns(conversation)] == [turn, quick, second]


@pytest.mark.needs("cloud")
def test_where_nothing_can_be_deleted_the_bot_sees_both(demo, studio_echo, simulator) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(studio_echo, f"{mark} rate=0")
    answered(demo, conversation, turn)
    new = answered(demo, conversation, regenerate(demo, conversation, turn)["id"])
    assert new["sees_replaced"] is True
    assert len(chats_of(simulator, mark)[-1]["context"]) == 2
    assert len(remembered(simulator, mark)) == 4


def test_a_refused_deletion_is_said_and_the_question_is_asked_all_the_same(demo, echo, simulator) -> None:
    conversation, turn = demo.begin(echo, f"{a_mark()} rate=0")
    answered(demo, conversation, turn)
    simulator.fault("/v1/conversation/message/delete", count=20, status=200, code=4101, msg="not yours")
    try:
        new = answered(demo, conversation, regenerate(demo, conversation, turn)["id"])
    finally:
        simulator.control("POST", "faults/clear")
    assert new["sees_replaced"] is True


def test_a_workflow_runs_again_with_the_same_values_and_remembers_nothing(demo, city_weather) -> None:
    conversation, turn = demo.begin(city_weather, "", {"city": "Ulm", "rate": "0"})
    demo.wait_for(conversation, turn, "waiting", "completed", "failed")
    old = demo.turn(conversation, turn)
    if old["state"] == "waiting":
        demo.post(f"/c/{conversation}/turns/{turn}/stop/")
        demo.wait_for(conversation, turn, "canceled")
    new = regenerate(demo, conversation, turn)
    assert (new["parameters"], new["replaces"]) == (old["parameters"], turn)
    assert demo.wait_for(conversation, new["id"], "waiting", "completed")["sees_replaced"] is False


async def test_other_tabs_see_the_new_version_grow(demo, echo) -> None:
    conversation, turn = demo.begin(echo, "tokens=30 rate=0 grow")
    answered(demo, conversation, turn)
    async with open_tab(demo, conversation) as tab:
        new = regenerate(demo, conversation, turn)["id"]
        await tab.until(lambda view: view.state(new) == "completed")
        assert tab.view.turns[new]["replaces"] == turn
        assert tab.view.faults == []


def test_a_page_never_parts_a_question_from_its_versions(demo, echo) -> None:
    conversation, first = demo.begin(echo, "first rate=0")
    answered(demo, conversation, first)
    turn = demo.ask(conversation, "with versions rate=0")
    answered(demo, conversation, turn)
    versions = [turn]
    for _ in range(2):
        versions.append(regenerate(demo, conversation, versions[-1])["id"])
        answered(demo, conversation, versions[-1])
    later = [demo.ask(conversation, f"{number} rate=0") for number in range(29)]
    answered(demo, conversation, later[-1])
    page = demo.conversation(conversation)
    assert [each["id"] for each in page["turns"]] == [*versions, *later]
    assert page["has_older"] is True
    text = demo.http.get(f"/c/{conversation}/", headers={"Accept": "text/html"}).text
    assert text.count(">with versions rate=0</div>") == 2, "without scripts: the newest version, and its echo"
