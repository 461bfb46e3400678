"""The same by the asynchronous client: streams, outputs on a stream, polling."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from openai import AsyncOpenAI

from tests.simulator.assistants.asking import assistant_id, outputs_of, text_of
from tests.simulator.process import SimulatorProcess


@pytest.fixture
async def client(service: SimulatorProcess) -> AsyncIterator[AsyncOpenAI]:
    async with httpx2.AsyncClient(trust_env=False) as http:
        yield AsyncOpenAI(
            api_key=service.token, base_url=f"{service.url}/v1", max_retries=0, http_client=http
        )


async def ask(client: AsyncOpenAI, text: str) -> str:
    thread = await client.beta.threads.create(messages=[{"role": "user", "content": text}])
    return thread.id


async def test_a_streamed_answer(client: AsyncOpenAI):
    thread = await ask(client, "tokens=40")
    async with client.beta.threads.runs.stream(thread_id=thread, assistant_id=assistant_id("Echo")) as stream:
        text = "".join([part async for part in stream.text_deltas])
        (message,) = await stream.get_final_messages()
    assert text_of(message) == text and text.startswith("w0 ")


async def test_outputs_submitted_on_a_stream(client: AsyncOpenAI):
    thread = await ask(client, "Compare Oslo and Rome")
    async with client.beta.threads.runs.stream(
        thread_id=thread, assistant_id=assistant_id("Weather")
    ) as stream:
        run = await stream.get_final_run()
    assert run.status == "requires_action"
    async with client.beta.threads.runs.submit_tool_outputs_stream(
        run_id=run.id, thread_id=thread, tool_outputs=outputs_of(run)
    ) as stream:
        await stream.until_done()
        ended = await stream.get_final_run()
    assert (ended.id, ended.status) == (run.id, "completed")


async def test_polling(client: AsyncOpenAI):
    thread = await ask(client, "Rain in Oslo?")
    run = await client.beta.threads.runs.create_and_poll(
        thread_id=thread, assistant_id=assistant_id("Weather"), poll_interval_ms=20
    )
    ended = await client.beta.threads.runs.submit_tool_outputs_and_poll(
        run_id=run.id, thread_id=thread, tool_outputs=outputs_of(run), poll_interval_ms=20
    )
    page = await client.beta.threads.messages.list(thread, run_id=ended.id)
    assert [text_of(each) for each in page.data] == ["The probability of rain in Oslo is 30%."]
