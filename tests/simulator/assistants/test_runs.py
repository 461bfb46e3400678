"""Runs as the official client drives them: streamed and polled, with calls of tools, cancelled, locked."""

from __future__ import annotations

import pytest
from openai import BadRequestError, OpenAI

from tests.simulator.assistants.asking import (
    assistant_id,
    calls_of,
    new_thread,
    outputs_of,
    run_of,
    text_of,
    texts_of,
)
from tests.simulator.process import SimulatorProcess


def test_a_streamed_answer_has_the_events_of_the_documentation(openai: OpenAI):
    thread = new_thread(openai, "Hi **you** 你好")
    with openai.beta.threads.runs.stream(thread_id=thread, assistant_id=assistant_id("Echo")) as stream:
        names = [event.event for event in stream]
    assert [name for name in names if name != "thread.message.delta"] == [
        "thread.run.created",
        "thread.run.queued",
        "thread.run.in_progress",
        "thread.run.step.created",
        "thread.run.step.in_progress",
        "thread.message.created",
        "thread.message.in_progress",
        "thread.message.completed",
        "thread.run.step.completed",
        "thread.run.completed",
    ]
    run, (message,) = stream.get_final_run(), stream.get_final_messages()
    assert text_of(message) == "Hi **you** 你好" and message.run_id == run.id
    assert run.status == "completed" and run.usage is not None and run.usage.completion_tokens > 0


def test_deltas_add_up_to_the_message(openai: OpenAI):
    thread = new_thread(openai, "Tell tokens=60")
    with openai.beta.threads.runs.stream(thread_id=thread, assistant_id=assistant_id("Echo")) as stream:
        text = "".join(stream.text_deltas)
    assert text.startswith("w0 w1 ") and text == texts_of(openai, thread)[-1]


def test_polled_run_that_calls_two_tools_at_once(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "Compare Oslo and Rome")
    run = run_of(openai, thread, "Weather")
    assert [call.function.arguments for call in calls_of(run)] == [
        '{"location":"Oslo"}',
        '{"location":"Rome"}',
    ]
    done = openai.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread, tool_outputs=outputs_of(run), poll_interval_ms=20
    )
    assert done.status == "completed"
    assert texts_of(openai, thread, run_id=run.id) == [
        "The probability of rain in Oslo is 30%. The probability of rain in Rome is 30%."
    ]
    assert service.chat(run.id)["accepted"] == 1


def test_streamed_run_with_two_rounds_of_calls(openai: OpenAI):
    thread = new_thread(openai, "Oslo then Rome")
    with openai.beta.threads.runs.stream(thread_id=thread, assistant_id=assistant_id("Weather")) as stream:
        run = stream.get_final_run()
    for place in ("Oslo", "Rome"):
        assert run.status == "requires_action"
        assert [call.function.arguments for call in calls_of(run)] == [f'{{"location":"{place}"}}']
        with openai.beta.threads.runs.submit_tool_outputs_stream(
            run_id=run.id, thread_id=thread, tool_outputs=outputs_of(run)
        ) as stream:
            names = [event.event for event in stream]
            run = stream.get_final_run()
        assert names[:3] == ["thread.run.step.completed", "thread.run.queued", "thread.run.in_progress"]
    assert run.status == "completed"


def test_outputs_come_all_at_once_or_are_refused(openai: OpenAI, service: SimulatorProcess):
    thread = new_thread(openai, "Compare Oslo and Rome")
    run = run_of(openai, thread, "Weather")
    with pytest.raises(BadRequestError, match="Expected tool outputs for call_ids"):
        openai.beta.threads.runs.submit_tool_outputs(
            run.id, thread_id=thread, tool_outputs=outputs_of(run)[:1]
        )
    assert openai.beta.threads.runs.retrieve(run.id, thread_id=thread).status == "requires_action"
    assert service.chat(run.id)["refused"] == 1


def test_a_thread_is_locked_while_a_run_is_active_and_free_once_it_is_cancelled(
    openai: OpenAI, service: SimulatorProcess
):
    thread = new_thread(openai, "tokens=50 hold=middle hold_at=delta:5")
    run = openai.beta.threads.runs.create(thread_id=thread, assistant_id=assistant_id("Echo"))
    assert run.status == "queued"
    service.reached("middle")
    with pytest.raises(
        BadRequestError, match=f"Can't add messages to {thread} while a run {run.id} is active."
    ):
        openai.beta.threads.messages.create(thread, role="user", content="More")
    with pytest.raises(BadRequestError, match=f"already has an active run {run.id}"):
        openai.beta.threads.runs.create(thread_id=thread, assistant_id=assistant_id("Echo"))
    assert openai.beta.threads.runs.cancel(run.id, thread_id=thread).status == "cancelling"
    ended = openai.beta.threads.runs.poll(run.id, thread_id=thread, poll_interval_ms=20)
    assert ended.status == "cancelled" and ended.cancelled_at is not None
    (answer,) = openai.beta.threads.messages.list(thread, run_id=run.id)
    assert (answer.status, text_of(answer)) == ("incomplete", "w0 w1 w2 w3 w4 ")
    openai.beta.threads.messages.create(thread, role="user", content="More")
    assert run_of(openai, thread).status == "completed"


def test_a_waiting_run_can_be_cancelled(openai: OpenAI):
    thread = new_thread(openai, "Rain in Oslo?")
    run = run_of(openai, thread, "Weather")
    openai.beta.threads.runs.cancel(run.id, thread_id=thread)
    ended = openai.beta.threads.runs.poll(run.id, thread_id=thread, poll_interval_ms=20)
    assert ended.status == "cancelled" and ended.required_action is None
    with pytest.raises(BadRequestError, match='Runs in status "cancelled" do not accept tool outputs'):
        openai.beta.threads.runs.submit_tool_outputs(run.id, thread_id=thread, tool_outputs=outputs_of(run))
    with pytest.raises(BadRequestError, match="Cannot cancel run with status 'cancelled'"):
        openai.beta.threads.runs.cancel(run.id, thread_id=thread)
