"""Which shape a request gets: that of the beta `assistants=v1` or `v2` (wire-workflows 5.1)."""

from __future__ import annotations

from simulator.routing import Request
from simulator.simulator import Simulator

OLD_DIALECT = "assistants-v1"
HEADER = "openai-beta"


def is_old(simulator: Simulator, request: Request) -> bool:
    """v1: asked for, or nothing asked for, or all that the service knows."""
    return simulator.dialect == OLD_DIALECT or "assistants=v2" not in request.headers.get(HEADER, "")
