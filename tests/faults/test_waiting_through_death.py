"""Cards that outlive their server: answered elsewhere, by rules, let go of, or too late."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from tests.faults.answer_points import CHANNELS, point
from tests.faults.answer_stage import Stage
from tests.faults.asked import Json, accepted, open_cards, post_answer, watch_cards
from tests.tab import Tab, open_tab
from tests.visitor import Visitor

SUBMIT = "/v3/chat/submit_tool_outputs"
WHERE = json.dumps({"coordinates": {"longitude": "1", "latitude": "2"}})
ADD_RULE = f"""
from chatweb.models import Tool
rule = {{"mode": Tool.Mode.AUTO, "is_registered": True, "template": {WHERE!r}}}
Tool.objects.update_or_create(bot=None, name="get_local_rain", defaults=rule)
"""


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


def restart(stage: Stage) -> None:
    stage.site.kill()
    stage.site.start()


def card_states(turn: Json) -> list[str]:
    return [card["state"] for card in turn["actions"]]


async def test_a_waiting_card_survives_and_is_answered_from_another_sign_in(
    stage: Stage, stack: AsyncExitStack
):
    """One card of each kind; the tabs that were open see who answered."""
    await stage.learn(set(CHANNELS))
    opened = [await stage.open(stack, point(name)) for name in CHANNELS]
    before = [tab.view.turns[asked.turn]["actions"] for tab, asked in opened]
    restart(stage)
    elsewhere = Visitor(stage.site.url, "demo")
    for (_, asked), cards in zip(opened, before, strict=True):
        assert elsewhere.turn(asked.conversation, asked.turn)["actions"] == cards
        post_answer(elsewhere, asked)
    await stage.check_all(opened)
    for _, asked in opened:
        post_answer(stage.visitor, asked)  # the first sign-in repeats it and changes nothing
    await stage.check_all(opened)
    elsewhere.close()


async def test_one_ready_card_of_two_and_a_draft_survive(stage: Stage, stack: AsyncExitStack):
    await stage.learn({"calls"})
    tab, asked = await stage.open(stack, point("calls"))
    (first, output), (second, other) = asked.body["outputs"].items()
    path = f"/c/{asked.conversation}/turns/{asked.turn}/answer/"
    stage.visitor.post(path, {"outputs": {second: other}})
    stage.visitor.post(
        f"/c/{asked.conversation}/actions/{first}/draft/", {"draft": {"text": "30"}, "tab": "a"}
    )
    restart(stage)
    elsewhere = Visitor(stage.site.url, "demo")
    turn = elsewhere.turn(asked.conversation, asked.turn)
    assert [(card["state"], card["output"], card["draft"]) for card in turn["actions"]] == [
        ("pending", "", {"text": "30"}),
        ("ready", other, None),
    ]
    elsewhere.post(path, {"outputs": {first: output}})
    elsewhere.close()
    await stage.check_all([(tab, asked)])
    [submit] = stage.simulator.chat(asked.chat)["submits"]
    assert [each["output"] for each in submit["outputs"]] == [output, other]


async def test_a_rule_answers_once_whoever_dies(stage: Stage, stack: AsyncExitStack):
    stage.site.shell(ADD_RULE)
    opened = []
    for moment in ("before_submit", "submitted", "completed"):
        text = f"Where am I? call=infos hold=rule-{moment} hold_at={moment}"
        opened.append((*await ask(stage, stack, text), text))
        await stage.simulator.areached(f"rule-{moment}")
    stage.site.kill()
    for moment in ("before_submit", "submitted", "completed"):
        stage.simulator.release(f"rule-{moment}")
    stage.site.start()
    for tab, turn, text in opened:
        await tab.until(lambda view, id_=turn: view.state(id_) == "completed")
        assert tab.view.answers(turn) == ["You are at latitude 2, longitude 1."], text
        [card] = stage.visitor.turn(tab.conversation, turn)["actions"]
        assert (card["state"], card["decision"]) == ("answered", "auto")
        [chat] = [each for each in stage.simulator.chats() if each["question"] == text]
        assert chat["accepted"] == 1
        assert decisions(stage, card["id"]) == 1
        assert tab.view.faults == []


def decisions(stage: Stage, card: str) -> int:
    sql = (
        "SELECT count(*) FROM chatweb_decision d JOIN chatweb_action a ON d.action_id = a.id WHERE a.uuid = ?"
    )
    return int(stage.database.value(sql, UUID(card)))


async def ask(stage: Stage, stack: AsyncExitStack, text: str) -> tuple[Tab, str]:
    """Weather is asked in a new conversation, which a tab follows."""
    conversation, turn = stage.visitor.begin(stage.bots["Weather"], text)
    tab = await stack.enter_async_context(open_tab(stage.visitor, conversation))
    watch_cards(tab)
    return tab, turn


# How far letting go of a stopped turn is when the server dies: the outputs that say so never arrive, arrive
# and are not accepted, are accepted and not answered, the rest is being canceled, or it is hardly begun.
RELEASES = ("never", "before_submit", "submitted", "cancel", "begun")


async def stop_at(stage: Stage, stack: AsyncExitStack, moment: str) -> tuple[Tab, str, str]:
    """A turn that waited and was stopped: its tab, its id, its question."""
    hold = f"release-{moment}"
    at = f" hold={hold} hold_at={moment}" if moment in {"before_submit", "submitted"} else ""
    text = f"Will it rain in Ulm? mark={hold}{at}"
    tab, turn = await ask(stage, stack, text)
    await tab.until(lambda view: view.state(turn) == "waiting")
    if moment == "never":
        stage.simulator.fault(SUBMIT, hold=hold, drop=True)
    if moment == "cancel":
        stage.simulator.fault("/v3/chat/cancel", hold=hold)
    stage.visitor.post(f"/c/{tab.conversation}/turns/{turn}/stop/", {})
    if moment != "begun":
        await stage.simulator.areached(hold)
    return tab, turn, text


async def test_a_stopped_turn_is_let_go_of_and_the_next_question_is_asked(
    stage: Stage, stack: AsyncExitStack
):
    stopped = [await stop_at(stage, stack, moment) for moment in RELEASES]
    stage.site.kill()
    for moment in RELEASES:
        stage.simulator.release(f"release-{moment}")
    stage.site.start()
    following = [stage.visitor.ask(tab.conversation, "Will it rain in Bonn?") for tab, _, _ in stopped]
    for (tab, turn, text), next_ in zip(stopped, following, strict=True):
        await tab.until(lambda view, id_=next_: view.state(id_) == "waiting")
        [card] = open_cards(tab.view.turns[next_])
        path = f"/c/{tab.conversation}/turns/{next_}/answer/"
        stage.visitor.post(path, {"outputs": {card["id"]: "10%"}})
        await tab.until(lambda view, id_=next_: view.state(id_) == "completed")
        assert tab.view.answers(next_) == ["For Bonn the tool says: 10%"]
        assert card_states(stage.visitor.turn(tab.conversation, turn)) == ["canceled"]
        [chat] = [each for each in stage.simulator.chats() if each["question"] == text]
        in_its_place = stage.simulator.chats(chat["conversation_id"])
        assert [each["accepted"] for each in in_its_place] == [1, 1], (
            f"{text}: let go of once, nothing forgotten"
        )
        assert tab.view.faults == []


async def test_a_time_limit_that_runs_out_while_nobody_serves(stage: Stage, stack: AsyncExitStack):
    tab, asked = await stage.open(stack, point("call"))
    stage.site.kill()
    stage.database.execute(
        "UPDATE chatweb_action SET expires_at = '2020-01-01 00:00:00' WHERE turn_id = "
        "(SELECT id FROM chatweb_turn WHERE uuid = ?)",
        UUID(asked.turn),
    )
    stage.site.start()
    await tab.until(lambda view: view.state(asked.turn) == "failed")
    turn = stage.visitor.turn(asked.conversation, asked.turn)
    assert turn["error"]["reason"] == "expired"
    assert card_states(turn) == ["expired"]
    following = stage.visitor.ask(asked.conversation, "Will it rain in Bonn?")
    await tab.until(lambda view: view.state(following) == "waiting")


async def test_upstreams_that_stop_waiting_while_nobody_serves(stage: Stage, stack: AsyncExitStack):
    opened = [await stage.open(stack, point(name)) for name in CHANNELS]
    stage.site.kill()
    for _, asked in opened:
        expire = stage.simulator.expire_run if asked.channel.is_run else stage.simulator.expire
        expire(asked.chat)
    stage.site.start()
    for tab, asked in opened:
        await tab.until(lambda view, a=asked: view.state(a.turn) == "failed", seconds=30)
        turn = stage.visitor.turn(asked.conversation, asked.turn)
        assert card_states(turn)[-1] == "expired", asked.point
        assert accepted(stage.simulator, asked) == len(asked.channel.rounds) - 1
