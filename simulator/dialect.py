"""What a dialect of the simulator is: its routes, and how it says no. `dialects` knows them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.envelope import ApiError
from simulator.records import Token
from simulator.routing import Reply, Request, Route
from simulator.simulator import Simulator


@dataclass(frozen=True)
class Dialect:
    """`refuse` answers a request that failed, `who_asks` knows the owner of its token, `unknown`
    says what a path gets that is not there. Every answer carries `log_header`."""

    routes: list[Route]
    who_asks: Callable[[Simulator, Request], Token]
    refuse: Callable[[ApiError, Request], Reply]
    unknown: Callable[[Request], ApiError]
    upload_path: str
    log_header: bytes
    more_headers: tuple[tuple[bytes, bytes], ...] = ()  # of every answer as well
