"""Answers whose way to the upstream breaks: kept or taken, never doubled; the upstream is asked first."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.faults.answer_points import CHANNELS, Point, point
from tests.faults.answer_stage import Stage, open_stage
from tests.faults.asked import Asked, accepted, post_answer, shown
from tests.simulator.process import simulator_process
from tests.tab import Tab

PATHS = {
    "call": "/v3/chat/submit_tool_outputs",
    "question": "/v3/chat",
    "flow-form": "/v1/workflows/chat",
    "run": "/v1/workflow/stream_resume",
    "background": "/v1/workflows/resume",
}
WHERE_STREAMS_BREAK = (0, 1, 60, 400, 2000)  # bytes


async def answer_all(stage: Stage, stack: AsyncExitStack, points: list[Point]) -> list[tuple[Tab, Asked]]:
    await stage.learn({each.channel.name for each in points})
    opened = [await stage.open(stack, each) for each in points]
    for _, asked in opened:
        post_answer(stage.visitor, asked)
    return opened


def is_refused(tab: Tab, asked: Asked) -> bool:
    """Whether the cards are open again, with what was entered and what the upstream said."""
    turn = tab.view.turns[asked.turn]
    cards = [card for card in turn["actions"] if card["id"] in asked.body["outputs"]]
    return turn["state"] == "waiting" and all(
        card["state"] == "ready" and card["refusal"] and card["output"] == asked.body["outputs"][card["id"]]
        for card in cards
    )


@pytest.mark.parametrize("channel", ["call", "question", "flow-form", "run"])
async def test_a_stream_that_is_cut_anywhere_is_an_answer_that_was_taken(stage: Stage, channel: str):
    points = [point(channel, words=f"drop_after={bytes_}") for bytes_ in WHERE_STREAMS_BREAK]
    async with AsyncExitStack() as stack:
        await stage.check_all(await answer_all(stage, stack, points))


async def test_a_connection_that_breaks_before_anything_arrived_is_tried_again(stage: Stage):
    """The upstream still waits, so nobody is asked anything."""
    await stage.learn(set(PATHS))
    async with AsyncExitStack() as stack:
        opened = [await stage.open(stack, point(name)) for name in PATHS]
        for path in PATHS.values():
            stage.simulator.fault(path, method="POST", drop=True)
        for _, asked in opened:
            post_answer(stage.visitor, asked)
        await stage.check_all(opened)


async def test_a_connection_that_breaks_every_time_is_left_to_the_person(stage: Stage):
    await stage.learn({"call"})
    async with AsyncExitStack() as stack:
        tab, asked = await stage.open(stack, point("call"))
        stage.simulator.fault(PATHS["call"], count=3, drop=True)
        post_answer(stage.visitor, asked)
        await tab.until(lambda _: is_refused(tab, asked))
        post_answer(stage.visitor, asked)
        await stage.check_all([(tab, asked)])


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502, "body": "<html><h1>502 Bad Gateway</h1></html>"},
        {"status": 500, "code": 5000, "msg": "internal"},
        {"status": 200, "code": 4000, "msg": "wrong"},
    ],
    ids=["html", "500", "4000"],
)
async def test_a_refused_answer_is_kept_and_can_be_sent_again(stage: Stage, fault: dict[str, object]):
    await stage.learn(set(PATHS))
    async with AsyncExitStack() as stack:
        opened = [await stage.open(stack, point(name)) for name in PATHS]
        for path in PATHS.values():
            stage.simulator.fault(path, method="POST", **fault)
        for _, asked in opened:
            post_answer(stage.visitor, asked)
        for tab, asked in opened:
            await tab.until(lambda _, t=tab, a=asked: is_refused(t, a), seconds=30)
        stage.site.kill()
        stage.site.start()
        for _, asked in opened:
            post_answer(stage.visitor, asked)
        await stage.check_all(opened)


@pytest.mark.parametrize("quirk", ["html_502", "json_instead"])
async def test_an_answer_that_was_taken_but_told_otherwise_is_not_sent_again(stage: Stage, quirk: str):
    points = [point(name, words=f"quirk={quirk}") for name in ("call", "calls", "question", "flow-form")]
    async with AsyncExitStack() as stack:
        await stage.check_all(await answer_all(stage, stack, points))


async def test_a_submit_that_arrives_after_its_repetition_changes_nothing(stage: Stage):
    await stage.learn({"call", "run"})
    async with AsyncExitStack() as stack:
        opened = [await stage.open(stack, point(name)) for name in ("call", "run")]
        for _, asked in opened:
            stage.simulator.fault(PATHS[asked.channel.name], hold="late")
            post_answer(stage.visitor, asked)
        await stage.simulator.areached("late")
        stage.simulator.reached("late", count=2)
        stage.site.kill()
        stage.site.start()
        for tab, asked in opened:
            await stage.until_over(tab, asked)
        stage.simulator.release("late")
        await stage.check_all(opened)


async def test_an_upstream_that_is_down_costs_no_answer(tmp_path: Path):
    """It is started again with what it knew."""
    state = tmp_path / "upstream.jsonl"
    with simulator_process(state=state) as first, open_stage(tmp_path, first) as stage:
        await stage.learn(set(CHANNELS))
        async with AsyncExitStack() as stack:
            opened = [await stage.open(stack, point(name)) for name in CHANNELS]
            first.process.terminate()
            first.process.wait()
            for _, asked in opened:
                post_answer(stage.visitor, asked)
            for tab, asked in opened:
                await tab.until(lambda _, t=tab, a=asked: is_refused(t, a), seconds=30)
            with simulator_process(state=state, port=first.port) as second:
                stage.simulator = second
                for _, asked in opened:
                    post_answer(stage.visitor, asked)
                await stage.check_all(opened)


async def test_an_upstream_that_dies_with_the_answer_is_asked_what_became_of_it(tmp_path: Path):
    """It forgot what it was answering: the turn fails, and the answer is not sent twice."""
    state = tmp_path / "upstream.jsonl"
    with simulator_process(state=state) as first, open_stage(tmp_path, first) as stage:
        async with AsyncExitStack() as stack:
            points = [point("call", "middle"), point("flow-form", "middle"), point("run", "middle", delta=2)]
            opened = [await stage.open(stack, each) for each in points]
            await stage.bring_to_points(opened)
            first.process.terminate()
            first.process.wait()
            for tab, asked in opened:
                await tab.until(lambda view, a=asked: view.state(a.turn) == "recovering")
            with simulator_process(state=state, port=first.port) as second:
                for tab, asked in opened:
                    await tab.until(lambda view, a=asked: view.state(a.turn) == "failed", seconds=30)
                    assert accepted(second, asked) == len(asked.channel.rounds)
                    turn = shown(stage.visitor.turn(asked.conversation, asked.turn))
                    assert {card[2] for card in turn["cards"]} == {"answered"}
