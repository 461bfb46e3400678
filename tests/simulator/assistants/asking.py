"""Threads and runs with the official client in one line."""

from __future__ import annotations

from typing import Any

from openai import OpenAI
from openai.types.beta.threads import Message, Run

from tests.simulator.process import BOT_IDS

RAIN = '{"probability": 0.3}'


def assistant_id(name: str) -> str:
    return f"asst_{BOT_IDS[name]}"


def new_thread(openai: OpenAI, *texts: str) -> str:
    thread = openai.beta.threads.create(messages=[{"role": "user", "content": text} for text in texts])
    return thread.id


def run_of(openai: OpenAI, thread_id: str, bot: str = "Echo", **fields: Any) -> Run:
    """Until it needs somebody or is over."""
    return openai.beta.threads.runs.create_and_poll(
        thread_id=thread_id, assistant_id=assistant_id(bot), poll_interval_ms=20, **fields
    )


def calls_of(run: Run) -> list[Any]:
    assert run.required_action is not None, run
    return list(run.required_action.submit_tool_outputs.tool_calls)


def outputs_of(run: Run, output: str = RAIN) -> list[Any]:
    """The same output for every call."""
    return [{"tool_call_id": call.id, "output": output} for call in calls_of(run)]


def text_of(message: Message) -> str:
    return "".join(part.text.value for part in message.content if part.type == "text")


def texts_of(openai: OpenAI, thread_id: str, **query: Any) -> list[str]:
    """Oldest first."""
    return [text_of(each) for each in openai.beta.threads.messages.list(thread_id, order="asc", **query)]
