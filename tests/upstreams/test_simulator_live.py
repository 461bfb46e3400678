"""The library against the simulator: the flows a conversation is made of, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatweb.turns.machine import Leg, Verdict, conclude, step
from chatweb.upstreams.client import ConnectionSettings, EventStream, HttpClient, Upstream, open_upstream
from chatweb.upstreams.errors import AlreadyOver, Missing, TokenRefused
from chatweb.upstreams.events import Delta, MessageDone
from tests.simulator.process import BOT_IDS, WORKSPACE_ID

USER = "u_library"


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    yield client
    await client.close()


@pytest.fixture
def upstream(simulator, http) -> Upstream:
    return open_upstream(ConnectionSettings("sim", "coze", simulator.url, simulator.token), http)


async def read(stream: EventStream) -> tuple[Leg, dict[str, str], str]:
    """(leg, finished answers by id, text of all deltas)"""
    leg, answers, deltas = Leg(), {}, ""
    async for events in stream:
        for event in events:
            step(leg, event)
            if isinstance(event, MessageDone) and event.message.type == "answer":
                answers[event.message.id] = event.message.content
            elif isinstance(event, Delta):
                deltas += event.text
    return leg, answers, deltas


async def say(
    upstream: Upstream, bot: str, question: str, conversation_id: str = ""
) -> tuple[Leg, dict[str, str], str]:
    bot_id = BOT_IDS[bot]
    conversation_id = conversation_id or await upstream.create_conversation(USER, bot_id)
    async with upstream.chat(
        user_id=USER, bot_id=bot_id, conversation_id=conversation_id, question=question, meta={"turn": "t"}
    ) as stream:
        assert stream.log_id
        return await read(stream)


async def test_an_answer_streams_and_is_the_one_on_record(upstream):
    question = "Hello, **world** 😀\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    leg, answers, deltas = await say(upstream, "Echo", question)
    assert conclude(leg) is Verdict.COMPLETED
    assert list(answers.values()) == [deltas] == [question]
    place = {"user_id": USER, "conversation_id": leg.conversation_id}
    recorded = await upstream.chat_messages(**place, chat_id=leg.chat_id)
    assert [m.content for m in recorded if m.type == "answer"] == [question]
    answer, asked = await upstream.newest_messages(**place)
    assert (answer.type, asked.type, asked.meta, asked.chat_id) == (
        "answer",
        "question",
        {"turn": "t"},
        leg.chat_id,
    )
    assert asked.id == leg.question_id


async def test_two_calls_are_answered_in_one_submit(upstream):
    leg, _, _ = await say(upstream, "Weather", "compare Paris and Rome")
    assert conclude(leg) is Verdict.REQUIRES_ACTION
    assert len(leg.calls) == 2
    async with upstream.submit(
        user_id=USER,
        conversation_id=leg.conversation_id,
        chat_id=leg.chat_id,
        outputs=[(call.id, '{"probability":0.5}') for call in leg.calls],
    ) as stream:
        second, answers, _ = await read(stream)
    assert conclude(second) is Verdict.COMPLETED
    assert second.chat_id == leg.chat_id
    assert len(answers) == 1


async def test_a_question_is_answered_by_the_next_message(upstream):
    leg, _, _ = await say(upstream, "Travel", "Plan a trip")
    assert conclude(leg) is Verdict.REQUIRES_ACTION
    (question,) = leg.questions
    assert question.text
    assert not leg.calls
    second, _, _ = await say(upstream, "Travel", "Paris", leg.conversation_id)
    assert second.chat_id != leg.chat_id
    assert conclude(second) in (Verdict.REQUIRES_ACTION, Verdict.COMPLETED)


async def test_thinking_and_several_answers(upstream):
    leg, answers, _ = await say(upstream, "Reasoner", "Why?")
    assert conclude(leg) is Verdict.COMPLETED
    assert len(answers) == 2


async def test_a_stream_that_drops_is_lost_and_can_be_looked_up(upstream):
    leg, _, deltas = await say(
        upstream, "Echo", "drop_after=900 a rather long question to drop in the middle"
    )
    assert conclude(leg) is Verdict.LOST
    assert leg.chat_id
    place = {"user_id": USER, "conversation_id": leg.conversation_id, "chat_id": leg.chat_id}
    state = Leg()
    async with asyncio.timeout(10):
        while state.verdict in (None, Verdict.IN_PROGRESS):
            state = Leg()
            for event in await upstream.retrieve(**place):
                step(state, event)
    assert state.verdict is Verdict.COMPLETED
    (answer,) = [m.content for m in await upstream.chat_messages(**place) if m.type == "answer"]
    assert answer.startswith(deltas)


async def test_cancel_is_refused_when_it_is_over(upstream):
    leg, _, _ = await say(upstream, "Echo", "Hi")
    with pytest.raises(AlreadyOver) as caught:
        await upstream.cancel(user_id=USER, conversation_id=leg.conversation_id, chat_id=leg.chat_id)
    assert caught.value.code == 4104
    assert caught.value.log_id


async def test_a_conversation_from_name_to_end(upstream):
    place = {"user_id": USER, "conversation_id": await upstream.create_conversation(USER, BOT_IDS["Echo"])}
    await upstream.rename_conversation(**place, name="Trip")
    assert await upstream.clear_conversation(**place)
    await upstream.delete_conversation(**place)
    with pytest.raises(Missing):
        await upstream.newest_messages(**place)


async def test_what_an_administrator_imports(upstream):
    assert await upstream.me()
    assert WORKSPACE_ID in {place.id for place in await upstream.workspaces()}
    assert set(BOT_IDS.values()) <= {bot.id for bot in await upstream.bots(WORKSPACE_ID)}
    assert (await upstream.bot(BOT_IDS["Echo"])).suggested_questions
    assert len(await upstream.workflows(WORKSPACE_ID)) >= 2


async def test_a_wrong_token_is_told_as_such(simulator, http):
    stranger = open_upstream(ConnectionSettings("other", "coze", simulator.url, "pat_wrong"), http)
    with pytest.raises(TokenRefused):
        await stranger.me()
    async with stranger.chat(
        user_id=USER, bot_id=BOT_IDS["Echo"], conversation_id="1", question="Hi", meta={}
    ) as stream:
        leg, _, _ = await read(stream)
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, 4100)
