"""Fixtures for every folder: a simulator, and the real site on it, each started once a worker."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from tests.cluster import Cluster
from tests.process import RUNNING, Site
from tests.simulator.process import SimulatorProcess
from tests.stack import running_stack
from tests.upstream import DIALECT, lacking, leave_out, running_simulator

# The real algorithm with hardly any work: hundreds of tests make an account each. Real sites do it all.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
Argon2PasswordHasher.parallelism = 1


@pytest.fixture(scope="session")
def simulator() -> Iterator[SimulatorProcess]:
    """As fast as it can; a question says `rate=` when it needs time."""
    with running_simulator() as process:
        yield process


@pytest.fixture(scope="session")
def site(simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site | Cluster]:
    """The site under daphne, with the demo's people and the simulator's bots."""
    folder: Path = tmp_path_factory.mktemp("site")
    with running_stack(folder, simulator) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What one test's rows left there is not about the rows of the next, which have the same keys."""
    cache.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the site processes said."""
    report = yield
    if report.failed:
        report.sections += [(f"the site at {site.url} said", site.output()) for site in RUNNING]
    return report


def commits(item: pytest.Item) -> bool:
    """Whether the database is emptied after the test, because it commits."""
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(
        mark is not None and mark.kwargs.get("transaction")
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*words): what its upstream must have (tests/upstream.py)")


def pytest_report_header() -> list[str]:
    if DIALECT == "coze":
        return []
    left_out = (f"  without tests that need {word}: {reason}" for word, reason in lacking().items())
    return [f"upstream: {DIALECT}", *left_out]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items)
    for item in filter(commits, items):
        mark = item.get_closest_marker("django_db")
        if mark is None or not mark.kwargs.get("serialized_rollback"):
            raise pytest.UsageError(f"{item.nodeid} commits: mark it with serialized_rollback=True as well")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """What migrations put into tables is put back, for whatever test comes next."""
    yield
    if commits(item):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
