"""What the tests of a site run on: with STACK=cluster on several processes, PostgreSQL and Redis.

Which upstream it talks to is `tests/upstream.py`'s."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from tests.cluster import Cluster, running_cluster
from tests.process import Site, running_site
from tests.simulator.process import SimulatorProcess

IS_CLUSTER = os.environ.get("STACK") == "cluster"


def running_stack(
    folder: Path, simulator: SimulatorProcess, server: str = "daphne", env: Mapping[str, str] | None = None
) -> AbstractContextManager[Site | Cluster]:
    """The demo's people and the simulator's bots, serving. `folder` keeps the logs."""
    if IS_CLUSTER:
        return running_cluster(folder, simulator, server=server, env=env)
    return running_site(folder, simulator.url, simulator.token, server, env)
