"""A simulator that speaks Assistants, and the vendor's own client of it."""

from collections.abc import Iterator

import httpx2
import pytest
from openai import OpenAI

from tests.simulator.process import SimulatorProcess, simulator_process


@pytest.fixture(scope="session")
def shared_service() -> Iterator[SimulatorProcess]:
    with simulator_process(dialect="assistants") as simulator:
        yield simulator


@pytest.fixture
def service(shared_service: SimulatorProcess) -> SimulatorProcess:
    shared_service.reset()
    return shared_service


@pytest.fixture
def openai(service: SimulatorProcess) -> Iterator[OpenAI]:
    with httpx2.Client(trust_env=False) as client:
        yield OpenAI(api_key=service.token, base_url=f"{service.url}/v1", max_retries=0, http_client=client)
