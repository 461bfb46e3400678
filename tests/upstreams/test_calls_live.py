"""Calls that answer as a whole, over real HTTP: envelopes, retries, tokens, pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatweb.upstreams import channel
from chatweb.upstreams.client import HttpClient
from chatweb.upstreams.errors import (
    AlreadyOver,
    Broken,
    Busy,
    Missing,
    NotSupported,
    TokenRefused,
    Unusable,
    UpstreamError,
)
from chatweb.upstreams.events import ActionRequired, ChatDone, ChatStarted

from .canned import Answer, canned, oauth_app
from .json_samples import HTML, MESSAGES, listed
from .samples import CARD, REPLY, chat_object

RETRIEVE = {"user_id": "u", "conversation_id": "7001", "chat_id": "7101"}


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    yield client
    await client.close()


@pytest.fixture
def at_once(monkeypatch):
    """Repeat without waiting."""
    monkeypatch.setattr(channel, "REPEAT_AFTER_SECONDS", (0.0, 0.0))


async def test_a_chat_is_retrieved_as_events(http):
    body = {"code": 0, "data": chat_object("completed", usage={"input_count": 3, "output_count": 4})}
    async with canned(lambda answer: answer.json(body)) as server:
        started, done = await server.upstream(http).retrieve(**RETRIEVE)
    assert isinstance(started, ChatStarted) and started.chat_id == "7101"
    assert isinstance(done, ChatDone) and done.usage and done.usage.token_count == 7
    assert server.requests[0].method == "GET"
    assert server.requests[0].query == {"conversation_id": "7001", "chat_id": "7101"}


async def test_the_words_of_a_question_are_looked_up_in_the_messages(http):
    async def script(answer: Answer) -> None:
        if answer.request.path.endswith("/list"):
            await answer.json({"code": 0, "data": [listed("1", 1, "Where to?")]})
        else:
            await answer.json({"code": 0, "data": chat_object("requires_action", required_action=REPLY)})

    async with canned(script) as server:
        events = await server.upstream(http).retrieve(**RETRIEVE)
    assert [q.text for e in events if isinstance(e, ActionRequired) for q in e.questions] == ["Where to?"]


async def test_studio_calls_a_chat_completed_that_waits(http):
    messages = [
        listed("1", 1, CARD) | {"content_type": "card"},
        listed("2", 2, '{"msg_type":"interrupt","data":""}', "verbose"),
    ]

    async def script(answer: Answer) -> None:
        if answer.request.path.endswith("/list"):
            await answer.json({"code": 0, "Messages": messages})
        else:
            await answer.json({"code": 0, "data": chat_object("completed")})

    async with canned(script) as server:
        events = await server.upstream(http, "studio").retrieve(**RETRIEVE)
    (question,) = [q for e in events if isinstance(e, ActionRequired) for q in e.questions]
    assert question.options == ("Paris", "Rome")


async def test_messages_come_in_the_order_of_time_and_newest_first(http):
    async with canned(lambda answer: answer.json({"code": 0, "data": MESSAGES})) as server:
        upstream = server.upstream(http)
        oldest_first = await upstream.chat_messages(**RETRIEVE)
        as_they_come = await upstream.newest_messages(user_id="u", conversation_id="7001", limit=500)
    assert [message.created_at for message in oldest_first] == [5, 10, 15, 20, 30, 30, 31]
    assert [message.id for message in as_they_come] == ["3", "", "1", "2", "4", "5", "6"]
    assert server.requests[1].json == {"order": "desc", "limit": 50}


@pytest.mark.parametrize(
    ("body", "status", "kind", "code"),
    [
        ({"code": 4104, "msg": "over"}, 200, AlreadyOver, 4104),
        ({"code": 103200005, "msg": "over"}, 200, AlreadyOver, 103200005),
        ({"code": 4001, "msg": "gone"}, 200, Missing, 4001),
        ({"code": "4100", "msg": "token"}, 401, TokenRefused, "4100"),
        ({"code": 401, "msg": "missing session_key in cookie"}, 401, NotSupported, 401),
        ({"code": 987654321, "msg": "?"}, 200, UpstreamError, 987654321),
    ],
)
async def test_a_refusal_keeps_code_words_status_and_log_id(http, body, status, kind, code):
    async with canned(lambda answer: answer.json(body, status)) as server:
        with pytest.raises(kind) as caught:
            await server.upstream(http).cancel(**RETRIEVE)
    error = caught.value
    assert (error.code, error.message, error.http_status, error.log_id) == (code, body["msg"], status, "LOG1")
    assert not error.is_retryable
    assert len(server.requests) == 1


async def test_html_is_an_unusable_answer_tried_three_times(http, at_once):
    async with canned(lambda answer: answer.send(HTML, "text/html", 502)) as server:
        with pytest.raises(Unusable) as caught:
            await server.upstream(http).retrieve(**RETRIEVE)
    assert caught.value.http_status == 502
    assert len(server.requests) == 3


async def test_a_busy_server_is_asked_again(http, at_once):
    async with canned(
        lambda answer: answer.json({"code": 4009, "msg": "later"}),
        lambda answer: answer.json({"code": 4013, "msg": "later"}, 429),
        lambda answer: answer.json({"code": 0, "data": {"id": 73}}),
    ) as server:
        assert await server.upstream(http).create_conversation("u", "b") == "73"
    assert len(server.requests) == 3


async def test_retry_after_is_obeyed_or_handed_on(http):
    async with canned(
        lambda answer: answer.json({"code": 429, "msg": "x"}, 429, Retry_After="0"),
        lambda answer: answer.json({"code": 429, "msg": "x"}, 429, Retry_After="3600"),
    ) as server:
        with pytest.raises(Busy) as caught:
            await server.upstream(http).retrieve(**RETRIEVE)
    assert caught.value.retry_after_seconds == 3600
    assert len(server.requests) == 2


async def test_what_may_have_been_done_is_not_done_again(http, at_once):
    async def script(answer: Answer) -> None:
        answer.reset()

    async with canned(script) as server:
        upstream = server.upstream(http)
        with pytest.raises(Broken):
            await upstream.create_conversation("u", "b")
        assert len(server.requests) == 1
        with pytest.raises(Broken):
            await upstream.retrieve(**RETRIEVE)
    gets = server.paths()[1:]
    assert len(gets) >= 3, "reading can be repeated (aiohttp does so itself as well)"
    assert set(gets) == {"GET /v3/chat/retrieve"}


async def test_one_token_for_all_who_ask_at_once_and_one_a_person(http):
    async def script(answer: Answer) -> None:
        if answer.request.path.endswith("/token"):
            await answer.json({"access_token": "for-" + answer.request.token, "expires_in": 9999999999})
        else:
            await answer.json({"code": 0, "data": {"id": answer.request.token}})

    async with canned(script) as server:
        upstream = server.upstream(http, oauth=oauth_app())
        ids = await asyncio.gather(*(upstream.create_conversation(user, "b") for user in "aaabbb"))
    assert ids[:3] == [ids[0]] * 3
    assert ids[3:] == [ids[3]] * 3
    assert ids[0] != ids[3]
    assert server.paths().count("POST /api/permission/oauth2/token") == 2


async def test_a_token_about_to_end_is_renewed_before_it_does(http):
    async def script(answer: Answer) -> None:
        if answer.request.path.endswith("/token"):
            await answer.json({"access_token": answer.request.token, "expires_in": 30})  # as a duration
        else:
            await answer.json({"code": 0, "data": {"id": "1"}})

    async with canned(script) as server:
        upstream = server.upstream(http, oauth=oauth_app())
        await upstream.create_conversation("a", "b")
        await upstream.create_conversation("a", "b")
    assert server.paths().count("POST /api/permission/oauth2/token") == 2


async def test_all_pages_of_bots(http):
    def row(number: int) -> dict:
        return {"id": str(number), "name": f"Bot {number}", "icon_url": "", "is_published": True}

    async def script(answer: Answer) -> None:
        page = int(answer.request.query["page_num"])
        rows = [row(n) for n in range(page * 20 - 19, min(page * 20, 45) + 1)]
        await answer.json({"code": 0, "data": {"items": rows, "total": len(rows)}})

    async with canned(script) as server:
        bots = await server.upstream(http).bots("w")
    assert [bot.id for bot in bots] == [str(n) for n in range(1, 46)]


async def test_pages_that_never_end_do_end(http):
    rows = [{"id": str(n), "name": "x"} for n in range(1, 21)]
    async with canned(lambda answer: answer.json({"code": 0, "data": {"items": rows}})) as server:
        assert len(await server.upstream(http).bots("w")) == 20
    assert len(server.requests) == 2


async def test_a_bot_says_how_it_greets(http):
    bot = {
        "bot_id": "7",
        "name": "Guide",
        "onboarding_info": {"prologue": "Hi {{user_name}}", "suggested_questions": ["A?", "B?"]},
        "shortcut_commands": None,
    }
    async with canned(lambda answer: answer.json({"code": 0, "data": bot})) as server:
        info = await server.upstream(http).bot("7")
    assert (info.id, info.name, info.prologue) == ("7", "Guide", "Hi {{user_name}}")
    assert (info.suggested_questions, info.shortcut_commands) == (("A?", "B?"), ())


async def test_feedback_is_given_and_taken_back(http):
    async with canned(lambda answer: answer.json({"code": 0, "msg": ""})) as server:
        upstream = server.upstream(http)
        place = {"user_id": "u", "conversation_id": "c", "message_id": "m"}
        await upstream.feedback(**place, kind="unlike", reasons=["wrong" * 20], comment="x" * 400)
        await upstream.feedback(**place, kind="")
    assert server.paths() == [
        "POST /v1/conversations/c/messages/m/feedback",
        "DELETE /v1/conversations/c/messages/m/feedback",
    ]
    sent = server.requests[0].json
    assert sent["feedback_type"] == "unlike"
    assert len(sent["reason_types"][0]) == 30
    assert len(sent["comment"]) == 250


async def test_a_file_goes_up_as_one_part(http):
    async with canned(lambda answer: answer.json({"code": 0, "data": {"id": "81"}})) as server:
        assert await server.upstream(http).upload(name="雨.png", content=b"\x89PNG", mime="image/png") == "81"
    assert server.requests[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert server.requests[0].body.count(b'name="file"') == 1
    assert b"\x89PNG" in server.requests[0].body


async def test_studio_has_no_tools_and_says_so(http):
    async with canned(lambda answer: answer.json({"code": 0})) as server:
        studio = server.upstream(http, "studio")
        assert not studio.capabilities.submits_outputs
        with pytest.raises(NotSupported):
            await studio.bots("w")
    assert server.requests == []


async def test_an_upstream_s_id_cannot_leave_its_place_in_a_path(http):
    async with canned(lambda answer: answer.json({"code": 0})) as server:
        await server.upstream(http).delete_conversation(user_id="u", conversation_id="../users/me?x=1")
    assert server.paths() == ["DELETE /v1/conversations/..%2Fusers%2Fme%3Fx=1"]
