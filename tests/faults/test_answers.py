"""SIGKILL around answers: every card is answered once, every turn ends as if nobody had died."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.answer_points import CHANNELS, Point, all_points, point
from tests.faults.answer_stage import Stage, open_stage
from tests.simulator.process import SimulatorProcess


def batches(points: list[Point]) -> list[list[Point]]:
    """As many deaths as answers that are just stored; those that take long to look for share one."""
    stored = [each for each in points if each.moment == "stored"]
    slow = [each for each in points if each.channel.is_message and each.moment == "before_submit"]
    rest = [each for each in points if each not in stored and each not in slow]
    made = [[each, *rest[number :: len(stored)]] for number, each in enumerate(stored)]
    made[0] += slow
    return made


@pytest.mark.parametrize("number", range(len(batches(all_points()))))
async def test_an_answer_arrives_once_wherever_the_server_dies(stage: Stage, number: int):
    await stage.kill_at(batches(all_points())[number])


async def test_under_uvicorn_it_is_the_same(simulator: SimulatorProcess, tmp_path: Path):
    moments = ("stored", "unanswered", "created", "ending", "completed", "middle", "before_submit")
    points = [point(name, moment) for name, moment in zip(CHANNELS, moments, strict=True)]
    with open_stage(tmp_path, simulator, "uvicorn") as stage:
        await stage.kill_at(points)
