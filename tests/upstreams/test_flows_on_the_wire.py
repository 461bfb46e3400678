"""What is asked for flows on the wire: the cloud's bodies, and what Coze Studio wants otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chatweb.turns.machine import Leg, Verdict, conclude, step
from chatweb.upstreams.client import EventStream, Flow, HttpClient
from chatweb.upstreams.errors import Missing, NotSupported, Refused
from chatweb.upstreams.events import MessageDone

from .canned import Answer, canned
from .samples import CARD, OPTION, chat, dumps, frame
from .workflow_samples import WORKFLOW_SAMPLES

IN_APP, IN_BOT = Flow("7400", app_id="7441"), Flow("7400", bot_id="7301")


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    yield client
    await client.close()


async def read(stream: EventStream) -> Leg:
    leg = Leg()
    async for events in stream:
        for event in events:
            step(leg, event)
    return leg


async def say(upstream, conversation_id: str, flow: Flow = IN_APP) -> Leg:
    asked = upstream.chatflow(
        user_id="u_1",
        flow=flow,
        conversation_id=conversation_id,
        question="Hi",
        meta={"turn": "t"},
        parameters={},
    )
    async with asked as stream:
        return await read(stream)


def stream(sample: str):
    return lambda answer: answer.stream(WORKFLOW_SAMPLES[sample].body)


# --- bodies, the same for both ---------------------------------------------------------------------


async def test_the_body_of_a_chatflow(http):
    async with canned(lambda answer: answer.stream(chat("completed").encode())) as server:
        await say(server.upstream(http), "c1")
        await say(server.upstream(http), "", IN_BOT)
    assert server.paths() == ["POST /v1/workflows/chat"] * 2
    in_app, in_bot = (request.json for request in server.requests)
    assert in_app == {
        "workflow_id": "7400",
        "app_id": "7441",
        "conversation_id": "c1",
        "additional_messages": [
            {
                "role": "user",
                "type": "question",
                "content_type": "text",
                "content": "Hi",
                "meta_data": {"turn": "t"},
            }
        ],
        "parameters": {},
        "ext": {"user_id": "u_1", "enable_card": "true"},
    }
    assert in_bot["bot_id"] == "7301"
    assert not {"app_id", "conversation_id"} & in_bot.keys()


@pytest.mark.parametrize("dialect", ["coze", "studio"])
async def test_a_run_is_started_and_resumed(http, dialect):
    async with canned(stream("S1: a run")) as server:
        upstream = server.upstream(http, dialect)
        begun = upstream.run_workflow(user_id="u_1", flow=IN_APP, parameters={"city": "Oslo"}, prefix="1/")
        async with begun as body:
            assert conclude(await read(body)) is Verdict.COMPLETED
        resumed = upstream.resume_workflow(
            user_id="u_1", flow=IN_APP, event_id="7300/63/01", interrupt_type=6, answer='{"a":1}', prefix="2/"
        )
        async with resumed as body:
            assert conclude(await read(body)) is Verdict.COMPLETED
    assert server.paths() == ["POST /v1/workflow/stream_run", "POST /v1/workflow/stream_resume"]
    assert server.requests[0].json == {
        "workflow_id": "7400",
        "app_id": "7441",
        "parameters": {"city": "Oslo"},
        "ext": {"user_id": "u_1"},
    }
    assert server.requests[1].json == {
        "workflow_id": "7400",
        "event_id": "7300/63/01",
        "interrupt_type": 6,
        "resume_data": '{"a":1}',
    }


async def test_a_flow_never_runs_in_an_app_and_a_bot(http):
    async with canned(stream("S1: a run")) as server:
        begun = server.upstream(http).run_workflow(
            user_id="u", flow=Flow("7400", app_id="1", bot_id="2"), parameters={}, prefix=""
        )
        async with begun as body:
            await read(body)
    assert "bot_id" not in server.requests[0].json


async def test_a_reply_in_place_of_a_stream_is_read(http):
    body = {"code": 0, "msg": "Success", "data": '{"output":"Rain."}', "execute_id": "7300"}
    async with canned(lambda answer: answer.json(body)) as server:
        begun = server.upstream(http).run_workflow(user_id="u", flow=IN_APP, parameters={}, prefix="")
        async with begun as stream_:
            leg = await read(stream_)
    assert (conclude(leg), leg.output, leg.execute_id) == (Verdict.COMPLETED, "Rain.", "7300")


async def test_nodes_too_large_for_a_history_are_asked_one_by_one(http):
    async def script(answer: Answer) -> None:
        nodes = {"A": {"node_execute_uuid": "7/8", "update_time": 1}, "B": {"node_execute_uuid": "9"}}
        run = {"execute_id": "73", "execute_status": "Success", "output": "", "is_output_trimmed": True}
        if answer.request.path.endswith("/9"):
            await answer.json({"code": 4000, "msg": "gone after a day"})
        elif "execute_nodes" in answer.request.path:
            await answer.json({"code": 0, "data": {"is_finish": True, "node_output": "whole"}})
        else:
            await answer.json({"code": 0, "data": [run | {"node_execute_status": nodes}]})

    async with canned(script) as server:
        history = await server.upstream(http).run_history(user_id="u", flow=IN_APP, execute_id="73")
    path = "GET /v1/workflows/7400/run_histories/73"
    assert server.paths() == [path, f"{path}/execute_nodes/7%2F8", f"{path}/execute_nodes/9"]
    assert [(message.title, message.content) for message in history.messages] == [("A", "whole")]


@pytest.mark.parametrize("dialect", ["coze", "studio"])
async def test_a_history_without_a_run(http, dialect):
    async with canned(lambda answer: answer.json({"code": 0, "data": []})) as server:
        with pytest.raises(Missing):
            await server.upstream(http, dialect).run_history(user_id="u", flow=IN_APP, execute_id="73")


# --- Studio ----------------------------------------------------------------------------------------


async def test_studio_wants_a_name_where_there_is_no_conversation(http):
    body = frame("conversation.chat.created", {"id": "7101", "conversation_id": "7001"}, 1)
    async with canned(lambda answer: answer.stream((body + chat("completed")).encode())) as server:
        upstream = server.upstream(http, "studio")
        assert (await say(upstream, "")).conversation_id == "7001"
        await say(upstream, "")
        await say(upstream, "7001")
    names = [request.json["parameters"].get("CONVERSATION_NAME") for request in server.requests]
    assert names[0] and names[1] and names[0] != names[1], "no two people share a conversation"
    assert names[2] is None


async def test_studios_card_waits_for_an_answer(http):
    card = {"id": "6301", "role": "assistant", "type": "answer", "content": CARD, "content_type": "card"}
    body = (
        frame("conversation.chat.created", {"id": "7101", "conversation_id": "7001"}, 1)
        + frame("conversation.message.completed", card, 3)
        + frame("conversation.chat.requires_action", {"id": "7101", "execute_id": "7300"}, 4)
    )
    async with canned(lambda answer: answer.stream(body.encode())) as server:
        leg = await say(server.upstream(http, "studio"), "7001")
    assert conclude(leg) is Verdict.REQUIRES_ACTION
    assert (leg.questions[0].options, leg.execute_id) == (("Paris", "Rome"), "7300")


@pytest.mark.parametrize(
    ("dialect", "path"),
    [("coze", "/v1/conversation/create"), ("studio", "/v1/workflow/conversation/create")],
)
async def test_a_conversation_of_an_app_has_a_name_nobody_has(http, dialect, path):
    async with canned(lambda answer: answer.json({"code": 0, "data": {"id": 7480000000000000001}})) as server:
        upstream = server.upstream(http, dialect)
        assert await upstream.create_flow_conversation("u_1", IN_APP) == "7480000000000000001"
        await upstream.create_flow_conversation("u_1", IN_APP)
    assert [request.path for request in server.requests] == [path, path]
    first, second = (request.json for request in server.requests)
    assert first["conversation_name"] != second["conversation_name"]
    assert (first["app_id"], first["workflow_id"]) == ("7441", "7400")
    assert first["get_or_create"] is True


async def test_a_conversation_of_a_bot_is_an_ordinary_one(http):
    async with canned(lambda answer: answer.json({"code": 0, "data": {"id": "7480"}})) as server:
        assert await server.upstream(http, "studio").create_flow_conversation("u_1", IN_BOT) == "7480"
    assert server.paths() == ["POST /v1/conversation/create"]
    assert server.requests[0].json == {"bot_id": "7301", "user_id": "u_1"}


async def test_studio_tells_of_runs_by_a_path_of_its_own(http):
    run = {"execute_id": "7300", "execute_status": "Success", "output": '{"output":"Rain."}', "log_id": "L"}
    async with canned(lambda answer: answer.json({"code": 0, "data": [run]})) as server:
        history = await server.upstream(http, "studio").run_history(
            user_id="u", flow=IN_APP, execute_id="7300"
        )
    assert server.paths() == ["GET /v1/workflow/get_run_history"]
    assert server.requests[0].query == {"workflow_id": "7400", "execute_id": "7300"}
    assert [message.content for message in history.messages] == ["Rain."]


async def test_studio_starts_in_the_background_and_resumes_only_streams(http):
    body = {"code": 0, "msg": "", "execute_id": "7300", "debug_url": "http://h/?execute_id=7300"}
    async with canned(lambda answer: answer.json(body)) as server:
        upstream = server.upstream(http, "studio")
        leg = Leg()
        for event in await upstream.start_workflow(user_id="u", flow=IN_APP, parameters={}):
            step(leg, event)
        with pytest.raises(NotSupported):
            await upstream.resume_started(
                user_id="u", flow=IN_APP, event_id="7300/1", interrupt_type=2, answer=""
            )
    assert (leg.verdict, leg.execute_id) == (Verdict.IN_PROGRESS, "7300")
    assert server.requests[0].json["is_async"] is True
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [6003, 6031])
async def test_a_refused_start_is_raised_with_its_code(http, code):
    async with canned(lambda answer: answer.json({"code": code, "msg": "no"})) as server:
        with pytest.raises(Refused) as caught:
            await server.upstream(http, "studio").start_workflow(user_id="u", flow=IN_APP, parameters={})
    assert (caught.value.code, caught.value.log_id) == (code, "LOG1")
    assert len(server.requests) == 1, "what may have begun is not begun twice"


async def test_studios_question_keeps_the_title_of_its_node(http):
    asked = dumps({"messages": [OPTION]})
    message = {"content": asked, "node_is_finish": True, "node_type": "Question", "node_title": "问答"}
    waits = {"interrupt_data": {"event_id": "7300/1", "type": 2, "data": asked}}
    body = (frame("Message", message, 0) + frame("Interrupt", waits, 1)).encode()
    async with canned(lambda answer: answer.stream(body)) as server:
        begun = server.upstream(http, "studio").run_workflow(
            user_id="u", flow=IN_APP, parameters={}, prefix=""
        )
        async with begun as stream_:
            leg = await read(stream_)
    assert [(one.title, one.text) for one in leg.questions] == [("问答", "Which city?")]


async def test_studio_describes_a_chatflow_by_its_role(http):
    onboarding = {"prologue": "Hello!", "suggested_questions": ["Why?"]}
    body = {"code": 0, "data": {"role": {"name": "Guide", "onboarding_info": onboarding}}}
    async with canned(lambda answer: answer.json(body)) as server:
        info = await server.upstream(http, "studio").flow("7400")
    assert (info.id, info.name, info.mode, info.prologue) == ("7400", "Guide", "chatflow", "Hello!")
    assert info.suggested_questions == ("Why?",)
    assert server.requests[0].query["connector_id"], "Studio fails without one"


# --- bubbles ---------------------------------------------------------------------------------------


async def test_bubbles_of_two_legs_have_ids_of_their_own(http):
    async def ids(prefix: str) -> set[str]:
        found = set()
        begun = upstream.run_workflow(user_id="u", flow=IN_APP, parameters={}, prefix=prefix)
        async with begun as stream_:
            async for events in stream_:
                found |= {event.message.id for event in events if isinstance(event, MessageDone)}
        return found

    async with canned(stream("S1: a run")) as server:
        upstream = server.upstream(http)
        first, second = await ids("1/"), await ids("2/")
    assert len(first) == len(second) == 2
    assert not first & second
