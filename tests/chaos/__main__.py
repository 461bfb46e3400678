"""`make chaos`, or `python -m tests.chaos`. Ends with 1 if anything was found. From the environment:

SEED (drawn if not said), MINUTES (5), PROCESSES (3), PEOPLE (12), SERVER (daphne or uvicorn), LOG (a folder
to keep the processes' logs in).
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.run import Run
from tests.chaos.summary import summary
from tests.cluster import running_cluster
from tests.simulator.process import simulator_process

# What a person would wait ten minutes for comes within a run.
ENV = {
    "UPSTREAM_READ_TIMEOUT_SECONDS": "8",
    "WAITING_POLL_SECONDS": "5",
    # Nobody is refused for asking too often: that would hide what is lost.
    "RATE_LIMITS": "ask=0/m,command=0/m,probe=0/m",
}


def main() -> int:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    minutes = float(os.environ.get("MINUTES") or 5)
    processes, people = int(os.environ.get("PROCESSES") or 3), int(os.environ.get("PEOPLE") or 12)
    server = os.environ.get("SERVER") or "daphne"
    print(f"chaos: SEED={seed} MINUTES={minutes:g} PROCESSES={processes} PEOPLE={people} SERVER={server}")
    begun = time.monotonic()
    with TemporaryDirectory(prefix="chatweb-chaos-") as name:
        folder = Path(name)
        try:
            with (
                simulator_process(rate=0) as simulator,
                running_cluster(folder, simulator, processes, server, ENV) as cluster,
            ):
                outcome = asyncio.run(Run(cluster, simulator, seed, people).go(minutes * 60))
        finally:
            if kept := os.environ.get("LOG"):
                shutil.copytree(folder, kept, dirs_exist_ok=True)
    print(summary(outcome, seed, f"{minutes:g} min, {processes} processes under {server}, {people} people"))
    print(f"In {time.monotonic() - begun:.0f} s.", file=sys.stderr)
    return 1 if outcome.sentences else 0


if __name__ == "__main__":
    sys.exit(main())
