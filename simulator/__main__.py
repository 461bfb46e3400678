"""`python -m simulator --port N [--host 127.0.0.1] [--token T] [--state FILE] [--rate R] [--dialect D]`"""

from __future__ import annotations

import argparse
import os
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn

from simulator.app import App
from simulator.dialects import DIALECTS
from simulator.simulator import Simulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="Plays Coze on loopback.")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one and prints it")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", default="pat_demo", help="the personal access token it accepts")
    parser.add_argument("--state", type=Path, help="file that keeps the state across restarts")
    parser.add_argument(
        "--rate",
        type=float,
        default=os.environ.get("SIMULATOR_RATE"),
        help="deltas a second when a question does not say; 0 is as fast as possible (or SIMULATOR_RATE)",
    )
    parser.add_argument("--dialect", choices=DIALECTS, default="coze", help="whose calls it understands")
    options = parser.parse_args()
    app = App(Simulator(options.token, options.state, options.rate, options.dialect))
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.create_server((options.host, options.port), family=family, backlog=4096)
    print(f"Simulator: http://{options.host}:{listener.getsockname()[1]}/", flush=True)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
