"""City weather started, resumed and looked up in one line."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.simulator.asking import read_events
from tests.simulator.process import CITY_WEATHER_ID


def start(http: httpx.Client, said: str, path: str = "stream_run", **fields: Any) -> httpx.Response:
    """`said` is the value of the start parameter city."""
    body = {"workflow_id": CITY_WEATHER_ID, "parameters": {"city": said}, **fields}
    return http.post(f"/v1/workflow/{path}", json=body)


def resume(
    http: httpx.Client, waiting: dict[str, Any], reply: str, path: str = "workflow/stream_resume"
) -> httpx.Response:
    body = {
        "workflow_id": CITY_WEATHER_ID,
        "event_id": waiting["event_id"],
        "interrupt_type": waiting["type"],
        "resume_data": reply,
    }
    return http.post(f"/v1/{path}", json=body)


def interrupt(answer: httpx.Response) -> dict[str, Any]:
    name, data = read_events(answer.text)[-1]
    assert name == "Interrupt", answer.text
    return dict(data["interrupt_data"])


def told(answer: httpx.Response) -> dict[str, Any]:
    """What the kinds of `ask=` were answered, as the end node says it."""
    events = read_events(answer.text)
    assert events[-1][0] == "Done", answer.text
    return dict(json.loads(json.loads(events[-2][1]["content"])["output"]))


def history(http: httpx.Client, execute_id: str) -> dict[str, Any]:
    path = f"/v1/workflows/{CITY_WEATHER_ID}/run_histories/{execute_id}"
    (found,) = http.get(path).json()["data"]
    return dict(found)
