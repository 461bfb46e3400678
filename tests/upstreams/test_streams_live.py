"""Streamed requests over real HTTP: what broken servers do, and what the stream makes of it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from chatweb.turns.machine import Leg, Verdict, conclude, step
from chatweb.upstreams.client import EventStream, HttpClient, Upstream
from chatweb.upstreams.errors import Unreachable
from chatweb.upstreams.events import Delta

from .canned import Answer, canned, oauth_app
from .chat_samples import CHAT_SAMPLES
from .json_samples import HTML
from .samples import DONE, STARTED, chat, delta, dumps, whole

BODY = CHAT_SAMPLES["plain answer"].body


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    yield client
    await client.close()


def ask(upstream: Upstream, question: str = "Hello?"):
    return upstream.chat(
        user_id="u_1", bot_id="b1", conversation_id="c1", question=question, meta={"turn": "t-1"}
    )


async def read(stream: EventStream) -> tuple[Leg, str]:
    leg, text = Leg(), ""
    async for events in stream:
        for event in events:
            step(leg, event)
            text += event.text if isinstance(event, Delta) else ""
    return leg, text


async def asked(upstream: Upstream) -> tuple[EventStream, Leg, str]:
    async with ask(upstream) as stream:
        leg, text = await read(stream)
    return stream, leg, text


async def test_it_asks_as_the_wire_wants_it_and_keeps_the_log_id(http):
    async with canned(lambda answer: answer.stream(BODY)) as server:
        stream, leg, text = await asked(server.upstream(http))
    request = server.requests[0]
    assert (request.method, request.path, request.query) == ("POST", "/v3/chat", {"conversation_id": "c1"})
    assert request.token == "pat_x"
    assert request.headers["accept-encoding"] == "identity"
    assert request.json == {
        "bot_id": "b1",
        "user_id": "u_1",
        "stream": True,
        "auto_save_history": True,
        "enable_card": True,
        "additional_messages": [
            {
                "role": "user",
                "type": "question",
                "content_type": "text",
                "content": "Hello?",
                "meta_data": {"turn": "t-1"},
            }
        ],
    }
    assert (stream.log_id, stream.http_status, stream.broken) == ("LOG1", 200, "")
    assert (conclude(leg), text) == (Verdict.COMPLETED, "Hello ☂")


async def test_deltas_come_while_the_answer_is_still_being_written(http):
    has_read_first = asyncio.Event()

    async def script(answer: Answer) -> None:
        await answer.stream((STARTED + delta("1", "first")).encode())
        await has_read_first.wait()
        await answer.write((delta("1", " second") + chat("completed")).encode())

    async with canned(script) as server, ask(server.upstream(http)) as stream:
        seen = ""
        async for events in stream:
            seen += "".join(event.text for event in events if isinstance(event, Delta))
            if seen == "first":
                has_read_first.set()
    assert seen == "first second"


async def test_a_character_cut_in_two_packets_arrives_whole(http):
    body = (STARTED + delta("1", "snow ☃") + chat("completed")).encode()
    cut = body.index("☃".encode()) + 1
    may_go_on = asyncio.Event()

    async def script(answer: Answer) -> None:
        await answer.stream(body[:cut])
        await may_go_on.wait()
        await answer.write(body[cut:])

    async with canned(script) as server, ask(server.upstream(http)) as stream:
        leg, text = Leg(), ""
        async for events in stream:
            may_go_on.set()
            for event in events:
                step(leg, event)
                text += event.text if isinstance(event, Delta) else ""
    assert (conclude(leg), text) == (Verdict.COMPLETED, "snow ☃")


async def test_a_reset_connection_ends_the_stream_and_says_why(http):
    async def script(answer: Answer) -> None:
        await answer.head("text/event-stream", Content_Length="100000")
        await answer.write((STARTED + delta("1", "half")).encode())
        await may_reset.wait()
        answer.reset()

    may_reset = asyncio.Event()
    async with canned(script) as server, ask(server.upstream(http)) as stream:
        leg = Leg()
        async for events in stream:
            may_reset.set()
            for event in events:
                step(leg, event)
    assert conclude(leg) is Verdict.LOST
    assert leg.chat_id
    assert stream.broken


async def test_silence_beyond_the_read_timeout_ends_the_stream(http):
    async def script(answer: Answer) -> None:
        await answer.stream(STARTED.encode())
        await answer.client_left()

    async with canned(script) as server:
        stream, leg, _ = await asked(server.upstream(http, read_timeout_seconds=0.2))
    assert conclude(leg) is Verdict.LOST
    assert "timeout" in stream.broken.lower()


async def test_a_server_that_closes_without_a_word_may_have_taken_the_question(http):
    async def script(answer: Answer) -> None:
        answer.reset()

    async with canned(script) as server:
        stream, leg, _ = await asked(server.upstream(http))
    assert conclude(leg) is Verdict.LOST
    assert stream.broken
    assert len(server.requests) == 1, "a question is never sent twice"


async def test_no_server_at_all_is_unreachable(http):
    async with canned(lambda answer: answer.stream(b"")) as server:
        upstream = server.upstream(http)
    with pytest.raises(Unreachable) as caught:
        async with ask(upstream):
            pass
    assert caught.value.is_retryable


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code", "words"),
    [
        (b'{"code":4100,"msg":"token?"}', "application/json", 401, 4100, "token?"),
        (b'{"code":4016,"msg":"busy"}', "text/event-stream", 200, 4016, "busy"),
        (HTML, "text/html", 502, None, "HTTP 502: <html>"),
        (b"", "text/plain", 503, None, "HTTP 503"),
    ],
)
async def test_a_refusal_comes_through_the_stream(http, body, content_type, status, code, words):
    async with canned(lambda answer: answer.send(body, content_type, status)) as server:
        stream, leg, _ = await asked(server.upstream(http))
    assert conclude(leg) is Verdict.ERROR
    assert leg.error_code == code
    assert words in leg.error_msg
    assert (stream.http_status, stream.broken) == (status, "")
    assert len(server.requests) == 1


async def test_a_log_id_in_the_body_is_better_than_none(http):
    async def script(answer: Answer) -> None:
        body = dumps({"code": 4000, "msg": "bad", "detail": {"logid": "FROM-BODY"}}).encode()
        await answer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    async with canned(script) as server:
        stream, _, _ = await asked(server.upstream(http))
    assert stream.log_id == "FROM-BODY"


async def test_a_compressed_stream_is_inflated(http):
    async def script(answer: Answer) -> None:
        await answer.head("text/event-stream", Content_Encoding="gzip")
        await answer.write(gzip.compress(BODY))

    async with canned(script) as server:
        _, leg, text = await asked(server.upstream(http))
    assert (conclude(leg), text) == (Verdict.COMPLETED, "Hello ☂")


async def test_a_stream_that_only_claims_to_be_compressed_is_lost_not_a_crash(http):
    async def script(answer: Answer) -> None:
        await answer.head("text/event-stream", Content_Encoding="gzip")
        await answer.write(BODY)

    async with canned(script) as server:
        stream, leg, _ = await asked(server.upstream(http))
    assert conclude(leg) is Verdict.LOST
    assert stream.broken


async def test_leaving_the_stream_closes_the_connection_at_once(http):
    has_left = asyncio.Event()

    async def script(answer: Answer) -> None:
        await answer.stream(STARTED.encode())
        await answer.client_left()
        has_left.set()

    async with canned(script) as server:
        async with ask(server.upstream(http)) as stream:
            async for _ in stream:
                break
        async with asyncio.timeout(5):
            await has_left.wait()


async def test_cancelling_the_reader_closes_the_connection_too(http):
    has_left = asyncio.Event()
    has_begun = asyncio.Event()

    async def script(answer: Answer) -> None:
        await answer.stream(STARTED.encode())
        await answer.client_left()
        has_left.set()

    async def follow(upstream: Upstream) -> None:
        async with ask(upstream) as stream:
            async for _ in stream:
                has_begun.set()

    async with canned(script) as server:
        task = asyncio.create_task(follow(server.upstream(http)))
        await has_begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5):
            await has_left.wait()


async def test_no_cookie_of_an_upstream_is_kept(http):
    async def script(answer: Answer) -> None:
        await answer.send(BODY, "text/event-stream", Set_Cookie="session_key=secret; Path=/")

    async with canned(script) as server:
        upstream = server.upstream(http)
        await asked(upstream)
        await asked(upstream)
    assert [request.headers.get("cookie") for request in server.requests] == [None, None]


async def test_outputs_are_submitted_in_order(http):
    body = (chat("in_progress") + whole("5", "rain") + chat("completed") + DONE).encode()
    async with canned(lambda answer: answer.stream(body)) as server:
        submitted = server.upstream(http).submit(
            user_id="u", conversation_id="c1", chat_id="7101", outputs=[("b=", "2"), ("a=", "1")]
        )
        async with submitted as stream:
            leg, _ = await read(stream)
    assert server.requests[0].path == "/v3/chat/submit_tool_outputs"
    assert server.requests[0].query == {"conversation_id": "c1", "chat_id": "7101"}
    assert server.requests[0].json == {
        "stream": True,
        "tool_outputs": [{"tool_call_id": "b=", "output": "2"}, {"tool_call_id": "a=", "output": "1"}],
    }
    assert conclude(leg) is Verdict.COMPLETED


async def test_an_expired_token_is_renewed_once_and_the_question_sent_again(http):
    async def script(answer: Answer) -> None:
        if answer.request.path.endswith("/token"):
            await answer.json({"access_token": "for-" + answer.request.token, "expires_in": 9999999999})
        elif answer.request.token == "for-jwt-u_1-1":
            await answer.json({"code": 700012006, "msg": "access token invalid"})
        else:
            await answer.stream(BODY)

    async with canned(script) as server:
        _, leg, _ = await asked(server.upstream(http, oauth=oauth_app()))
    assert conclude(leg) is Verdict.COMPLETED
    token, ask_ = "POST /api/permission/oauth2/token", "POST /v3/chat"
    assert server.paths() == [token, ask_, token, ask_]


async def test_a_token_that_stays_refused_is_told_and_not_tried_again(http):
    async def script(answer: Answer) -> None:
        if answer.request.path.endswith("/token"):
            await answer.json({"access_token": answer.request.token, "expires_in": 9999999999})
        else:
            await answer.json({"code": 4100, "msg": "no"})

    async with canned(script) as server:
        _, leg, _ = await asked(server.upstream(http, oauth=oauth_app()))
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, 4100)
    assert len(server.requests) == 4


async def test_no_token_to_be_had_is_told_through_the_stream(http):
    refusal = {"error_code": "invalid_client", "error_message": "who are you?"}
    async with canned(lambda answer: answer.json(refusal, 401)) as server:
        _, leg, _ = await asked(server.upstream(http, oauth=oauth_app()))
    assert (conclude(leg), leg.error_code) == (Verdict.ERROR, "invalid_client")
    assert server.paths() == ["POST /api/permission/oauth2/token"]


async def test_half_a_character_in_a_question_does_not_break_the_request(http):
    async with (
        canned(lambda answer: answer.stream(BODY)) as server,
        ask(server.upstream(http), "a\ud83d") as stream,
    ):
        await read(stream)
    assert server.requests[0].json["additional_messages"][0]["content"] == "a\ufffd"
