"""The Assistants dialect's calls over real HTTP, against bodies as wire-workflows 5 prints them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatweb.turns.machine import Leg, Verdict, conclude, step
from chatweb.upstreams import assistants_runs, channel
from chatweb.upstreams.assistants import read_thread_message
from chatweb.upstreams.client import EventStream, HttpClient, QuestionFile, Said, capabilities_of
from chatweb.upstreams.errors import (
    AlreadyOver,
    Busy,
    Missing,
    NotSupported,
    Occupied,
    OutOfQuota,
    TokenRefused,
    Unreachable,
)
from chatweb.upstreams.events import ActionRequired, ChatFailed, MessageDone

from .assistants_samples import CREATED, DONE, WAITS, delta, run, text
from .canned import Answer, Canned, canned
from .samples import frame

V2 = {"beta": "assistants=v2"}
PLACE = {"user_id": "u", "conversation_id": "thread_1"}
RUN = {**PLACE, "chat_id": "run_1"}
META = {"turn": "t1", "leg": "0"}
ASK = {**PLACE, "bot_id": "asst_1", "question": "How warm?", "meta": META}
RUNS = "/v1/threads/thread_1/runs"
MESSAGES = "/v1/threads/thread_1/messages"
LOCKED = "Can't add messages to thread_1 while a run run_0 is active."


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient()
    yield client
    await client.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Repeat and poll without waiting."""
    monkeypatch.setattr(channel, "REPEAT_AFTER_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(assistants_runs, "REPEAT_AFTER_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(assistants_runs, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(assistants_runs, "CANCEL_FIRST_SECONDS", 0.0)


def service(**answers: Any):
    """A service by `METHOD path`: each answer in turn, the last one for all that follow. An answer is a body,
    a (body, status), a (body, status, headers), a str for a stream, or a script."""
    queues = {key.replace("_", " ", 1): list(value) for key, value in answers.items()}

    async def script(answer: Answer) -> None:
        rows = queues[f"{answer.request.method} {answer.request.path}"]
        given = rows.pop(0) if len(rows) > 1 else rows[0]
        if callable(given):
            await given(answer)
        elif isinstance(given, str):
            await answer.stream(given.encode())
        else:
            body, status, headers = given if isinstance(given, tuple) else (given, 200, {})
            await answer.json(body, status, **headers)

    return script


def listed(*rows: dict[str, Any], has_more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(rows), "has_more": has_more}


def message(id_: str, role: str, value: str, run_id: str | None = None, **metadata: str) -> dict[str, Any]:
    return {"id": id_, "role": role, "content": text(value), "run_id": run_id, "metadata": metadata}


def refusal(words: str, status: int = 400, **headers: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    error = {"message": words, "type": "invalid_request_error", "param": None, "code": None}
    return {"error": error}, status, headers


async def read(stream: EventStream) -> tuple[Leg, list[str]]:
    """(leg, finished answers)"""
    leg, answers = Leg(), []
    async for events in stream:
        for event in events:
            step(leg, event)
            if isinstance(event, MessageDone):
                answers.append(event.message.content)
    return leg, answers


async def asked(server: Canned, http: HttpClient, **more: Any) -> tuple[Leg, list[str], EventStream]:
    async with server.upstream(http, "assistants", **V2).chat(**{**ASK, **more}) as stream:
        return *(await read(stream)), stream


SAID = {"id": "msg_0", "object": "thread.message"}
ANSWER = (
    CREATED
    + delta("28 C.")
    + frame("thread.message.completed", {"id": "msg_1", "role": "assistant", "content": text("28 C.")})
    + frame("thread.run.completed", run("completed", usage={"prompt_tokens": 20, "completion_tokens": 3}))
    + DONE
)


async def test_a_question_is_a_message_and_a_streamed_run(http):
    script = service(**{f"POST_{MESSAGES}": [SAID], f"POST_{RUNS}": [ANSWER]})
    async with canned(script) as server:
        leg, answers, _ = await asked(server, http)
    assert conclude(leg) is Verdict.COMPLETED
    assert (leg.chat_id, leg.question_id, answers) == ("run_1", "msg_0", ["28 C."])
    assert leg.usage and leg.usage.token_count == 23
    said, begun = server.requests
    assert said.json == {"role": "user", "content": "How warm?", "metadata": META}
    assert begun.json == {"assistant_id": "asst_1", "metadata": META, "stream": True}
    assert said.headers["openai-beta"] == begun.headers["openai-beta"] == "assistants=v2"


@pytest.mark.parametrize("beta", ["", "assistants=v1", "assistants=v2"])
async def test_a_service_that_does_not_stream_is_polled(http, beta):
    done = run("completed", usage={"prompt_tokens": 1, "completion_tokens": 2})
    found = listed(
        message("msg_1", "assistant", "28 C.", "run_1"), message("msg_9", "assistant", "old", "run_0")
    )
    script = service(
        **{
            f"POST_{MESSAGES}": [SAID],
            f"POST_{RUNS}": [run("queued")],
            f"GET_{RUNS}/run_1": [run("in_progress"), refusal("later", 503), run("in_progress"), done],
            f"GET_{MESSAGES}": [found],
        }
    )
    async with (
        canned(script) as server,
        server.upstream(http, "assistants", beta=beta).chat(**ASK) as stream,
    ):
        leg, answers = await read(stream)
    assert (conclude(leg), leg.chat_id, answers) == (Verdict.COMPLETED, "run_1", ["28 C."])
    assert ("stream" in server.requests[1].json) is (beta != "assistants=v1")
    assert server.requests[0].headers.get("openai-beta", "") == beta


async def test_the_service_says_when_to_ask_again(http, monkeypatch):
    monkeypatch.setattr(assistants_runs, "FIRST_SECONDS", 60.0)
    soon = {"openai_poll_after_ms": "1"}
    script = service(
        **{
            f"POST_{MESSAGES}": [SAID],
            f"POST_{RUNS}": [(run("queued"), 200, soon)],
            f"GET_{RUNS}/run_1": [(run("in_progress"), 200, soon), run("incomplete")],
            f"GET_{MESSAGES}": [listed(message("msg_1", "assistant", "28", "run_1"))],
        }
    )
    async with canned(script) as server:
        leg, answers, _ = await asked(server, http)
    assert (conclude(leg), leg.is_cut_off, answers) == (Verdict.COMPLETED, True, ["28"])


async def test_a_run_that_waits_says_until_when(http):
    waits = run("requires_action", required_action=WAITS, expires_at=1699076192)
    stream = CREATED + frame("thread.run.requires_action", waits) + DONE
    script = service(
        **{
            f"POST_{MESSAGES}": [SAID],
            f"POST_{RUNS}": [stream],
            f"POST_{RUNS}/run_1/submit_tool_outputs": [ANSWER, run("queued")],
            f"GET_{RUNS}/run_1": [run("completed")],
            f"GET_{MESSAGES}": [listed(message("msg_1", "assistant", "28 C.", "run_1"))],
        }
    )
    async with canned(script) as server:
        leg, _, _ = await asked(server, http)
        assert (conclude(leg), leg.waits_until) == (Verdict.REQUIRES_ACTION, 1699076192)
        assert [call.name for call in leg.calls] == ["get_weather"]
        upstream = server.upstream(http, "assistants", **V2)
        for _ in ("streamed", "polled"):
            async with upstream.submit(**RUN, outputs=[("call_1", "28C"), ("call_2", "30C")]) as stream:
                leg, answers = await read(stream)
            assert (conclude(leg), answers) == (Verdict.COMPLETED, ["28 C."])
    submitted = next(one for one in server.requests if one.path.endswith("submit_tool_outputs"))
    outputs = [{"tool_call_id": "call_1", "output": "28C"}, {"tool_call_id": "call_2", "output": "30C"}]
    assert submitted.json == {"tool_outputs": outputs, "stream": True}


async def test_a_locked_thread_is_an_occupied_conversation(http):
    async with canned(service(**{f"POST_{MESSAGES}": [refusal(LOCKED)]})) as server:
        leg, _, _ = await asked(server, http)
    assert (leg.verdict, leg.error_code, leg.chat_id) == (Verdict.ERROR, "thread_locked", "")
    assert len(server.requests) == 1


async def test_a_question_that_was_refused_its_run_does_not_stand_there_twice(http):
    locked = refusal("Thread thread_1 already has an active run run_0.")
    script = service(
        **{
            f"POST_{MESSAGES}": [SAID],
            f"POST_{RUNS}": [locked, ANSWER],
            f"GET_{MESSAGES}": [listed(message("msg_0", "user", "How warm?", None, **META))],
            f"GET_{RUNS}": [listed(run("completed", metadata={"turn": "t0", "leg": "0"}))],
            f"POST_{MESSAGES}/msg_0": [SAID],
        }
    )
    again = {"turn": "t1", "leg": "1"}
    async with canned(script) as server:
        leg, _, _ = await asked(server, http)
        assert leg.error_code == "thread_locked"
        leg, answers, _ = await asked(server, http, meta=again)
    assert (conclude(leg), leg.question_id, answers) == (Verdict.COMPLETED, "msg_0", ["28 C."])
    assert server.paths().count(f"POST {MESSAGES}") == 1
    assert server.requests[-2].json == {"metadata": again}


async def test_a_run_that_was_begun_all_the_same_is_followed(http):
    begun = run("completed", id="run_1", metadata=META)
    answer = message("msg_1", "assistant", "28 C.", "run_1")
    script = service(
        **{
            f"GET_{MESSAGES}": [listed(message("msg_0", "user", "How warm?", None, **META)), listed(answer)],
            f"GET_{RUNS}": [listed(begun)],
            f"GET_{RUNS}/run_1": [begun],
        }
    )
    async with canned(script) as server:
        leg, answers, _ = await asked(server, http, meta={"turn": "t1", "leg": "1"})
    assert (conclude(leg), answers) == (Verdict.COMPLETED, ["28 C."])
    assert all(request.method == "GET" for request in server.requests)


async def test_what_may_have_arrived_is_not_sent_again(http):
    async def cut(answer: Answer) -> None:
        answer.reset()

    for path in (MESSAGES, RUNS):
        script = service(**{f"POST_{MESSAGES}": [SAID], f"POST_{RUNS}": [ANSWER], f"POST_{path}": [cut]})
        async with canned(script) as server:
            leg, _, stream = await asked(server, http)
        assert (conclude(leg), bool(stream.broken)) == (Verdict.LOST, True)
        assert server.paths().count(f"POST {path}") == 1


async def test_only_what_sent_nothing_is_unreachable(http):
    server = Canned("http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        await asked(server, http)
    async with server.upstream(http, "assistants", **V2).answer_asked(
        **PLACE, bot_id="asst_1", question_id="msg_0", meta=META
    ) as stream:
        leg, _ = await read(stream)
    assert conclude(leg) is Verdict.LOST, "the question stands there already"


async def test_a_run_is_begun_again_when_it_was_too_early(http):
    later = refusal("slow down", 429, retry_after_ms="5")
    script = service(**{f"POST_{MESSAGES}": [SAID], f"POST_{RUNS}": [later, ANSWER]})
    async with canned(script) as server:
        leg, answers, _ = await asked(server, http)
    assert (conclude(leg), answers) == (Verdict.COMPLETED, ["28 C."])


@pytest.mark.parametrize(
    ("answer", "kind", "code", "wait"),
    [
        (refusal(LOCKED), Occupied, "thread_locked", None),
        (refusal("No thread found with id 'x'.", 404), Missing, "thread_not_found", None),
        (refusal("No assistant found with id 'x'.", 404), Missing, "assistant_not_found", None),
        (refusal("Invalid URL (POST /v1/threads)", 404), NotSupported, "unknown_url", None),
        (refusal("Incorrect API key", 401), TokenRefused, "invalid_api_key", None),
        (refusal("slow", 429, retry_after_ms="90000", retry_after="2"), Busy, "rate_limit_exceeded", 90),
        (refusal("slow", 429, retry_after="3600"), Busy, "rate_limit_exceeded", 3600),
        (({"error": {"message": "m", "code": "insufficient_quota"}}, 429, {}), OutOfQuota,
         "insufficient_quota", None),
        (({"message": "relay says no"}, 401, {}), TokenRefused, "invalid_api_key", None),
    ],
)  # fmt: skip
async def test_its_errors_are_ours(http, answer, kind, code, wait):
    body, status, headers = answer
    async with canned(lambda given: given.json(body, status, x_request_id="req_1", **headers)) as server:
        with pytest.raises(kind) as caught:
            await server.upstream(http, "assistants").create_conversation("u", "asst_1")
    assert (caught.value.code, caught.value.http_status) == (code, status)
    assert caught.value.retry_after_seconds == wait


async def test_cancel_waits_until_the_thread_is_free(http):
    states = [run("cancelling"), run("cancelling"), run("cancelled")]
    script = service(**{f"POST_{RUNS}/run_1/cancel": [run("cancelling")], f"GET_{RUNS}/run_1": states})
    async with canned(script) as server:
        await server.upstream(http, "assistants").cancel(**RUN)
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", ["completed", "expired", "failed"])
async def test_a_run_that_is_over_cannot_be_cancelled(http, status):
    no = refusal(f"Cannot cancel run with status '{status}'.")
    script = service(**{f"POST_{RUNS}/run_1/cancel": [no], f"GET_{RUNS}/run_1": [run(status)]})
    async with canned(script) as server:
        with pytest.raises(AlreadyOver):
            await server.upstream(http, "assistants").cancel(**RUN)


async def test_questions_know_their_runs_by_their_marks(http):
    rows = [message("msg_1", "assistant", "28", "run_1"), message("msg_0", "user", "How?", None, **META)]
    script = service(
        **{f"GET_{MESSAGES}": [listed(*rows)], f"GET_{RUNS}": [listed(run("completed", metadata=META))]}
    )
    async with canned(script) as server:
        newest = await server.upstream(http, "assistants").newest_messages(**PLACE)
    assert [(one.id, one.role, one.chat_id) for one in newest] == [
        ("msg_1", "assistant", "run_1"),
        ("msg_0", "user", "run_1"),
    ]


@pytest.mark.parametrize(
    ("beta", "kind", "sent"),
    [
        ("assistants=v1", "image", {"content": "a.txt", "file_ids": ["f1"]}),
        (
            "assistants=v2",
            "document",
            {"content": "a.txt", "attachments": [{"file_id": "f1", "tools": [{"type": "file_search"}]}]},
        ),
        (
            "assistants=v2",
            "image",
            {
                "content": [
                    {"type": "text", "text": "a.txt"},
                    {"type": "image_file", "image_file": {"file_id": "f1"}},
                ]
            },
        ),
    ],
)
async def test_files_go_with_the_message(http, beta, kind, sent):
    script = service(
        **{"POST_/v1/files": [{"id": "f1"}], f"POST_{MESSAGES}": [SAID], f"POST_{RUNS}": [ANSWER]}
    )
    async with canned(script) as server:
        upstream = server.upstream(http, "assistants", beta=beta)
        file_id = await upstream.upload(name="a.txt", content=b"hello", mime="text/plain")
        files = [QuestionFile(file_id, kind, "a.txt")]
        async with upstream.chat(**{**ASK, "question": "", "files": files}) as stream:
            await read(stream)
    uploaded, said = server.requests[:2]
    assert b'name="purpose"\r\n\r\nassistants' in uploaded.body.replace(b"\r\nContent-Length: 10", b"")
    assert said.json == {"role": "user", "metadata": META, **sent}


async def test_assistants_are_bots_on_all_pages(http):
    def page(*numbers: int, has_more: bool) -> dict[str, Any]:
        rows = [{"id": f"asst_{n}", "name": f"N{n}", "description": None} for n in numbers]
        return listed(*rows, has_more=has_more)

    pages = [page(1, 2, has_more=True), page(3, has_more=False)]
    one = {"id": "asst_3", "name": None, "description": "Knows"}
    script = service(**{"GET_/v1/assistants": pages, "GET_/v1/assistants/asst_3": [one]})
    async with canned(script) as server:
        server.url += "/v1"
        upstream = server.upstream(http, "assistants")
        bots = await upstream.bots("")
        bot = await upstream.bot("asst_3")
        assert await upstream.me() == server.url.split("/")[2]
    assert [(bot.id, bot.name, bot.kind) for bot in bots][2] == ("asst_3", "N3", "assistant")
    assert (bot.name, bot.description) == ("asst_3", "Knows")
    assert server.requests[1].query["after"] == "asst_2"


async def test_a_thread_may_begin_with_messages_and_has_a_name(http):
    script = service(
        **{
            "POST_/v1/threads": [{"id": "thread_1"}],
            "POST_/v1/threads/thread_1": [{"id": "thread_1"}],
            "DELETE_/v1/threads/thread_1": [{"id": "thread_1", "deleted": True}],
        }
    )
    async with canned(script) as server:
        upstream = server.upstream(http, "assistants", **V2)
        assert await upstream.create_conversation("u", "asst_1", [Said("assistant", "Hi")]) == "thread_1"
        await upstream.rename_conversation(**PLACE, name="Trip")
        await upstream.delete_conversation(**PLACE)
    assert server.requests[0].json == {
        "metadata": {"user": "u"},
        "messages": [{"role": "assistant", "content": "Hi"}],
    }
    assert server.requests[1].json == {"metadata": {"user": "u", "name": "Trip"}}


async def test_an_expired_run_says_so(http):
    waits = run("requires_action", required_action=WAITS, expires_at=9)
    script = service(**{f"GET_{RUNS}/run_1": [waits, run("expired")]})
    async with canned(script) as server:
        upstream = server.upstream(http, "assistants")
        first = await upstream.retrieve(**RUN)
        second = await upstream.retrieve(**RUN)
    assert [event.expires_at for event in first if isinstance(event, ActionRequired)] == [9]
    assert [event.is_expired for event in second if isinstance(event, ChatFailed)] == [True]


def test_pictures_of_an_answer_stand_beside_its_words():
    parts = [
        *text("Look:"),
        {"type": "image_file", "image_file": {"file_id": "file-1"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
    ]
    message = read_thread_message({"id": "m", "role": "assistant", "content": parts})
    assert message.content_type == "object_string"
    assert json.loads(message.content) == [
        {"type": "text", "text": "Look:"},
        {"type": "image", "file_id": "file-1", "name": "file-1"},
        {"type": "image", "file_url": "https://example.com/a.png"},
    ]


def test_v1_lacks_what_v2_has():
    assert capabilities_of("assistants", "assistants=v2").deletes_messages
    assert not capabilities_of("assistants", "assistants=v1").deletes_messages
    assert not capabilities_of("assistants", "assistants=v1").begins_with_messages
    assert capabilities_of("assistants").begins_with_messages
