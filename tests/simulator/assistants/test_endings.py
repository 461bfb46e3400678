"""How runs end other than well, and what the official client makes of it."""

from __future__ import annotations

import httpx2
import pytest
from openai import (
    APIError,
    APIStatusError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    RateLimitError,
)

from tests.simulator.assistants.asking import (
    assistant_id,
    new_thread,
    outputs_of,
    run_of,
    text_of,
    texts_of,
)
from tests.simulator.process import SimulatorProcess


def stream_names(openai: OpenAI, thread: str, bot: str = "Echo") -> list[str]:
    with openai.beta.threads.runs.stream(thread_id=thread, assistant_id=assistant_id(bot)) as stream:
        return [event.event for event in stream]


@pytest.mark.parametrize(
    ("said", "code"),
    [("error=5000", "server_error"), ("error=4028", "rate_limit_exceeded"), ("error=4000", "invalid_prompt")],
)
def test_a_failed_run_says_why_and_leaves_half_a_message(openai: OpenAI, said: str, code: str):
    thread = new_thread(openai, said)
    run = run_of(openai, thread)
    assert run.status == "failed" and run.failed_at is not None and run.usage is not None
    assert run.last_error is not None and (run.last_error.code, bool(run.last_error.message)) == (code, True)
    (half,) = openai.beta.threads.messages.list(thread, run_id=run.id)
    assert half.status == "incomplete" and text_of(half) == "This answer will not come to its end"
    assert half.incomplete_details is not None and half.incomplete_details.reason == "run_failed"


def test_a_failure_is_told_on_the_stream(openai: OpenAI):
    assert stream_names(openai, new_thread(openai, "fail"), "Trouble")[-3:] == [
        "thread.message.incomplete",
        "thread.run.step.failed",
        "thread.run.failed",
    ]


def test_an_error_event_breaks_the_stream(openai: OpenAI):
    with pytest.raises(APIError, match="internal server error"):
        stream_names(openai, new_thread(openai, "error_event=5000"))


def test_a_limit_of_tokens_ends_incomplete(openai: OpenAI):
    run = run_of(openai, new_thread(openai, "tokens=50"), max_completion_tokens=3)
    assert run.status == "incomplete" and run.incomplete_details is not None
    assert run.incomplete_details.reason == "max_completion_tokens"
    thread = new_thread(openai, "tokens=50 cut_after=3")
    assert stream_names(openai, thread)[-1] == "thread.run.incomplete"
    (message,) = openai.beta.threads.messages.list(thread, limit=1).data
    assert (message.status, text_of(message)) == ("incomplete", "w0 w1 w2 ")


def test_a_run_nobody_answers_expires_and_frees_its_thread(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "Rain in Oslo? expires=0.1")
    run = run_of(openai, thread, "Weather")
    service.until(run.id, "expired")
    gone = openai.beta.threads.runs.retrieve(run.id, thread_id=thread)
    assert gone.status == "expired" and gone.last_error is None and gone.required_action is None
    (step,) = openai.beta.threads.runs.steps.list(run.id, thread_id=thread)
    assert step.status == "expired" and step.expired_at is not None
    with pytest.raises(BadRequestError, match='Runs in status "expired"'):
        openai.beta.threads.runs.submit_tool_outputs(run.id, thread_id=thread, tool_outputs=outputs_of(run))
    openai.beta.threads.messages.create(thread, role="user", content="Well then")


def test_the_control_endpoint_expires_at_once(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "Rain in Oslo?")
    run = run_of(openai, thread, "Weather")
    assert run.expires_at is not None and 590 <= run.expires_at - run.created_at <= 600
    service.expire(run.id)
    assert openai.beta.threads.runs.retrieve(run.id, thread_id=thread).status == "expired"


def test_a_cancelled_stream_tells_what_became_of_the_answer(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "tokens=50 hold=middle hold_at=delta:5")
    names = []
    with openai.beta.threads.runs.stream(thread_id=thread, assistant_id=assistant_id("Echo")) as stream:
        for event in stream:
            names.append(event.event)
            if event.event == "thread.run.in_progress":
                service.reached("middle")
                openai.beta.threads.runs.cancel(event.data.id, thread_id=thread)
    assert names[-4:] == [
        "thread.run.cancelling",
        "thread.message.incomplete",
        "thread.run.step.cancelled",
        "thread.run.cancelled",
    ]


def test_a_cancel_may_take_its_time(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "Rain in Oslo? hold=slow hold_at=cancelling")
    run = run_of(openai, thread, "Weather")
    openai.beta.threads.runs.cancel(run.id, thread_id=thread)
    service.reached("slow")
    assert openai.beta.threads.runs.retrieve(run.id, thread_id=thread).status == "cancelling"
    with pytest.raises(BadRequestError, match="already has an active run"):
        openai.beta.threads.runs.create(thread_id=thread, assistant_id=assistant_id("Echo"))
    service.release("slow")
    service.until(run.id, "canceled")
    assert openai.beta.threads.runs.retrieve(run.id, thread_id=thread).status == "cancelled"


def test_refusals_come_as_statuses_with_their_envelope(openai: OpenAI, service: SimulatorProcess):
    with pytest.raises(RateLimitError) as told:
        run_of(openai, new_thread(openai, "refuse=429"))
    assert told.value.response.headers["retry-after"] == "1" and told.value.request_id
    with pytest.raises(APIStatusError) as down:
        run_of(openai, new_thread(openai, "refuse=503"))
    assert down.value.status_code == 503
    service.fault("/v1/threads/*/runs", method="POST", code=4028)
    with pytest.raises(RateLimitError) as broke:
        run_of(openai, new_thread(openai, "Hi"))
    assert broke.value.code == "insufficient_quota"


def test_refused_outputs_wait_on(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "Rain in Oslo? refuse_submit=500:1")
    run = run_of(openai, thread, "Weather")
    with pytest.raises(APIStatusError):
        openai.beta.threads.runs.submit_tool_outputs(run.id, thread_id=thread, tool_outputs=outputs_of(run))
    openai.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread, tool_outputs=outputs_of(run), poll_interval_ms=20
    )
    entry = service.chat(run.id)
    assert (entry["status"], entry["accepted"], entry["refused"]) == ("completed", 1, 1)


def test_another_client_may_hold_the_thread(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "busy busy_for=60")
    with pytest.raises(BadRequestError, match="already has an active run"):
        openai.beta.threads.runs.create(thread_id=thread, assistant_id=assistant_id("Trouble"))
    (theirs,) = openai.beta.threads.runs.list(thread)
    assert theirs.status == "in_progress"
    service.vacate(thread)
    assert run_of(openai, thread, "Trouble").status == "completed"


def test_a_lost_stream_does_not_lose_the_run(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "tokens=200 drop_after=3000")
    with pytest.raises(httpx2.RemoteProtocolError):
        stream_names(openai, thread)
    (run,) = openai.beta.threads.runs.list(thread)
    service.settled(run.id)
    assert texts_of(openai, thread, run_id=run.id) == [service.answer(run.id)]


@pytest.mark.parametrize("what", ["thread", "run", "assistant", "message"])
def test_what_is_not_there_is_404(openai: OpenAI, what: str):
    thread = new_thread(openai, "Hi")
    calls = {
        "thread": lambda: openai.beta.threads.retrieve("thread_none"),
        "run": lambda: openai.beta.threads.runs.retrieve("run_none", thread_id=thread),
        "assistant": lambda: openai.beta.threads.runs.create(thread_id=thread, assistant_id="asst_none"),
        "message": lambda: openai.beta.threads.messages.retrieve("msg_none", thread_id=thread),
    }
    with pytest.raises(NotFoundError, match=f"No {what} found with id '.*_none'"):
        calls[what]()


@pytest.mark.parametrize(
    "wrong",
    [
        {"thread": "thread_1"},
        {"thread": {"messages": [{"role": "user", "content": []}]}},
        {"max_completion_tokens": 0},
        {"metadata": {"turn": 1}},
    ],
)
def test_a_body_that_makes_no_sense_leaves_nothing_behind(
    openai: OpenAI, service: SimulatorProcess, wrong: dict[str, object]
):
    body = {"assistant_id": assistant_id("Echo"), "thread": {"messages": []}, **wrong}
    headers = {"Authorization": f"Bearer {service.token}", "OpenAI-Beta": "assistants=v2"}
    with httpx2.Client(base_url=service.url, headers=headers, trust_env=False) as http:
        assert http.post("/v1/threads/runs", json=body).status_code == 400
    assert service.conversations() == [] and service.chats() == []
