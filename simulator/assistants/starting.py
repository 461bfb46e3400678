"""Starts a leg of a run and answers with its stream or, where none is asked for or known, with the run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.assistants.performing import perform
from simulator.assistants.records import ThreadRun
from simulator.assistants.stage import RunStage
from simulator.assistants.versions import is_old
from simulator.assistants.wire import run_object
from simulator.directives import Directives
from simulator.outlet import Outlet, nowhere
from simulator.performing import Part
from simulator.routing import Answer, Reply, Request, Streamed
from simulator.simulator import Simulator

POLL_AFTER_MS = "100"


def wants_stream(simulator: Simulator, request: Request, body: dict[str, Any]) -> bool:
    """v1 passes over `stream`."""
    return body.get("stream") is True and not is_old(simulator, request)


def run_reply(simulator: Simulator, request: Request, run: ThreadRun) -> Reply:
    reply = Reply.json(run_object(run, is_old(simulator, request)))
    reply.headers = {"openai-poll-after-ms": POLL_AFTER_MS}
    return reply


async def start_leg(
    simulator: Simulator,
    request: Request,
    run: ThreadRun,
    directives: Directives,
    part: Part,
    first_events: bytes | None,
    is_streamed: bool,
) -> Answer:
    """`first_events`: what comes before those of the run; None for a later leg."""
    quirks = directives.quirks
    is_listened_to = is_streamed and not quirks & {"html_502", "json_instead"}
    if "empty" in quirks:
        directives = replace(directives, drop_after=0)
    outlet = Outlet(directives.drop_after, "split_utf8" in quirks) if is_listened_to else nowhere()
    outlet.write(first_events or b"")
    stage = RunStage(simulator, run, outlet, directives)
    simulator.enter(stage)
    await stage.hold("accepted")
    reply = run_reply(simulator, request, run)
    simulator.spawn(perform(stage, part, is_first_leg=first_events is not None))
    if is_listened_to:
        return Streamed(outlet)
    if is_streamed and "html_502" in quirks:
        return Reply(b"<html><body><h1>502 Bad Gateway</h1></body></html>", 502, "text/html")
    return reply
