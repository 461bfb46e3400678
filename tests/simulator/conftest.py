"""One simulator for the tests of this folder, emptied before each."""

from collections.abc import Iterator

import httpx
import pytest
from cozepy import Coze, SyncHTTPClient, TokenAuth

from tests.simulator.process import SimulatorProcess, simulator_process


@pytest.fixture(scope="session")
def shared_simulator() -> Iterator[SimulatorProcess]:
    with simulator_process() as simulator:
        yield simulator


@pytest.fixture
def simulator(shared_simulator: SimulatorProcess) -> SimulatorProcess:
    shared_simulator.reset()
    return shared_simulator


@pytest.fixture
def http(simulator: SimulatorProcess) -> Iterator[httpx.Client]:
    """A client of the API with the token."""
    headers = {"Authorization": f"Bearer {simulator.token}"}
    with httpx.Client(base_url=simulator.url, headers=headers, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def coze(simulator: SimulatorProcess) -> Iterator[Coze]:
    """The vendor's own client."""
    with SyncHTTPClient(trust_env=False) as client:
        yield Coze(TokenAuth(simulator.token), simulator.url, http_client=client)
