"""The vendor's own Python client, synchronous: it answers what waits for a person."""

import json

import pytest
from cozepy import (
    ChatEvent,
    ChatEventType,
    ChatStatus,
    Coze,
    CozeAPIError,
    MessageType,
    Stream,
    ToolOutput,
    WorkflowEvent,
    WorkflowEventType,
    WorkflowExecuteStatus,
)

from tests.simulator.process import APP_ID, BOT_IDS, CITY_WEATHER_ID, TRAVEL_FLOW_ID, SimulatorProcess
from tests.simulator.vendor import as_question


def ask_weather(coze: Coze, text: str) -> list[ChatEvent]:
    stream = coze.chat.stream(bot_id=BOT_IDS["Weather"], user_id="u1", additional_messages=as_question(text))
    return list(stream)


def answers(events: list[ChatEvent]) -> str:
    done = [event.message for event in events if event.event == ChatEventType.CONVERSATION_MESSAGE_COMPLETED]
    return "\n".join(message.content for message in done if message.type == MessageType.ANSWER)


def send_to_chatflow(coze: Coze, text: str, conversation_id: str | None, **where: str) -> list[ChatEvent]:
    stream = coze.workflows.chat.stream(
        workflow_id=TRAVEL_FLOW_ID,
        conversation_id=conversation_id,
        additional_messages=as_question(text),
        parameters={},
        **where,
    )
    return list(stream)


def test_two_calls_of_two_kinds_in_one_submit(coze: Coze, simulator: SimulatorProcess) -> None:
    chat = ask_weather(coze, "Rain in Rome? call=rain,book refuse_submit=4013")[-1].chat
    assert chat.status == ChatStatus.REQUIRES_ACTION
    rain, book = chat.required_action.submit_tool_outputs.tool_calls
    assert json.loads(book.function.arguments)["nested"]["delivery"]["is_gift"]
    ids = {"conversation_id": chat.conversation_id, "chat_id": chat.id}
    outputs = [
        ToolOutput(tool_call_id=book.id, output="booked"),
        ToolOutput(tool_call_id=rain.id, output='{"probability": 0.1}'),
    ]
    with pytest.raises(CozeAPIError) as refused:
        list(coze.chat.submit_tool_outputs(**ids, tool_outputs=outputs, stream=True))
    assert (refused.value.code, bool(refused.value.logid)) == (4013, True)
    assert coze.chat.retrieve(**ids).status == ChatStatus.REQUIRES_ACTION
    events = list(coze.chat.submit_tool_outputs(**ids, tool_outputs=outputs, stream=True))
    assert answers(events) == "The probability of rain in Rome is 10%. book_umbrella says: booked"
    entry = simulator.chat(chat.id)
    assert (entry["accepted"], entry["refused"]) == (1, 1)


def test_a_file_as_output_without_a_stream(coze: Coze, simulator: SimulatorProcess) -> None:
    poll = coze.chat.create_and_poll(
        bot_id=BOT_IDS["Weather"],
        user_id="u1",
        additional_messages=as_question("A photo of the sky, please"),
        poll_timeout=20,
    )
    (call,) = poll.chat.required_action.submit_tool_outputs.tool_calls
    file = coze.files.upload(file=("sky.png", b"png"))
    ids = {"conversation_id": poll.chat.conversation_id, "chat_id": poll.chat.id}
    output = ToolOutput(tool_call_id=call.id, output=json.dumps({"image": file.id}))
    chat = coze.chat.submit_tool_outputs(**ids, tool_outputs=[output], stream=False)
    assert chat.status == ChatStatus.IN_PROGRESS
    simulator.settled(chat.id)
    assert coze.chat.retrieve(**ids).status == ChatStatus.COMPLETED
    said = [each.content for each in coze.chat.messages.list(**ids) if each.type == MessageType.ANSWER]
    assert said == [f"Here is your picture: [sky.png](https://files.example.com/{file.id}/sky.png)"]


def test_coordinates_of_a_function(coze: Coze) -> None:
    chat = ask_weather(coze, "Rain here? call=infos")[-1].chat
    (call,) = chat.required_action.submit_tool_outputs.tool_calls
    output = '{"coordinates":{"longitude":"2.35","latitude":"48.85"}}'
    events = coze.chat.submit_tool_outputs(
        conversation_id=chat.conversation_id,
        chat_id=chat.id,
        tool_outputs=[ToolOutput(tool_call_id=call.id, output=output)],
        stream=True,
    )
    assert "48.85" in answers(list(events))


def test_a_chat_that_expired(coze: Coze, simulator: SimulatorProcess) -> None:
    chat = ask_weather(coze, "Rain in Rome?")[-1].chat
    simulator.expire(chat.id)
    found = coze.chat.retrieve(conversation_id=chat.conversation_id, chat_id=chat.id)
    assert (found.status, found.last_error.code) == (ChatStatus.FAILED, 5000)


def resume(coze: Coze, last: WorkflowEvent, reply: str) -> Stream[WorkflowEvent]:
    assert last.event == WorkflowEventType.INTERRUPT
    waiting = last.interrupt.interrupt_data
    return coze.workflows.runs.resume(
        workflow_id=CITY_WEATHER_ID,
        event_id=waiting.event_id,
        resume_data=reply,
        interrupt_type=waiting.type,
    )


def test_a_workflow_with_interrupts_of_every_kind(coze: Coze) -> None:
    form = {"city": "Oslo", "start": "2026-12-24", "guest": {"name": "Ann"}}
    replies = [(2, "Umbrella"), (5, "{}"), (5, json.dumps(form)), (1, "28 C"), (6, "{}"), (7, "")]
    parameters = {"city": "ask=options,form,plugin,plugin6,signin"}
    events = list(coze.workflows.runs.stream(workflow_id=CITY_WEATHER_ID, parameters=parameters))
    for kind, reply in replies:
        assert events[-1].interrupt.interrupt_data.type == kind
        first, events = events[-1], list(resume(coze, events[-1], reply))
        assert [event.id for event in events] == list(range(len(events)))
    text = "".join(event.message.content for event in events if event.message.node_title == "Output")
    assert text.startswith("I was told:")
    with pytest.raises(CozeAPIError) as refused:
        list(resume(coze, first, "again"))
    assert refused.value.code == 4000


def test_a_run_in_the_background_is_polled(coze: Coze, simulator: SimulatorProcess) -> None:
    started = coze.workflows.runs.create(
        workflow_id=CITY_WEATHER_ID,
        parameters={"city": "Oslo", "date": "today", "test": "hold=h hold_at=created"},
        is_async=True,
    )
    ids = {"workflow_id": CITY_WEATHER_ID, "execute_id": started.execute_id}
    simulator.reached("h")
    history = coze.workflows.runs.run_histories.retrieve(**ids)
    assert history.execute_status == WorkflowExecuteStatus.RUNNING
    simulator.release("h")
    simulator.until_run(started.execute_id, "Success")
    history = coze.workflows.runs.run_histories.retrieve(**ids)
    assert history.execute_status == WorkflowExecuteStatus.SUCCESS
    assert "rain in Oslo" in history.output
    started = coze.workflows.runs.create(
        workflow_id=CITY_WEATHER_ID, parameters={"city": "error=5000"}, is_async=True
    )
    simulator.until_run(started.execute_id, "Fail")
    ids["execute_id"] = started.execute_id
    assert coze.workflows.runs.run_histories.retrieve(**ids).error_code == 5000


@pytest.mark.parametrize("where", [{"bot_id": BOT_IDS["Travel"]}, {"app_id": APP_ID}])
def test_a_chatflow_with_a_question_and_a_form(
    coze: Coze, simulator: SimulatorProcess, where: dict[str, str]
) -> None:
    conversation_id, chat_ids = None, []
    for text in ("Plan a trip", "Rome", '{"days":"none"}', '{"days":"2","start":"2026-12-24"}'):
        events = send_to_chatflow(coze, text, conversation_id, **where)
        conversation_id = events[0].chat.conversation_id
        chat_ids.append(events[0].chat.id)
    assert answers(events).startswith("# 2 days in Rome")
    assert [simulator.chat(chat_id)["answers"] for chat_id in chat_ids] == ["", *chat_ids[:-1]]
    assert [simulator.chat(chat_id)["accepted"] for chat_id in chat_ids] == [1, 1, 1, 0]


def test_a_chatflow_that_calls_a_tool(coze: Coze) -> None:
    chat = send_to_chatflow(coze, "Plan a trip call=rain", None, app_id=APP_ID)[-1].chat
    (call,) = chat.required_action.submit_tool_outputs.tool_calls
    events = list(
        coze.chat.submit_tool_outputs(
            conversation_id=chat.conversation_id,
            chat_id=chat.id,
            tool_outputs=[ToolOutput(tool_call_id=call.id, output="wet")],
            stream=True,
        )
    )
    assert events[-1].event == ChatEventType.CONVERSATION_CHAT_REQUIRES_ACTION
    assert "Where would you like to go?" in answers(events)
