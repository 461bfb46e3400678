"""The vendor's own Python client, asynchronous, against the simulator."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from cozepy import (
    AsyncCoze,
    AsyncHTTPClient,
    AsyncTokenAuth,
    ChatEventType,
    ChatStatus,
    CozeAPIError,
    MessageType,
    ToolOutput,
    VariableValue,
    WorkflowEventType,
)

from tests.simulator.process import (
    BOT_IDS,
    CITY_WEATHER_ID,
    TRAVEL_FLOW_ID,
    WORKSPACE_ID,
    SimulatorProcess,
)
from tests.simulator.vendor import as_question


@pytest.fixture
async def coze(simulator: SimulatorProcess) -> AsyncIterator[AsyncCoze]:
    async with AsyncHTTPClient(trust_env=False) as http:
        yield AsyncCoze(AsyncTokenAuth(simulator.token), simulator.url, http_client=http)


async def test_a_streamed_chat(coze: AsyncCoze) -> None:
    stream = coze.chat.stream(
        bot_id=BOT_IDS["Echo"], user_id="u1", additional_messages=as_question("Hello 你好")
    )
    events = [event async for event in stream]
    deltas = [
        event.message.content for event in events if event.event == ChatEventType.CONVERSATION_MESSAGE_DELTA
    ]
    assert "".join(deltas) == "Hello 你好"
    assert events[-1].chat.status == ChatStatus.COMPLETED


async def test_create_retrieve_and_list(coze: AsyncCoze, simulator: SimulatorProcess) -> None:
    chat = await coze.chat.create(bot_id=BOT_IDS["Echo"], user_id="u1", additional_messages=as_question("Hi"))
    assert chat.status == ChatStatus.IN_PROGRESS
    await asyncio.to_thread(simulator.settled, chat.id)
    ids = {"conversation_id": chat.conversation_id, "chat_id": chat.id}
    assert (await coze.chat.retrieve(**ids)).status == ChatStatus.COMPLETED
    messages = await coze.chat.messages.list(**ids)
    assert [message.content for message in messages if message.type == MessageType.ANSWER] == ["Hi"]


async def test_two_tool_calls_in_one_interrupt(coze: AsyncCoze) -> None:
    stream = coze.chat.stream(
        bot_id=BOT_IDS["Weather"], user_id="u1", additional_messages=as_question("compare Oslo and Rome")
    )
    events = [event async for event in stream]
    chat = events[-1].chat
    calls = chat.required_action.submit_tool_outputs.tool_calls
    assert len(calls) == 2
    outputs = [ToolOutput(tool_call_id=call.id, output='{"probability":1}') for call in reversed(calls)]
    stream = coze.chat.submit_tool_outputs_stream(
        conversation_id=chat.conversation_id, chat_id=chat.id, tool_outputs=outputs
    )
    events = [event async for event in stream]
    assert events[-1].event == ChatEventType.CONVERSATION_CHAT_COMPLETED


async def test_cancel(coze: AsyncCoze, simulator: SimulatorProcess) -> None:
    chat = await coze.chat.create(
        bot_id=BOT_IDS["Echo"], user_id="u1", additional_messages=as_question("hold=h1 hold_at=created")
    )
    await simulator.areached("h1")
    canceled = await coze.chat.cancel(conversation_id=chat.conversation_id, chat_id=chat.id)
    assert canceled.status == ChatStatus.CANCELED


async def test_conversations_and_messages(coze: AsyncCoze) -> None:
    conversation = await coze.conversations.create(bot_id=BOT_IDS["Echo"])
    await coze.conversations.update(conversation_id=conversation.id, name="A name")
    listed = await coze.conversations.list(bot_id=BOT_IDS["Echo"])
    assert [each.name async for each in listed] == ["A name"]
    for text in ("one", "two", "three"):
        await coze.conversations.messages.create(
            conversation_id=conversation.id, role="user", content=text, content_type="text"
        )
    pages = await coze.conversations.messages.list(conversation_id=conversation.id, limit=2)
    found = [message async for message in pages]
    assert [message.content for message in found] == ["three", "two", "one"]
    ids = {"conversation_id": conversation.id, "message_id": found[0].id}
    assert (await coze.conversations.messages.update(**ids, content="3")).content == "3"
    assert (await coze.conversations.messages.retrieve(**ids)).content == "3"
    await coze.conversations.messages.delete(**ids)
    await coze.conversations.clear(conversation_id=conversation.id)
    await coze.conversations.delete(conversation_id=conversation.id)
    with pytest.raises(CozeAPIError):
        await coze.conversations.retrieve(conversation_id=conversation.id)


async def test_the_rest_of_the_catalog(coze: AsyncCoze) -> None:
    bots = await coze.bots.list(space_id=WORKSPACE_ID, use_api_version=2)
    assert {bot.name: bot.id async for bot in bots} == BOT_IDS
    assert (await coze.bots.retrieve(bot_id=BOT_IDS["Travel"])).workflow_info_list[0].id == TRAVEL_FLOW_ID
    assert [each.id async for each in await coze.workspaces.list()] == [WORKSPACE_ID]
    assert (await coze.users.me()).user_name
    uploaded = await coze.files.upload(file=("a.pdf", b"%PDF"))
    assert (await coze.files.retrieve(file_id=uploaded.id)).bytes == 4
    scope = {"connector_uid": "u1", "bot_id": BOT_IDS["Weather"]}
    await coze.variables.update(**scope, data=[VariableValue(keyword="home_city", value="Oslo")])
    found = await coze.variables.retrieve(**scope, keywords=["home_city"])
    assert [each.value for each in found] == ["Oslo"]


async def test_workflow_and_chatflow(coze: AsyncCoze) -> None:
    stream = coze.workflows.runs.stream(workflow_id=CITY_WEATHER_ID, parameters={})
    events = [event async for event in stream]
    waiting = events[-1].interrupt.interrupt_data
    stream = coze.workflows.runs.resume(
        workflow_id=CITY_WEATHER_ID,
        event_id=waiting.event_id,
        resume_data="Oslo today",
        interrupt_type=waiting.type,
    )
    messages = [event.message async for event in stream if event.event == WorkflowEventType.MESSAGE]
    assert "rain in Oslo" in next(each.content for each in messages if each.node_title == "End")
    flow = coze.workflows.chat.stream(
        workflow_id=TRAVEL_FLOW_ID,
        bot_id=BOT_IDS["Travel"],
        additional_messages=as_question("Plan a trip"),
        ext={"enable_card": "true"},
    )
    events = [event async for event in flow]
    cards = [event.message for event in events if event.message and event.message.content_type == "card"]
    assert "Kyoto" in cards[0].content
    assert events[-1].event == ChatEventType.CONVERSATION_CHAT_REQUIRES_ACTION
