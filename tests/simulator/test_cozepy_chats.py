"""The vendor's own Python client, synchronous, against the simulator: chats, workflows, chatflows."""

import pytest
from cozepy import (
    ChatEventType,
    ChatStatus,
    Coze,
    CozeAPIError,
    MessageType,
    ToolOutput,
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


def test_a_streamed_chat_brings_deltas_that_add_up(coze: Coze) -> None:
    events = list(
        coze.chat.stream(
            bot_id=BOT_IDS["Echo"], user_id="u1", additional_messages=as_question("你好 😀 # *x*\n\u2028\x85")
        )
    )
    assert events[0].event == ChatEventType.CONVERSATION_CHAT_CREATED
    assert events[1].event == ChatEventType.CONVERSATION_CHAT_IN_PROGRESS
    deltas = [event.message for event in events if event.event == ChatEventType.CONVERSATION_MESSAGE_DELTA]
    assert "".join(delta.content for delta in deltas) == "你好 😀 # *x*\n\u2028\x85"
    assert len({delta.id for delta in deltas}) == 1
    done = [event.message for event in events if event.event == ChatEventType.CONVERSATION_MESSAGE_COMPLETED]
    kinds = [message.type for message in done]
    assert kinds == [MessageType.ANSWER, MessageType.VERBOSE, *[MessageType.FOLLOW_UP] * 3]
    assert done[0].content == "你好 😀 # *x*\n\u2028\x85"
    last = events[-1]
    assert last.event == ChatEventType.CONVERSATION_CHAT_COMPLETED
    assert last.chat.status == ChatStatus.COMPLETED
    assert last.chat.usage.token_count == last.chat.usage.input_count + last.chat.usage.output_count > 0
    assert events[0].response.logid


def test_create_and_poll(coze: Coze) -> None:
    poll = coze.chat.create_and_poll(
        bot_id=BOT_IDS["Reasoner"], user_id="u1", additional_messages=as_question("Why?"), poll_timeout=20
    )
    assert poll.chat.status == ChatStatus.COMPLETED
    answers = [message for message in poll.messages if message.type == MessageType.ANSWER]
    assert len(answers) == 2
    assert "Why?" in answers[0].reasoning_content
    assert all(message.type != MessageType.QUESTION for message in poll.messages)


def test_tool_outputs_are_submitted_in_two_rounds(coze: Coze) -> None:
    events = list(
        coze.chat.stream(
            bot_id=BOT_IDS["Weather"],
            user_id="u1",
            additional_messages=as_question("Rain in Oslo, then Rome?"),
        )
    )
    answers = []
    for place in ("Oslo", "Rome"):
        assert events[-1].event == ChatEventType.CONVERSATION_CHAT_REQUIRES_ACTION
        chat = events[-1].chat
        (call,) = chat.required_action.submit_tool_outputs.tool_calls
        assert call.function.name == "get_rain_probability"
        assert place in call.function.arguments
        outputs = [ToolOutput(tool_call_id=call.id, output='{"probability": 0.5}')]
        events = list(
            coze.chat.submit_tool_outputs(
                conversation_id=chat.conversation_id, chat_id=chat.id, tool_outputs=outputs, stream=True
            )
        )
        assert events[0].event == ChatEventType.CONVERSATION_CHAT_IN_PROGRESS
        assert events[0].chat.id == chat.id
        completed = [event.message for event in events if event.message and event.message.created_at]
        assert completed[0].type == MessageType.TOOL_RESPONSE
        answers = [message.content for message in completed if message.type == MessageType.ANSWER]
    assert events[-1].event == ChatEventType.CONVERSATION_CHAT_COMPLETED
    expected = "The probability of rain in Oslo is 50%. The probability of rain in Rome is 50%."
    assert answers == [expected]


def test_tool_outputs_without_a_stream(coze: Coze) -> None:
    poll = coze.chat.create_and_poll(
        bot_id=BOT_IDS["Weather"],
        user_id="u1",
        additional_messages=as_question("compare A and B"),
        poll_timeout=20,
    )
    assert poll.chat.status == ChatStatus.REQUIRES_ACTION
    calls = poll.chat.required_action.submit_tool_outputs.tool_calls
    assert [call.function.arguments for call in calls] == ['{"location":"A"}', '{"location":"B"}']
    ids = {"conversation_id": poll.chat.conversation_id, "chat_id": poll.chat.id}
    first_only = [ToolOutput(tool_call_id=calls[0].id, output="1")]
    with pytest.raises(CozeAPIError) as refused:
        coze.chat.submit_tool_outputs(**ids, tool_outputs=first_only, stream=False)
    assert refused.value.code == 4000
    outputs = [ToolOutput(tool_call_id=call.id, output='{"probability":0.25}') for call in calls]
    chat = coze.chat.submit_tool_outputs(**ids, tool_outputs=outputs, stream=False)
    assert chat.status == ChatStatus.IN_PROGRESS
    with pytest.raises(CozeAPIError):
        coze.chat.submit_tool_outputs(**ids, tool_outputs=outputs, stream=False)


def test_cancel_flips_the_state_and_frees_the_conversation(coze: Coze, simulator: SimulatorProcess) -> None:
    conversation = coze.conversations.create()
    chat = coze.chat.create(
        bot_id=BOT_IDS["Echo"],
        user_id="u1",
        conversation_id=conversation.id,
        additional_messages=as_question("Hold on hold=h1 hold_at=first"),
    )
    assert chat.status == ChatStatus.IN_PROGRESS
    simulator.reached("h1")
    canceled = coze.chat.cancel(conversation_id=conversation.id, chat_id=chat.id)
    assert canceled.status == ChatStatus.CANCELED
    simulator.release("h1")
    poll = coze.chat.create_and_poll(
        bot_id=BOT_IDS["Echo"],
        user_id="u1",
        conversation_id=conversation.id,
        additional_messages=as_question("again"),
        poll_timeout=20,
    )
    assert poll.chat.status == ChatStatus.COMPLETED
    found = coze.chat.retrieve(conversation_id=conversation.id, chat_id=chat.id)
    assert found.status == ChatStatus.CANCELED
    with pytest.raises(CozeAPIError) as refused:
        coze.chat.cancel(conversation_id=conversation.id, chat_id=poll.chat.id)
    assert refused.value.code == 4104


def test_a_workflow_asks_three_times_and_no_more(coze: Coze) -> None:
    assert {flow.workflow_id for flow in coze.workflows.list(workspace_id=WORKSPACE_ID)} == {
        CITY_WEATHER_ID,
        TRAVEL_FLOW_ID,
    }
    assert (
        coze.workflows.retrieve(workflow_id=CITY_WEATHER_ID).workflow_detail.workflow_name == "City weather"
    )
    stream = coze.workflows.runs.stream(workflow_id=CITY_WEATHER_ID, parameters={})
    asked = []
    for reply in ("?", "Paris", "!"):
        events = list(stream)
        assert [event.id for event in events] == list(range(len(events)))
        asked.append(events[0].message.content)
        assert events[-1].event == WorkflowEventType.INTERRUPT
        waiting = events[-1].interrupt.interrupt_data
        stream = coze.workflows.runs.resume(
            workflow_id=CITY_WEATHER_ID,
            event_id=waiting.event_id,
            resume_data=reply,
            interrupt_type=waiting.type,
        )
    assert asked == ["City and date?", "City and date?", "And the date?"]
    (failed,) = list(stream)
    assert failed.error.error_code == 5000


def test_a_workflow_that_is_answered_runs_to_its_end(coze: Coze) -> None:
    events = list(coze.workflows.runs.stream(workflow_id=CITY_WEATHER_ID, parameters={"city": "Paris"}))
    waiting = events[-1].interrupt.interrupt_data
    events = list(
        coze.workflows.runs.resume(
            workflow_id=CITY_WEATHER_ID,
            event_id=waiting.event_id,
            resume_data="tomorrow",
            interrupt_type=waiting.type,
        )
    )
    spoken = [event.message for event in events if event.event == WorkflowEventType.MESSAGE]
    text = "".join(message.content for message in spoken if message.node_title == "Output")
    assert text == "It will rain in Paris, tomorrow: take an umbrella."
    history = coze.workflows.runs.run_histories.retrieve(
        workflow_id=CITY_WEATHER_ID, execute_id=waiting.event_id.partition("/")[0]
    )
    assert history.execute_status == "Success"
    assert text in history.output


def test_a_workflow_without_a_stream(coze: Coze) -> None:
    parameters = {"city": "Paris", "date": "today"}
    result = coze.workflows.runs.create(workflow_id=CITY_WEATHER_ID, parameters=parameters)
    assert "rain in Paris" in result.data
    result = coze.workflows.runs.create(workflow_id=CITY_WEATHER_ID, parameters=parameters, is_async=True)
    history = coze.workflows.runs.run_histories.retrieve(
        workflow_id=CITY_WEATHER_ID, execute_id=result.execute_id
    )
    assert history.execute_status in {"Running", "Success"}
    with pytest.raises(CozeAPIError) as unknown:
        coze.workflows.runs.create(workflow_id="7")
    assert unknown.value.code == 4200


def test_a_chatflow_asks_and_goes_on_with_the_next_message(coze: Coze) -> None:
    conversation_id, said, chat_ids = None, [], []
    for text in ("Plan a trip", "Rome", "days:3\nstart:2026-12-24"):
        events = list(
            coze.workflows.chat.stream(
                workflow_id=TRAVEL_FLOW_ID,
                bot_id=BOT_IDS["Travel"],
                conversation_id=conversation_id,
                additional_messages=as_question(text),
                parameters={},
            )
        )
        conversation_id = events[0].chat.conversation_id
        chat_ids.append(events[0].chat.id)
        said += [event.message.content for event in events if event.message and event.message.created_at][:1]
        last = events[-1]
    assert said[0] == "Where would you like to go?\nA. Paris\nB. Rome\nC. Kyoto"
    assert "days (integer, required)" in said[1]
    assert said[2].startswith("# 3 days in Rome, from 2026-12-24")
    assert last.event == ChatEventType.CONVERSATION_CHAT_COMPLETED
    assert len(set(chat_ids)) == 3
