"""The whole harness in small, on real sockets: fake upstream, relay, listeners, and what it makes of them."""

import json

import httpx
import pytest

from bench.audiences import RelayAudience
from bench.load import Load, run
from bench.server import Process, free_port, start_relay, start_upstream
from bench.tokens import Meter, faults


@pytest.fixture(scope="module")
def upstream():
    port = free_port()
    with start_upstream(port) as process:
        yield process.wait_until_alive("/v1/users/me")


@pytest.fixture(scope="module")
def relay(upstream: Process):
    with start_relay("relay", upstream.port) as process:
        yield process.wait_until_alive()


async def measured(upstream: Process, relay: Process, **load):
    meter = Meter()
    audience = RelayAudience(relay.port, upstream.port, meter)
    return await run(
        audience, meter, Load(settle_seconds=0.1, window_seconds=0.5, **load), relay, upstream, None
    )


async def test_a_relay_loses_nothing_and_the_window_holds_what_the_rate_says(upstream, relay):
    result = await measured(upstream, relay, chats=5, rate=40)
    assert result.faults.total == 0
    assert (result.unfinished, result.asked_twice) == (0, 0)
    assert 0.5 * result.expected <= result.delivered <= 1.5 * result.expected
    assert 0 < result.p50_ms <= result.p99_ms


async def test_a_relay_is_not_asked_for_what_it_cannot_do(upstream, relay):
    with pytest.raises(ValueError, match="one tab"):
        await measured(upstream, relay, chats=1, tabs_a_chat=2)


async def test_the_upstream_streams_a_chat_and_remembers_it(upstream):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{upstream.port}") as client:
        made = (await client.post("/v1/conversation/create", json={})).json()["data"]["id"]
        question = {"role": "user", "content": "tag=99 tokens=25 rate=500", "meta_data": {"turn": "t1"}}
        answer = await client.post(
            "/v3/chat", params={"conversation_id": made}, json={"additional_messages": [question]}
        )
        names = [line[6:] for line in answer.text.split("\n") if line.startswith("event:")]
        assert names == [
            "conversation.chat.created",
            "conversation.chat.in_progress",
            *["conversation.message.delta"] * 25,
            "conversation.message.completed",
            "conversation.message.completed",
            "conversation.chat.completed",
            "done",
        ]
        listed = (await client.post("/v1/conversation/message/list", params={"conversation_id": made})).json()
        assert [message["type"] for message in listed["data"]] == ["answer", "question"]
        assert listed["data"][1]["meta_data"] == {"turn": "t1"}
        assert faults(listed["data"][0]["content"], 99, 25).total == 0


async def test_the_upstream_s_stream_goes_on_after_a_cancel_and_after_a_hang_up(upstream):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{upstream.port}") as client:
        question = {"role": "user", "content": "tag=98 tokens=60 rate=300"}
        async with client.stream("POST", "/v3/chat", json={"additional_messages": [question]}) as stream:
            first = await anext(aiter(stream.aiter_raw()))
            chat = json.loads(first.split(b"data:")[1].split(b"\n\n")[0])
            canceled = await client.post("/v3/chat/cancel", json={"chat_id": chat["id"]})
        assert canceled.json()["data"]["status"] == "canceled"
        record: dict = {}
        while len(record.get("text", "").split()) < 60:
            record = (await client.post("/bench/record")).json()["data"]["98"]
        assert faults(record["text"], 98, 60).total == 0
        assert record["status"] == "canceled"
