"""Shortcut commands: what goes to the upstream when one is chosen (wire-chat 2)."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.simulator.process import SimulatorProcess
from tests.visitor import Visitor, refusal_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def showcase(demo: Visitor) -> dict[str, Any]:
    return next(bot for bot in demo.page_state()["bots"] if bot["name"] == "Showcase")


def shortcut(bot: dict[str, Any], name: str, **values: str) -> dict[str, Any]:
    return {"id": next(one["id"] for one in bot["shortcuts"] if one["name"] == name), "values": values}


def begin(demo: Visitor, bot: dict[str, Any], chosen: dict[str, Any], text: str = "") -> tuple[str, str]:
    ids = {"client_id": str(uuid4()), "turn_client_id": str(uuid4())}
    answer = demo.post("/conversations/", {"bot": bot["id"], "text": text, "shortcut": chosen, **ids})
    return answer["conversation"]["id"], answer["turn"]["id"]


def bodies(simulator: SimulatorProcess, text: str) -> list[dict[str, Any]]:
    """Chats that were asked for with this text somewhere in them."""
    received = [request["body"] for request in simulator.requests("/v3/chat", "POST")]
    return [body for body in received if text in json.dumps(body, ensure_ascii=False)]


def test_it_is_sent_as_a_command_and_asked_once(demo, showcase, simulator) -> None:
    mark = f"birds {uuid4()}"
    chosen = shortcut(showcase, "Write a text", subject=mark, kind="list", language="Klingon")
    conversation, turn = begin(demo, showcase, chosen, text="something else")
    ended = demo.wait_for(conversation, turn, "completed")
    assert ended["question"] == f"Write a list about {mark} in English"
    assert demo.conversation(conversation)["conversation"]["name"].startswith("Write a list about birds")
    [body] = bodies(simulator, mark)
    assert body["additional_messages"] == []
    said = {name: json.loads(value) for name, value in body["shortcut_command"]["parameters"].items()}
    assert said["subject"] == [{"type": "text", "text": mark}]
    assert said["language"] == [{"type": "text", "text": "English"}], "what is hidden is not asked for"
    [chat] = [chat for chat in simulator.chats() if chat["question"] == ended["question"]]
    questions = [each for each in simulator.messages(chat["conversation_id"]) if each["type"] == "question"]
    assert len(questions) == 1


def test_asking_again_and_editing(demo, showcase, simulator) -> None:
    """Again is the same command; other words are no command any more."""
    mark = str(uuid4())
    first = shortcut(showcase, "Write a text", subject=f"{mark} hold={mark} hold_at=first")
    conversation, turn = begin(demo, showcase, first)
    simulator.reached(mark)
    body = {
        "client_id": str(uuid4()),
        "text": "",
        "shortcut": shortcut(showcase, "Write a text", subject="x"),
    }
    queued = demo.post(f"/c/{conversation}/ask/", body)["turn"]["id"]
    demo.post(f"/c/{conversation}/turns/{queued}/edit/", {"text": f"in my words {mark}"})
    simulator.release(mark)
    demo.wait_for(conversation, queued, "completed")
    again = demo.post(f"/c/{conversation}/turns/{turn}/again/", {"client_id": str(uuid4())})["turn"]["id"]
    demo.wait_for(conversation, again, "completed")
    sent = bodies(simulator, mark)
    assert [("shortcut_command" in each) for each in sent] == [True, False, True]
    assert sent[0]["shortcut_command"] == sent[2]["shortcut_command"]


def test_one_without_values_is_a_question_like_any_other(demo, showcase, simulator) -> None:
    conversation, turn = begin(demo, showcase, shortcut(showcase, "Everything"))
    assert demo.wait_for(conversation, turn, "completed")["question"] == "Show me everything you can"
    body = bodies(simulator, "Show me everything you can")[-1]
    assert "shortcut_command" not in body
    assert body["additional_messages"][0]["content"] == "Show me everything you can"


def test_a_file_goes_by_the_upstreams_id_and_is_called_by_its_name(demo, demo2, showcase, simulator) -> None:
    conversation, turn = begin(demo, showcase, shortcut(showcase, "Everything"))
    demo.wait_for(conversation, turn, "completed")
    file = demo.upload(conversation, f"sky {turn}.png", PNG)
    ask = {"client_id": str(uuid4()), "text": ""}
    picture = shortcut(showcase, "Picture", picture=f"file:{file['id']}")
    asked = demo.post(f"/c/{conversation}/ask/", {**ask, "shortcut": picture})["turn"]
    assert asked["question"] == f"Make a table of what is in sky {turn}.png"
    demo.wait_for(conversation, asked["id"], "completed")
    body = simulator.requests("/v3/chat", "POST")[-1]["body"]
    [item] = json.loads(body["shortcut_command"]["parameters"]["picture"])
    assert item["type"] == "image"
    assert item["file_id"] in {each["id"] for each in simulator.control("GET", "files")["files"]}
    with pytest.raises(httpx.HTTPStatusError) as refused:  # there is no conversation for it
        begin(demo, showcase, picture)
    assert refusal_of(refused.value) == (400, "wrong_values")
    other, _turn = begin(demo2, showcase, shortcut(showcase, "Everything"))
    with pytest.raises(httpx.HTTPStatusError) as refused:  # it is somebody else's
        demo2.post(f"/c/{other}/ask/", {"client_id": str(uuid4()), "text": "", "shortcut": picture})
    assert refusal_of(refused.value) == (404, "not_found")


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"id": "404", "values": {}}, "shortcut_gone"),
        ({"id": "Write a text", "values": {}}, "wrong_values"),
        ({"id": "Write a text", "values": {"subject": ""}}, "wrong_values"),
        ({"id": "Write a text", "values": {"subject": ["x"]}}, "wrong_values"),
        ({"id": "Write a text", "values": {"subject": "x", "kind": "poem"}}, "wrong_values"),
        ({"id": "Write a text", "values": "x"}, "malformed"),
        ("x", "malformed"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_begun(demo, showcase, chosen, reason) -> None:
    if isinstance(chosen, dict) and not chosen["id"].isdigit():
        chosen = {**chosen, "id": shortcut(showcase, chosen["id"])["id"]}
    before = demo.page_state()["list_version"]
    with pytest.raises(httpx.HTTPStatusError) as refused:
        begin(demo, showcase, chosen)
    assert refusal_of(refused.value) == (400, reason)
    assert demo.page_state()["list_version"] == before


@pytest.mark.needs("finds_by_meta")
async def test_a_site_that_dies_before_it_knows_the_chat_finds_it_by_its_words(demo, showcase, simulator):
    """The question is made upstream, without our mark; a stream that breaks at once must not lose it."""
    mark = str(uuid4())
    conversation, turn = begin(
        demo, showcase, shortcut(showcase, "Write a text", subject=f"{mark} drop_after=0")
    )
    ended = demo.wait_for(conversation, turn, "completed", "lost", seconds=40)
    assert ended["state"] == "completed"
    assert mark in ended["question"]
    assert ended["messages"][0]["text"].startswith("# Showcase")
    assert len(bodies(simulator, mark)) == 1
