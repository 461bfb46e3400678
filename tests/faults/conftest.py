"""A site of a test's own, for it will be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.answer_stage import Stage, open_stage
from tests.process import Site, running_site
from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def mortal_site(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("mortal")
    with running_site(folder, simulator.url, simulator.token) as site:
        yield site


@pytest.fixture
def visitor(mortal_site: Site) -> Iterator[Visitor]:
    visitor = Visitor(mortal_site.url, "demo")
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def stage(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("answers"), simulator) as stage:
        yield stage
