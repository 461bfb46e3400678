"""A site of a test's own, for it will be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.answer_stage import Stage, open_stage
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.stack import running_stack
from tests.visitor import Visitor


def check_figures(site: Site) -> None:
    """After all its deaths the figures of every turn are what its rows say."""
    site.manage("figures", "--check")


@pytest.fixture(scope="module")
def mortal_site(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("mortal")
    with running_stack(folder, simulator) as site:
        yield site
        check_figures(site)


@pytest.fixture
def visitor(mortal_site: Site) -> Iterator[Visitor]:
    visitor = Visitor(mortal_site.url, "demo")
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def stage(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("answers"), simulator) as stage:
        yield stage
        check_figures(stage.site)
