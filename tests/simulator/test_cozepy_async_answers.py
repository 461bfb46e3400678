"""The vendor's own Python client, asynchronous: it answers what waits for a person."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from cozepy import (
    AsyncCoze,
    AsyncHTTPClient,
    AsyncTokenAuth,
    ChatEvent,
    ChatEventType,
    ChatStatus,
    CozeAPIError,
    MessageType,
    ToolOutput,
    WorkflowEvent,
    WorkflowExecuteStatus,
)

from tests.simulator.process import APP_ID, BOT_IDS, CITY_WEATHER_ID, TRAVEL_FLOW_ID, SimulatorProcess
from tests.simulator.vendor import as_question


@pytest.fixture
async def coze(simulator: SimulatorProcess) -> AsyncIterator[AsyncCoze]:
    async with AsyncHTTPClient(trust_env=False) as http:
        yield AsyncCoze(AsyncTokenAuth(simulator.token), simulator.url, http_client=http)


def answers(events: list[ChatEvent]) -> str:
    done = [event.message for event in events if event.event == ChatEventType.CONVERSATION_MESSAGE_COMPLETED]
    return "\n".join(message.content for message in done if message.type == MessageType.ANSWER)


async def test_two_calls_then_a_second_round(coze: AsyncCoze, simulator: SimulatorProcess) -> None:
    stream = coze.chat.stream(
        bot_id=BOT_IDS["Weather"],
        user_id="u1",
        additional_messages=as_question("Rain in Rome? call=infos,book/rain"),
    )
    events = [event async for event in stream]
    seen: set[str] = set()
    for count in (2, 1):
        chat = events[-1].chat
        calls = chat.required_action.submit_tool_outputs.tool_calls
        assert len(calls) == count
        assert not seen & {call.id for call in calls}
        seen |= {call.id for call in calls}
        submitted = coze.chat.submit_tool_outputs_stream(
            conversation_id=chat.conversation_id,
            chat_id=chat.id,
            tool_outputs=[ToolOutput(tool_call_id=call.id, output="no") for call in calls],
        )
        events = [event async for event in submitted]
    assert events[-1].event == ChatEventType.CONVERSATION_CHAT_COMPLETED
    assert answers(events).endswith("For Rome the tool says: no")
    assert simulator.chat(events[-1].chat.id)["accepted"] == 2


async def test_a_submit_without_a_stream(coze: AsyncCoze, simulator: SimulatorProcess) -> None:
    chat = await coze.chat.create(
        bot_id=BOT_IDS["Weather"], user_id="u1", additional_messages=as_question("Rain in Rome?")
    )
    ids = {"conversation_id": chat.conversation_id, "chat_id": chat.id}
    await asyncio.to_thread(simulator.until, chat.id, "requires_action")
    chat = await coze.chat.retrieve(**ids)
    (call,) = chat.required_action.submit_tool_outputs.tool_calls
    outputs = [ToolOutput(tool_call_id=call.id, output="1")]
    chat = await coze.chat.submit_tool_outputs(**ids, tool_outputs=outputs)
    assert chat.status == ChatStatus.IN_PROGRESS
    await asyncio.to_thread(simulator.until, chat.id, "completed")
    with pytest.raises(CozeAPIError) as refused:
        await coze.chat.submit_tool_outputs(**ids, tool_outputs=outputs)
    assert refused.value.code == 4000


async def test_a_workflow_asks_again_and_again(coze: AsyncCoze) -> None:
    async def resume(last: WorkflowEvent, reply: str) -> list[WorkflowEvent]:
        waiting = last.interrupt.interrupt_data
        stream = coze.workflows.runs.resume(
            workflow_id=CITY_WEATHER_ID,
            event_id=waiting.event_id,
            resume_data=reply,
            interrupt_type=waiting.type,
        )
        return [event async for event in stream]

    parameters = {"city": "ask=signin,form"}
    stream = coze.workflows.runs.stream(workflow_id=CITY_WEATHER_ID, parameters=parameters)
    events = [event async for event in stream]
    event_ids = set()
    form = {"city": "Oslo", "start": "2026-12-24", "guest": {"name": "Ann"}}
    for reply in ("", '{"city":"Oslo"}', json.dumps(form)):
        event_ids.add(events[-1].interrupt.interrupt_data.event_id)
        events = await resume(events[-1], reply)
    assert "Ann" in next(event.message.content for event in events if event.message.node_title == "End")
    assert len(event_ids) == 3


async def test_a_run_in_the_background_is_polled(coze: AsyncCoze, simulator: SimulatorProcess) -> None:
    started = await coze.workflows.runs.create(
        workflow_id=CITY_WEATHER_ID, parameters={"city": "Oslo", "date": "today"}, is_async=True
    )
    await asyncio.to_thread(simulator.until_run, started.execute_id, "Success")
    history = await coze.workflows.runs.run_histories.retrieve(
        workflow_id=CITY_WEATHER_ID, execute_id=started.execute_id
    )
    assert history.execute_status == WorkflowExecuteStatus.SUCCESS
    assert "rain in Oslo" in history.output


async def test_a_chatflow_with_a_question_and_a_form(coze: AsyncCoze) -> None:
    conversation_id = None
    for text in ("Plan a trip", "Kyoto", "days:2\nstart:2026-12-24"):
        stream = coze.workflows.chat.stream(
            workflow_id=TRAVEL_FLOW_ID,
            app_id=APP_ID,
            conversation_id=conversation_id,
            additional_messages=as_question(text),
        )
        events = [event async for event in stream]
        conversation_id = events[0].chat.conversation_id
    assert answers(events).startswith("# 2 days in Kyoto")
