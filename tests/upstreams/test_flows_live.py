"""Workflows and chatflows against the simulator, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from chatweb.turns.machine import Leg, Verdict, conclude, step
from chatweb.upstreams.client import (
    ConnectionSettings,
    EventStream,
    Flow,
    HttpClient,
    RunHistory,
    Upstream,
    open_upstream,
)
from chatweb.upstreams.errors import Missing, Refused, Unreachable, UpstreamError
from chatweb.upstreams.events import Event, Message, MessageDone, Question
from chatweb.upstreams.replies import form_reply
from tests.simulator.process import (
    APP_ID,
    BOT_IDS,
    CITY_WEATHER_ID,
    TRAVEL_FLOW_ID,
    WORKSPACE_ID,
    SimulatorProcess,
)

USER = "u_flows"
CITY_WEATHER = Flow(CITY_WEATHER_ID)
TRAVEL = Flow(TRAVEL_FLOW_ID, bot_id=BOT_IDS["Travel"])
DETAILS = {"days": 2, "start": "2026-12-24", "budget": None, "vegetarian": True}


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    yield client
    await client.close()


@pytest.fixture
def upstream(simulator: SimulatorProcess, http: HttpClient) -> Upstream:
    return open_upstream(ConnectionSettings("sim", "coze", simulator.url, simulator.token), http)


async def told(request: AbstractAsyncContextManager[EventStream]) -> tuple[Leg, list[Message]]:
    """The leg, and the answers that were finished."""
    leg, answers = Leg(), []
    async with request as stream:
        async for events in stream:
            for event in events:
                step(leg, event)
                if isinstance(event, MessageDone) and event.message.type == "answer":
                    answers.append(event.message)
        assert stream.log_id
    return leg, answers


def came_to(events: list[Event]) -> Leg:
    leg = Leg()
    for event in events:
        step(leg, event)
    return leg


def asked(leg: Leg) -> Question:
    assert leg.verdict is Verdict.REQUIRES_ACTION
    (question,) = leg.questions
    return question


def run(upstream: Upstream, flow: Flow = CITY_WEATHER, **parameters: object):
    return told(upstream.run_workflow(user_id=USER, flow=flow, parameters=parameters, prefix="1/"))


def go_on(upstream: Upstream, question: Question, answer: str, prefix: str = "2/", flow: Flow = CITY_WEATHER):
    assert question.interrupt_type is not None
    return told(
        upstream.resume_workflow(
            user_id=USER,
            flow=flow,
            event_id=question.id,
            interrupt_type=question.interrupt_type,
            answer=answer,
            prefix=prefix,
        )
    )


def say(upstream: Upstream, question: str, conversation_id: str, flow: Flow = TRAVEL):
    return told(
        upstream.chatflow(
            user_id=USER,
            flow=flow,
            conversation_id=conversation_id,
            question=question,
            meta={"turn": "t"},
            parameters={},
        )
    )


async def history_once(upstream: Upstream, execute_id: str, verdict: Verdict) -> RunHistory:
    """The history as soon as the run has come to that."""
    async with asyncio.timeout(10):
        while True:
            history = await upstream.run_history(user_id=USER, flow=CITY_WEATHER, execute_id=execute_id)
            if came_to(history.events).verdict is verdict:
                return history


# --- streamed runs ---------------------------------------------------------------------------------


async def test_a_run_asks_and_goes_on_until_it_ends(upstream):
    first, words = await run(upstream)
    question = asked(first)
    assert question.text == words[-1].content
    assert (question.title, question.interrupt_type) == (words[-1].title, 2)
    assert question.id.startswith(first.execute_id + "/")
    second, words_again = await go_on(upstream, question, "Oslo")
    missed = asked(second)
    assert second.execute_id == first.execute_id
    assert missed.id != question.id
    assert missed.title == question.title, "a question asked again is recognised by its node"
    assert words[-1].id != words_again[-1].id, "bubbles of two legs are not the same"
    last, _ = await go_on(upstream, missed, "tomorrow", "3/")
    assert conclude(last) is Verdict.COMPLETED
    assert last.output and "Oslo" in last.output


async def test_the_third_miss_fails_the_run(upstream):
    leg, _ = await run(upstream)
    for _ in range(2):
        leg, _ = await go_on(upstream, asked(leg), "?!")
    leg, _ = await go_on(upstream, asked(leg), "?!")
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, 5000)


async def test_parameters_and_the_person_reach_the_run(upstream, simulator):
    leg, _ = await run(upstream, city="Bergen", date="today")
    assert conclude(leg) is Verdict.COMPLETED
    assert leg.output and "Bergen" in leg.output
    assert leg.execute_id
    (sent,) = simulator.requests("/v1/workflow/stream_run")[-1:]
    assert sent["body"]["ext"] == {"user_id": USER}


async def test_typed_fields_come_with_an_interrupt(upstream):
    flow = Flow(TRAVEL_FLOW_ID)
    leg, _ = await run(upstream, flow)
    assert "Rome" in asked(leg).options
    leg, _ = await go_on(upstream, asked(leg), "Rome", flow=flow)
    form = asked(leg)
    assert (form.interrupt_type, form.fields["days"].type, form.fields["days"].required) == (
        5,
        "integer",
        True,
    )
    leg, _ = await go_on(upstream, form, form_reply(DETAILS, as_json=True), flow=flow)
    assert conclude(leg) is Verdict.COMPLETED


async def test_an_event_is_answered_once(upstream):
    leg, _ = await run(upstream)
    question = asked(leg)
    await go_on(upstream, question, "Oslo")
    leg, _ = await go_on(upstream, question, "Oslo")
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, 4000)


async def test_a_refused_run_is_told_through_the_stream(upstream):
    leg, _ = await run(upstream, Flow("7430000000000000999"))
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, 4200)


async def test_no_server_is_told_before_anything_is_sent(http):
    nowhere = open_upstream(ConnectionSettings("no", "coze", "http://127.0.0.1:9", "pat"), http)
    with pytest.raises(Unreachable):
        await run(nowhere)
    with pytest.raises(Unreachable):
        await say(nowhere, "Hi", "1")


# --- runs in the background ------------------------------------------------------------------------


async def test_a_run_in_the_background_is_followed_by_its_history(upstream):
    started = came_to(await upstream.start_workflow(user_id=USER, flow=CITY_WEATHER, parameters={}))
    assert started.execute_id
    waiting = await history_once(upstream, started.execute_id, Verdict.REQUIRES_ACTION)
    question = asked(came_to(waiting.events))
    assert question.text, "the question's words stand in the history too"
    assert question.interrupt_type is not None
    await upstream.resume_started(
        user_id=USER,
        flow=CITY_WEATHER,
        event_id=question.id,
        interrupt_type=question.interrupt_type,
        answer="Oslo tomorrow",
    )
    history = await history_once(upstream, started.execute_id, Verdict.COMPLETED)
    output = came_to(history.events).output
    assert output and "Oslo" in output
    assert [message.content for message in history.messages].count(output) == 1
    again = await upstream.run_history(user_id=USER, flow=CITY_WEATHER, execute_id=started.execute_id)
    assert again.messages == history.messages


async def test_a_run_whose_stream_was_lost_is_found_by_its_history(upstream):
    leg, words = await run(upstream)
    history = await upstream.run_history(user_id=USER, flow=CITY_WEATHER, execute_id=leg.execute_id)
    found, question = asked(came_to(history.events)), asked(leg)
    assert (found.id, found.text, found.interrupt_type) == (
        question.id,
        question.text,
        question.interrupt_type,
    )
    assert [(one.title, one.content) for one in history.messages] == [
        (one.title, one.content) for one in words
    ]


async def test_a_plan_without_runs_in_the_background(upstream, simulator):
    simulator.fault("/v1/workflow/run", code=6003, msg="not in your plan")
    with pytest.raises(Refused) as caught:
        await upstream.start_workflow(user_id=USER, flow=CITY_WEATHER, parameters={})
    assert caught.value.code == 6003


async def test_no_such_run(upstream):
    with pytest.raises(Missing) as caught:
        await upstream.run_history(user_id=USER, flow=CITY_WEATHER, execute_id="7300")
    assert caught.value.code == 4314
    with pytest.raises(UpstreamError):
        await upstream.resume_started(
            user_id=USER, flow=CITY_WEATHER, event_id="1/2", interrupt_type=2, answer="Oslo"
        )


# --- chatflows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_json", [True, False])
async def test_a_chatflow_is_answered_by_the_next_message(upstream, as_json):
    conversation_id = await upstream.create_flow_conversation(USER, TRAVEL)
    first, _ = await say(upstream, "Plan a trip", conversation_id)
    assert "Rome" in asked(first).options
    assert first.execute_id, "known from the beginning"
    second, _ = await say(upstream, "Rome", conversation_id)
    assert second.chat_id != first.chat_id
    assert "days" in asked(second).fields
    third, answers = await say(upstream, form_reply(DETAILS, as_json), conversation_id)
    assert conclude(third) is Verdict.COMPLETED
    assert "Rome" in answers[-1].content
    newest = await upstream.newest_messages(user_id=USER, conversation_id=conversation_id)
    assert {"turn": "t"} in [message.meta for message in newest if message.type == "question"]


async def test_a_chatflow_of_an_app(upstream):
    flow = Flow(TRAVEL_FLOW_ID, app_id=APP_ID)
    one = await upstream.create_flow_conversation(USER, flow)
    two = await upstream.create_flow_conversation(USER, flow)
    assert one != two, "each is a new, empty one"
    leg, _ = await say(upstream, "Plan a trip", one, flow)
    assert asked(leg).options
    assert leg.conversation_id == one


async def test_a_chatflow_without_a_conversation_tells_the_one_it_made(upstream):
    leg, _ = await say(upstream, "Plan a trip", "")
    assert leg.conversation_id
    second, _ = await say(upstream, "Rome", leg.conversation_id)
    assert "days" in asked(second).fields


async def test_a_chatflow_that_runs_nowhere_is_refused(upstream):
    leg, _ = await say(upstream, "Hi", "", Flow(TRAVEL_FLOW_ID))
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, 4000)


# --- what there is ---------------------------------------------------------------------------------


async def test_an_import_knows_workflows_from_chatflows(upstream):
    modes = {flow.id: flow.mode for flow in await upstream.workflows(WORKSPACE_ID)}
    assert modes[CITY_WEATHER_ID] == "workflow"
    assert modes[TRAVEL_FLOW_ID] == "chatflow"


async def test_what_starts_a_workflow(upstream):
    info = await upstream.flow(CITY_WEATHER_ID)
    assert (info.mode, info.name) == ("workflow", "City weather")
    assert info.parameters
    assert info.parameters["properties"]["city"]["type"] == "string"


async def test_how_a_chatflow_opens(upstream):
    info = await upstream.flow(TRAVEL_FLOW_ID)
    assert (info.mode, info.parameters) == ("chatflow", None)
    assert info.prologue
    assert info.suggested_questions


async def test_no_such_workflow(upstream):
    with pytest.raises(Missing):
        await upstream.flow("7430000000000000999")
