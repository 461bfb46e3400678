"""`manage.py replay --dialect assistants` over bodies that the simulated service really sent."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import call_command

from tests.simulator.assistants.asking import RAIN, assistant_id
from tests.simulator.process import SimulatorProcess

Json = dict[str, Any]
Replay = Callable[..., Json]
CHUNKS = (65536, 7, 1)


@pytest.fixture
def http(service: SimulatorProcess) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {service.token}", "OpenAI-Beta": "assistants=v2"}
    with httpx.Client(base_url=f"{service.url}/v1", headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    """What is concluded, however the bytes are cut."""

    def conclude(answer: httpx.Response, call: str = "chat", received: bytes | None = None) -> Json:
        path = tmp_path / "body"
        path.write_bytes(answer.content if received is None else received)
        reports = []
        for chunk in CHUNKS:
            out = io.StringIO()
            options = ["--http-status", str(answer.status_code), "--chunk", str(chunk), "--call", call]
            kind = answer.headers.get("content-type", "")
            call_command(
                "replay", str(path), "--dialect", "assistants", "--content-type", kind, *options, stdout=out
            )
            reports.append(json.loads(out.getvalue()))
        assert reports[0] == reports[1] == reports[2]
        return dict(reports[0])

    return conclude


def question(http: httpx.Client, text: str, bot: str = "Echo", *, stream: bool = True) -> httpx.Request:
    """A run in a thread of its own."""
    message = {"role": "user", "content": text}
    thread = http.post("/threads", json={"messages": [message]}).json()["id"]
    body = {"assistant_id": assistant_id(bot), "stream": stream}
    return http.build_request("POST", f"/threads/{thread}/runs", json=body)


def ask(http: httpx.Client, text: str, bot: str = "Echo", *, stream: bool = True) -> httpx.Response:
    return http.send(question(http, text, bot, stream=stream))


def submit(http: httpx.Client, report: Json, *, stream: bool = True) -> httpx.Response:
    given = [{"tool_call_id": call["id"], "output": RAIN} for call in report["tool_calls"]]
    path = f"/threads/{report['conversation_id']}/runs/{report['chat_id']}/submit_tool_outputs"
    return http.post(path, json={"tool_outputs": given, "stream": stream})


SPELLINGS = (
    "", "crlf", "cr", "space", "no_blank_lines", "comments", "ids", "retry", "multi_data", "bom",
    "surrogates", "split_utf8", "completed_only", "completed_twice", "completed_differs", "unknown_event",
    "ping", "no_done", "done_plain", "done_empty", "done_object", "no_last_newline",
)  # fmt: skip


@pytest.mark.parametrize("quirk", SPELLINGS)
def test_an_answer_is_the_one_on_record_however_it_is_spelled(
    http: httpx.Client, replay: Replay, service: SimulatorProcess, quirk: str
):
    report = replay(ask(http, f"Hello tokens=40 quirk={quirk or 'none'}"))
    (run,) = service.chats()
    assert (report["status"], report["error"]) == ("completed", None)
    assert report["answers"] == [service.answer(run["id"])]
    assert (report["chat_id"], report["conversation_id"]) == (run["id"], run["conversation_id"])
    assert report["usage"]["output_count"] == 40


@pytest.mark.parametrize(
    ("bot", "question"),
    [
        ("Showcase", "Show me everything"),
        ("Reasoner", "Why?"),
        ("Trouble", "Hello"),
        ("Echo", "Hi answers=3"),
    ],
)
def test_every_answer_of_a_run_is_there(
    http: httpx.Client, replay: Replay, service: SimulatorProcess, bot: str, question: str
):
    report = replay(ask(http, question, bot))
    (run,) = service.chats()
    assert "\n\n".join(report["answers"]) == service.answer(run["id"])
    assert report["status"] == "completed" and report["reasoning"] == ""


@pytest.mark.parametrize("stream", [True, False])
def test_calls_and_their_second_leg(
    http: httpx.Client, replay: Replay, service: SimulatorProcess, stream: bool
):
    report = replay(ask(http, "Compare Oslo and Rome", "Weather", stream=stream))
    (run,) = service.chats()
    if not stream:
        assert report["status"] == "in_progress"
        service.until(run["id"], "requires_action")
        path = f"/threads/{run['conversation_id']}/runs/{run['id']}"
        report = replay(http.get(path), "retrieve")
    assert report["status"] == "requires_action"
    assert [call["arguments"] for call in report["tool_calls"]] == [
        '{"location":"Oslo"}',
        '{"location":"Rome"}',
    ]
    told = replay(submit(http, report, stream=stream), "submit")
    assert told["chat_id"] == run["id"]
    if stream:
        assert (told["status"], told["answers"]) == ("completed", [service.answer(run["id"])])
    service.until(run["id"], "completed")
    listed = http.get(f"/threads/{run['conversation_id']}/messages", params={"run_id": run["id"]})
    assert replay(listed, "messages")["answers"] == [service.answer(run["id"])]


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ("error=5000", "failed", "server_error"),
        ("error=4028", "failed", "rate_limit_exceeded"),
        ("error_event=5000", "error", None),
        ("refuse=429", "error", None),
        ("refuse=4100", "error", "invalid_api_key"),
        ("refuse=5000 quirk=json_as_stream", "error", None),
    ],
)
def test_failures_keep_their_code(
    http: httpx.Client, replay: Replay, said: str, status: str, code: str | None
):
    report = replay(ask(http, said))
    assert report["status"] == status and report["error"]["msg"]
    assert report["error"]["code"] == code


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ("tokens=9 drop_after=2500", None),
        ("tokens=9 quirk=no_final,no_done", ["w0 w1 w2 w3 w4 w5 字6 w7 w8 "]),
        ("tokens=9 quirk=empty", []),
    ],
)
def test_a_stream_that_breaks_off_is_lost_not_over(
    http: httpx.Client, replay: Replay, said: str, answers: list[str] | None
):
    received = b""
    answer = http.send(question(http, said), stream=True)
    with suppress(httpx.RemoteProtocolError):
        for part in answer.iter_raw():
            received += part
    report = replay(answer, received=received)
    assert report["status"] == "lost"
    if answers is not None:
        assert report["answers"] == answers


def test_a_stream_answered_by_json_is_a_run_under_way(http: httpx.Client, replay: Replay):
    report = replay(ask(http, "Hi quirk=json_instead"))
    assert report["status"] == "in_progress" and report["chat_id"].startswith("run_")


def test_an_incomplete_run_is_done(http: httpx.Client, replay: Replay):
    report = replay(ask(http, "tokens=9 cut_after=3"))
    assert (report["status"], report["answers"]) == ("completed", ["w0 w1 w2 "])


def test_an_expired_and_a_cancelled_run(http: httpx.Client, replay: Replay, service: SimulatorProcess):
    for end, status in (("expire", "failed"), ("cancel", "canceled")):
        report = replay(ask(http, "Rain in Oslo?", "Weather"))
        path = f"/threads/{report['conversation_id']}/runs/{report['chat_id']}"
        if end == "expire":
            service.expire(report["chat_id"])
        else:
            told = replay(http.post(f"{path}/cancel", json={}), "cancel")
            assert told["status"] == "in_progress"
            service.until(report["chat_id"], "canceled")
        assert replay(http.get(path), "retrieve")["status"] == status
