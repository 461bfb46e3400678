"""The library against the simulator as Coze Studio, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager

import pytest

from chatweb.turns.machine import Leg, Verdict, conclude, step
from chatweb.upstreams.client import (
    ConnectionSettings,
    EventStream,
    Flow,
    HttpClient,
    Upstream,
    open_upstream,
)
from chatweb.upstreams.errors import AlreadyOver, Missing, TokenRefused
from chatweb.upstreams.events import Message, MessageDone, Question
from chatweb.upstreams.replies import form_reply
from tests.simulator.process import (
    APP_ID,
    BOT_IDS,
    CITY_WEATHER_ID,
    TRAVEL_FLOW_ID,
    SimulatorProcess,
    simulator_process,
)

USER = "u_studio"
CITY_WEATHER = Flow(CITY_WEATHER_ID)
TRAVEL = Flow(TRAVEL_FLOW_ID, bot_id=BOT_IDS["Travel"])
DETAILS = {"days": 2, "start": "2026-12-24", "budget": None, "vegetarian": True}


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorProcess]:
    with simulator_process(dialect="studio") as simulator:
        yield simulator


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    yield client
    await client.close()


@pytest.fixture
def upstream(simulator: SimulatorProcess, http: HttpClient) -> Upstream:
    return open_upstream(ConnectionSettings("studio", "studio", simulator.url, simulator.token), http)


async def told(request: AbstractAsyncContextManager[EventStream]) -> tuple[Leg, list[Message]]:
    """The leg, and the messages that were finished, the last state of each."""
    leg, messages = Leg(), {}
    async with request as stream:
        async for events in stream:
            for event in events:
                step(leg, event)
                if isinstance(event, MessageDone):
                    messages[event.message.id] = event.message
        assert stream.log_id
    return leg, list(messages.values())


async def say(upstream: Upstream, bot: str, words: str, conversation_id: str) -> tuple[Leg, list[Message]]:
    place = {"user_id": USER, "bot_id": BOT_IDS[bot], "conversation_id": conversation_id}
    return await told(upstream.chat(**place, question=words, meta={"turn": "t"}))


def answers(messages: list[Message]) -> list[str]:
    return [message.content for message in messages if message.type == "answer"]


def asked(leg: Leg) -> Question:
    assert conclude(leg) is Verdict.REQUIRES_ACTION
    (question,) = leg.questions
    return question


async def test_an_answer_streams_and_is_the_one_on_record(upstream):
    conversation_id = await upstream.create_conversation(USER, BOT_IDS["Reasoner"])
    leg, messages = await say(upstream, "Reasoner", "Why?", conversation_id)
    assert conclude(leg) is Verdict.COMPLETED
    assert leg.usage
    thought = next(message for message in messages if message.type == "answer")
    assert "First I look" in thought.reasoning
    place = {"user_id": USER, "conversation_id": conversation_id}
    recorded = await upstream.chat_messages(**place, chat_id=leg.chat_id)
    assert answers(recorded) == answers(messages)
    (question,) = [message for message in recorded if message.type == "question"]
    assert question.id == leg.question_id
    assert [event.verdict for event in [came_to(await upstream.retrieve(**place, chat_id=leg.chat_id))]] == [
        Verdict.COMPLETED
    ]


def came_to(events: list) -> Leg:
    leg = Leg()
    for event in events:
        step(leg, event)
    return leg


async def test_tools_are_shown_and_wait_for_nobody(upstream):
    conversation_id = await upstream.create_conversation(USER, BOT_IDS["Weather"])
    leg, messages = await say(upstream, "Weather", "compare Paris and Rome", conversation_id)
    assert (conclude(leg), leg.calls) == (Verdict.COMPLETED, ())
    assert [message.type for message in messages][:2] == ["function_call", "tool_output"]


async def test_a_bot_asks_with_options_and_a_form_and_is_answered_in_lines(upstream):
    conversation_id = await upstream.create_conversation(USER, BOT_IDS["Travel"])
    first, messages = await say(upstream, "Travel", "Plan a trip", conversation_id)
    assert asked(first).options == ("Paris", "Rome", "Kyoto")
    assert answers(messages) == [], "the card is no answer to read"
    seen = came_to(
        await upstream.retrieve(user_id=USER, conversation_id=conversation_id, chat_id=first.chat_id)
    )
    assert asked(seen).options == asked(first).options
    second, _ = await say(upstream, "Travel", "Rome", conversation_id)
    assert second.chat_id != first.chat_id
    assert asked(second).fields["days"].type == "integer"
    assert not upstream.capabilities.speaks_chatflow_json
    third, messages = await say(upstream, "Travel", form_reply(DETAILS, as_json=False), conversation_id)
    assert conclude(third) is Verdict.COMPLETED
    (plan,) = answers(messages)
    assert plan.startswith("# 2 days in Rome, from 2026-12-24")


async def test_an_error_outranks_the_completed_that_follows(upstream):
    conversation_id = await upstream.create_conversation(USER, BOT_IDS["Echo"])
    leg, _ = await say(upstream, "Echo", "error=5000", conversation_id)
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, 103200002)


async def test_cancel_and_what_is_left_of_it(upstream, simulator):
    conversation_id = await upstream.create_conversation(USER, BOT_IDS["Echo"])
    talk = asyncio.create_task(say(upstream, "Echo", "hold=stop hold_at=last a few words", conversation_id))
    (chat_id,) = await simulator.areached("stop")
    place = {"user_id": USER, "conversation_id": conversation_id, "chat_id": chat_id}
    await upstream.cancel(**place)
    simulator.release("stop")
    leg, _ = await talk
    assert conclude(leg) is Verdict.CANCELED
    assert came_to(await upstream.retrieve(**place)).verdict is Verdict.CANCELED
    over, _ = await say(upstream, "Echo", "Hi", conversation_id)
    with pytest.raises(AlreadyOver):
        await upstream.cancel(user_id=USER, conversation_id=conversation_id, chat_id=over.chat_id)


async def test_a_conversation_from_name_to_end(upstream):
    place = {"user_id": USER, "conversation_id": await upstream.create_conversation(USER, BOT_IDS["Echo"])}
    await upstream.rename_conversation(**place, name="Trip")
    assert await upstream.clear_conversation(**place)
    await upstream.delete_conversation(**place)
    with pytest.raises(Missing):
        await upstream.newest_messages(**place)


async def test_a_chatflow_in_a_bot_and_in_an_app(upstream):
    for flow in (TRAVEL, Flow(TRAVEL_FLOW_ID, app_id=APP_ID)):
        conversation_id = await upstream.create_flow_conversation(USER, flow)
        legs, spoken = [], []
        for words in ("Plan a trip", "Rome", form_reply(DETAILS, as_json=False)):
            talk = upstream.chatflow(
                user_id=USER,
                flow=flow,
                conversation_id=conversation_id,
                question=words,
                meta={},
                parameters={},
            )
            leg, messages = await told(talk)
            legs.append(leg)
            spoken += answers(messages)
        assert asked(legs[0]).options
        assert legs[0].execute_id
        assert asked(legs[1]).fields
        assert conclude(legs[2]) is Verdict.COMPLETED
        assert len(spoken) == 1


async def test_a_workflow_asks_waits_and_ends(upstream):
    def started(**parameters: str) -> AbstractAsyncContextManager[EventStream]:
        return upstream.run_workflow(user_id=USER, flow=CITY_WEATHER, parameters=parameters, prefix="1")

    def resumed(question: Question, words: str) -> AbstractAsyncContextManager[EventStream]:
        return upstream.resume_workflow(
            user_id=USER,
            flow=CITY_WEATHER,
            event_id=question.id,
            interrupt_type=question.interrupt_type,
            answer=words,
            prefix="2",
        )

    leg, messages = await told(started())
    assert asked(leg).text == "City and date?"
    assert answers(messages) == [], "raw JSON is nobody's answer"
    history = await upstream.run_history(user_id=USER, flow=CITY_WEATHER, execute_id=leg.execute_id)
    assert came_to(history.events).verdict is Verdict.IN_PROGRESS, "it does not say what it waits for"
    second, _ = await told(resumed(asked(leg), "Paris"))
    assert asked(second).text == "And the date?", "the newest question of the history"
    third, messages = await told(resumed(asked(second), "tomorrow"))
    assert conclude(third) is Verdict.COMPLETED
    assert answers(messages)[0].startswith("It will rain in Paris")
    history = await upstream.run_history(user_id=USER, flow=CITY_WEATHER, execute_id=leg.execute_id)
    assert came_to(history.events).verdict is Verdict.COMPLETED
    broken, _ = await told(started(city="error=5000"))
    assert (conclude(broken), broken.error_msg) == (Verdict.ERROR, "internal server error")
    options, _ = await told(started(city="ask=options,form"))
    assert asked(options).options == ("Umbrella", "Raincoat", "Stay at home")
    form, _ = await told(resumed(asked(options), "Umbrella"))
    assert asked(form).fields["photo"].type
    last, messages = await told(resumed(asked(form), json.dumps({"city": "Oslo", "days": "2"})))
    assert conclude(last) is Verdict.COMPLETED
    assert "Oslo" in answers(messages)[0]


async def test_a_run_in_the_background_that_asks_is_over(upstream):
    async def history(**parameters: str) -> Leg:
        started = await upstream.start_workflow(user_id=USER, flow=CITY_WEATHER, parameters=parameters)
        execute_id = came_to(started).execute_id
        while True:
            found = await upstream.run_history(user_id=USER, flow=CITY_WEATHER, execute_id=execute_id)
            if (leg := came_to(found.events)).verdict is not Verdict.IN_PROGRESS:
                return leg

    assert (await history(city="Oslo", date="today")).verdict is Verdict.COMPLETED
    asking = await history(city="Oslo")
    assert (asking.verdict, asking.error_code) == (Verdict.FAILED, 6039), "nobody is told what it asks"


async def test_what_there_is_is_looked_up_by_id(upstream):
    assert (await upstream.bot(BOT_IDS["Echo"])).suggested_questions
    flow = await upstream.flow(TRAVEL_FLOW_ID)
    assert (flow.mode, flow.name) == ("chatflow", "Travel planner")
    with pytest.raises(Missing):
        await upstream.bot("7430000000000000999")


async def test_a_wrong_token_is_told_as_such(simulator, http):
    settings = ConnectionSettings("wrong", "studio", simulator.url, "pat_wrong")
    with pytest.raises(TokenRefused):
        await open_upstream(settings, http).bot(BOT_IDS["Echo"])


async def test_a_file_goes_up_and_is_read(upstream):
    file_id = await upstream.upload(name="sky.png", content=b"\x89PNG", mime="image/png")
    assert file_id.isdecimal()
