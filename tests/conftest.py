"""Fixtures for every folder: a simulator, and the real site on it, each started once a worker."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.process import RUNNING, Site, running_site
from tests.simulator.process import SimulatorProcess, simulator_process


@pytest.fixture(scope="session")
def simulator() -> Iterator[SimulatorProcess]:
    """As fast as it can; a question says `rate=` when it needs time."""
    with simulator_process(rate=0) as process:
        yield process


@pytest.fixture(scope="session")
def site(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site under daphne, with the demo's people and the simulator's bots."""
    folder: Path = tmp_path_factory.mktemp("site")
    with running_site(folder, simulator.url, simulator.token) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the site processes said."""
    report = yield
    if report.failed:
        report.sections += [(f"the site at {site.url} said", site.output()) for site in RUNNING]
    return report
