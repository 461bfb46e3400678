"""Deltas that are handed over at once and those that come the ordinary way are together the answer."""

from __future__ import annotations

import pytest

from chatweb.upstreams import channel
from chatweb.upstreams.client import ConnectionSettings, open_upstream
from chatweb.upstreams.events import Delta, Event, MessageDone
from chatweb.upstreams.http import HttpClient
from tests.simulator.process import BOT_IDS


async def told(simulator, question: str) -> tuple[list[tuple[str, str]], str]:
    """([(way, text) in order of arrival], the completed answer)"""
    http = HttpClient()
    upstream = open_upstream(ConnectionSettings("sim", "coze", simulator.url, simulator.token), http)
    bot_id = BOT_IDS["Echo"]
    arrived: list[tuple[str, str]] = []
    answer = ""

    def take(events: list[Event]) -> None:
        assert all(type(event) is Delta for event in events)
        arrived.extend(("at once", event.text) for event in events if isinstance(event, Delta))

    conversation_id = await upstream.create_conversation("u_lane", bot_id)
    async with upstream.chat(
        user_id="u_lane", bot_id=bot_id, conversation_id=conversation_id, question=question, meta={}
    ) as stream:
        stream.hand_over(take)
        async for events in stream:
            for event in events:
                if isinstance(event, Delta):
                    arrived.append(("read", event.text))
                elif isinstance(event, MessageDone) and event.message.type == "answer":
                    answer = event.message.content
    await http.close()
    return arrived, answer


async def test_whole_deltas_are_handed_over_and_nothing_is_lost_or_out_of_order(simulator):
    arrived, answer = await told(simulator, "tokens=60 rate=200 follow_ups=0")
    assert "".join(text for _, text in arrived) == answer
    assert sum(way == "at once" for way, _ in arrived) > 30


@pytest.mark.parametrize("quirk", ["crlf", "split_utf8", "no_blank_lines", "comments"])
async def test_what_is_no_whole_delta_goes_the_ordinary_way(simulator, quirk):
    arrived, answer = await told(simulator, f"tokens=40 rate=200 follow_ups=0 quirk={quirk}")
    assert "".join(text for _, text in arrived) == answer


async def test_an_engine_that_keeps_its_reader_elsewhere_costs_nothing_but_time(simulator, monkeypatch):
    monkeypatch.setattr(channel, "content_of", lambda response: None)
    arrived, answer = await told(simulator, "tokens=40 rate=200 follow_ups=0")
    assert {way for way, _ in arrived} == {"read"}
    assert "".join(text for _, text in arrived) == answer
