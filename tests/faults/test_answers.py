"""SIGKILL around answers: every card is answered once, every turn ends as if nobody had died."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.answer_points import CHANNELS, all_points, batches, point
from tests.faults.answer_stage import Stage, open_stage
from tests.simulator.process import SimulatorProcess


@pytest.mark.parametrize("number", range(len(batches(all_points()))))
async def test_an_answer_arrives_once_wherever_the_server_dies(stage: Stage, number: int):
    await stage.kill_at(batches(all_points())[number])


async def test_under_uvicorn_it_is_the_same(simulator: SimulatorProcess, tmp_path: Path):
    moments = ("stored", "unanswered", "created", "ending", "completed", "middle", "before_submit")
    points = [point(name, moment) for name, moment in zip(CHANNELS, moments, strict=True)]
    with open_stage(tmp_path, simulator, "uvicorn") as stage:
        await stage.kill_at(points)
