"""What outlives the process: threads, waiting runs with their time, and what was being said."""

from __future__ import annotations

import time
from pathlib import Path

import httpx2
from openai import OpenAI

from tests.simulator.assistants.asking import (
    assistant_id,
    new_thread,
    outputs_of,
    run_of,
    text_of,
    texts_of,
)
from tests.simulator.process import SimulatorProcess, simulator_process


def client_of(service: SimulatorProcess, http: httpx2.Client) -> OpenAI:
    return OpenAI(api_key=service.token, base_url=f"{service.url}/v1", max_retries=0, http_client=http)


def test_a_restart_fails_what_ran_and_keeps_what_waits(tmp_path: Path):
    state = tmp_path / "state.jsonl"
    with httpx2.Client(trust_env=False) as http:
        with simulator_process(dialect="assistants", state=state) as service:
            openai = client_of(service, http)
            waiting = run_of(openai, new_thread(openai, "Rain in Oslo?"), "Weather")
            late = run_of(openai, new_thread(openai, "Rain in Rome? expires=0.3"), "Weather")
            thread = new_thread(openai, "tokens=9 hold=middle hold_at=delta:5")
            running = openai.beta.threads.runs.create(thread_id=thread, assistant_id=assistant_id("Echo"))
            service.reached("middle")
        time.sleep(0.3)  # the time that `late` has
        with simulator_process(dialect="assistants", state=state) as service:
            openai = client_of(service, http)
            failed = openai.beta.threads.runs.retrieve(running.id, thread_id=thread)
            assert failed.status == "failed" and failed.last_error is not None
            (half,) = openai.beta.threads.messages.list(thread, run_id=running.id)
            assert half.status == "incomplete" and text_of(half) == ""
            gone = openai.beta.threads.runs.retrieve(late.id, thread_id=late.thread_id)
            assert gone.status == "expired"
            openai.beta.threads.runs.submit_tool_outputs_and_poll(
                run_id=waiting.id,
                thread_id=waiting.thread_id,
                tool_outputs=outputs_of(waiting),
                poll_interval_ms=20,
            )
            assert texts_of(openai, waiting.thread_id, run_id=waiting.id) == [
                "The probability of rain in Oslo is 30%."
            ]
