"""The service as an entry of `simulator/dialects.py`."""

from __future__ import annotations

from simulator import access
from simulator.assistants import catalog, files, messages, runs, steps, submitting, threads
from simulator.assistants.refusals import refuse, unknown_path
from simulator.dialect import Dialect
from simulator.routing import Route

MODULES = (catalog, runs, submitting, steps, messages, threads, files)  # runs first: /v1/threads/runs
LIMITS = (
    (b"openai-version", b"2020-10-01"),
    (b"x-ratelimit-limit-requests", b"10000"),
    (b"x-ratelimit-remaining-requests", b"9999"),
    (b"x-ratelimit-reset-requests", b"6ms"),
    (b"x-ratelimit-limit-tokens", b"2000000"),
    (b"x-ratelimit-remaining-tokens", b"1999000"),
    (b"x-ratelimit-reset-tokens", b"6m0s"),
)


def assistants(common: list[Route]) -> Dialect:
    """`common`: the routes that every dialect has."""
    return Dialect(
        routes=[route for module in MODULES for route in module.routes.routes] + common,
        who_asks=access.who_asks,
        refuse=refuse,
        unknown=unknown_path,
        upload_path=files.UPLOAD_PATH,
        log_header=b"x-request-id",
        more_headers=LIMITS,
    )
