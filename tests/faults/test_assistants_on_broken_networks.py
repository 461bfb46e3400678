"""Outputs for an Assistants-style service whose way there breaks: taken once, kept, or sent again."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.assistants import connect
from tests.faults.answer_points import Point, point
from tests.faults.answer_stage import Stage, open_stage
from tests.faults.asked import Asked, post_answer
from tests.faults.assistant_points import CHANNELS, KINDS, RUNS
from tests.faults.test_answers_on_broken_networks import is_refused
from tests.simulator.process import SimulatorProcess, simulator_process
from tests.tab import Tab

SUBMIT = f"{RUNS}/*/submit_tool_outputs"
WHERE_STREAMS_BREAK = (0, 1, 60, 400, 2000)  # bytes
STREAMED = [channel for channel in CHANNELS if channel.name.startswith("v2")]


async def open_all(stage: Stage, stack: AsyncExitStack, points: list[Point]) -> list[tuple[Tab, Asked]]:
    await stage.learn({each.channel for each in points})
    return [await stage.open(stack, each) for each in points]


@pytest.mark.parametrize("channel", STREAMED, ids=str)
async def test_a_stream_that_is_cut_anywhere_is_an_answer_that_was_taken(answers: Stage, channel):
    points = [point(channel, words=f"drop_after={bytes_}") for bytes_ in WHERE_STREAMS_BREAK]
    async with AsyncExitStack() as stack:
        opened = await open_all(answers, stack, points)
        for _, asked in opened:
            post_answer(answers.visitor, asked)
        await answers.check_all(opened)


@pytest.mark.parametrize(
    "fault",
    [{"drop": True}, {"lose": True}, {"status": 429, "headers": {"retry-after": "1"}, "code": 429}],
    ids=["never arrives", "its reply is lost", "too many"],
)
async def test_what_breaks_on_the_way_costs_nobody_anything(answers: Stage, fault: dict[str, object]):
    async with AsyncExitStack() as stack:
        opened = await open_all(answers, stack, [point(channel) for channel in CHANNELS])
        for tab, asked in opened:
            answers.simulator.fault(SUBMIT, method="POST", **fault)
            post_answer(answers.visitor, asked)
            await answers.until_over(tab, asked)  # or its repetition would meet the fault of the next
        await answers.check_all(opened)


@pytest.mark.parametrize("quirk", ["html_502", "json_instead"])
async def test_outputs_that_were_taken_but_told_otherwise_are_not_sent_again(answers: Stage, quirk: str):
    async with AsyncExitStack() as stack:
        opened = await open_all(
            answers, stack, [point(channel, words=f"quirk={quirk}") for channel in STREAMED]
        )
        for _, asked in opened:
            post_answer(answers.visitor, asked)
        await answers.check_all(opened)


@pytest.mark.parametrize("status", [400, 500])
async def test_refused_outputs_are_kept_through_a_death_and_sent_again(answers: Stage, status: int):
    async with AsyncExitStack() as stack:
        opened = await open_all(answers, stack, [point(channel) for channel in CHANNELS])
        for tab, asked in opened:
            answers.simulator.fault(SUBMIT, method="POST", code=status)
            post_answer(answers.visitor, asked)
            await tab.until(lambda _, t=tab, a=asked: is_refused(t, a), seconds=30)
        answers.site.kill()
        answers.site.start()
        for _, asked in opened:
            post_answer(answers.visitor, asked)
        await answers.check_all(opened)


async def test_a_service_that_is_down_costs_no_answer(tmp_path: Path, simulator: SimulatorProcess):
    """It is started again with what it knew."""
    state = tmp_path / "upstream.jsonl"
    with (
        simulator_process(dialect="assistants", state=state) as first,
        open_stage(tmp_path, simulator) as stage,
    ):
        for name, beta in KINDS.items():
            connect(stage.site, first, name, beta)
        stage.simulator, stage.bots = first, stage.database.bots()
        async with AsyncExitStack() as stack:
            opened = await open_all(stage, stack, [point(channel) for channel in CHANNELS])
            first.process.terminate()
            first.process.wait()
            for _, asked in opened:
                post_answer(stage.visitor, asked)
            for tab, asked in opened:
                await tab.until(lambda _, t=tab, a=asked: is_refused(t, a), seconds=30)
            with simulator_process(dialect="assistants", state=state, port=first.port) as second:
                stage.simulator = second
                for _, asked in opened:
                    post_answer(stage.visitor, asked)
                await stage.check_all(opened)
