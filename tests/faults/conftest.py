"""A site of a test's own, for it will be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.assistants import connect
from tests.faults.answer_stage import Stage, open_stage
from tests.faults.assistant_points import KINDS
from tests.process import Site
from tests.simulator.process import SimulatorProcess, simulator_process
from tests.stack import running_stack
from tests.visitor import Visitor


def check_figures(site: Site) -> None:
    """After all its deaths the figures of every turn are what its rows say."""
    site.manage("figures", "--check")


@pytest.fixture(scope="module")
def mortal_site(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("mortal")
    # One that is told to end hands over within the time that a service manager, and `stop`, waits for it.
    with running_stack(folder, simulator, env={"DRAIN_SECONDS": "3"}) as site:
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


@pytest.fixture(scope="module")
def service() -> Iterator[SimulatorProcess]:
    """An Assistants-style service."""
    with simulator_process(dialect="assistants") as service:
        yield service


@pytest.fixture(scope="module")
def connected(mortal_site: Site, service: SimulatorProcess) -> Site:
    """Its assistants are called `Echo v2`, `Echo v1` and so on."""
    for name, beta in KINDS.items():
        connect(mortal_site, service, name, beta)
    return mortal_site


@pytest.fixture(scope="module")
def answers(connected: Site, service: SimulatorProcess) -> Iterator[Stage]:
    stage = Stage(connected, service)
    yield stage
    stage.close()
