"""The relay of seed 004: v1, no streams, nothing that came later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.simulator.assistants.asking import assistant_id
from tests.simulator.process import SimulatorProcess, simulator_process

SEED_004 = {
    "id", "object", "created_at", "assistant_id", "thread_id", "status", "started_at", "expires_at",
    "cancelled_at", "failed_at", "completed_at", "last_error", "model", "instructions", "tools", "file_ids",
    "metadata",
}  # fmt: skip


@pytest.fixture(scope="module")
def relay() -> Iterator[SimulatorProcess]:
    with simulator_process(dialect="assistants-v1") as simulator:
        yield simulator


@pytest.fixture
def http(relay: SimulatorProcess) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {relay.token}", "OpenAI-Beta": "assistants=v2"}
    with httpx.Client(base_url=f"{relay.url}/v1", headers=headers, trust_env=False) as client:
        yield client


def begin(http: httpx.Client, text: str, bot: str = "Weather", **fields: Any) -> dict[str, Any]:
    thread = http.post("/threads", json={"messages": [{"role": "user", "content": text}]}).json()
    body = {"assistant_id": assistant_id(bot), **fields}
    answer = http.post(f"/threads/{thread['id']}/runs", json=body)
    assert answer.headers["content-type"].startswith("application/json"), answer.text
    return dict(answer.json())


def test_a_stream_is_not_given_and_the_run_is_shaped_as_in_the_seed(
    http: httpx.Client, relay: SimulatorProcess
):
    run = begin(http, "Rain in Oslo?", stream=True)
    assert set(run) - {"required_action"} == SEED_004 and run["status"] == "queued"
    assert run["expires_at"] - run["created_at"] in {599, 600}
    relay.until(run["id"], "requires_action")
    path = f"/threads/{run['thread_id']}/runs/{run['id']}"
    waiting = http.get(path).json()
    (call,) = waiting["required_action"]["submit_tool_outputs"]["tool_calls"]
    submitted = http.post(
        f"{path}/submit_tool_outputs",
        json={"tool_outputs": [{"tool_call_id": call["id"], "output": "28C"}], "stream": True},
    ).json()
    assert submitted["status"] == "queued" and submitted["required_action"] is None
    relay.until(run["id"], "completed")
    assert "usage" not in http.get(path).json()
    newest = http.get(f"/threads/{run['thread_id']}/messages", params={"run_id": "passed over"}).json()
    said = newest["data"][0]
    assert said["content"][0]["text"]["value"] == "For Oslo the tool says: 28C"
    assert said["file_ids"] == [] and "status" not in said and len(newest["data"]) == 2


def test_additional_messages_are_passed_over(http: httpx.Client, relay: SimulatorProcess):
    later = [{"role": "user", "content": "later"}]
    run = begin(http, "first", "Echo", additional_messages=later)
    relay.until(run["id"], "completed")
    assert relay.answer(run["id"]) == "first"


def test_files_by_file_ids(http: httpx.Client, relay: SimulatorProcess):
    upload = http.post("/files", data={"purpose": "assistants"}, files={"file": ("a.txt", b"abc")}).json()
    thread = http.post("/threads", json={}).json()
    message = http.post(
        f"/threads/{thread['id']}/messages",
        json={"role": "user", "content": "Read", "file_ids": [upload["id"]]},
    ).json()
    assert message["file_ids"] == [upload["id"]]
    body = {"assistant_id": assistant_id("Echo")}
    run = http.post(f"/threads/{thread['id']}/runs", json=body).json()
    relay.until(run["id"], "completed")
    assert relay.answer(run["id"]) == "Read\n[file: a.txt, 3 bytes]"


def test_messages_are_of_people_only_and_stay(http: httpx.Client):
    thread = http.post("/threads", json={"messages": [{"role": "user", "content": "Hi"}]}).json()
    path = f"/threads/{thread['id']}/messages"
    refused = http.post(path, json={"role": "assistant", "content": "Hello"})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "role")
    (message,) = http.get(path).json()["data"]
    assert http.delete(f"{path}/{message['id']}").status_code == 404
    assert len(http.get(path).json()["data"]) == 1
