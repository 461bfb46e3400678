"""A second person meets 404 at every door: URL, POST and frame (M-091)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from django.urls import get_resolver
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.tab import open_tab
from tests.visitor import Visitor


def doors(prefix: str = "", patterns=None) -> list[str]:
    """Every URL of ours that names a conversation or a file."""
    found = []
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith("console/"):
            continue  # for operators, whose it is not either: test_every_door.py
        if hasattr(pattern, "url_patterns"):
            found += doors(route, pattern.url_patterns)
        elif "conversation_id" in route or "attachment_id" in route:
            found.append(route)
    return found


DOORS = doors()


@dataclass(frozen=True)
class Theirs:
    """A conversation of somebody else in which a card waits behind an answer."""

    conversation: str
    turn: str
    action: str
    file: str
    message: str


def address(door: str, conversation: str, theirs: Theirs) -> str:
    path = "/" + door.replace("<uuid:conversation_id>", conversation)
    path = path.replace("<uuid:attachment_id>", theirs.file)
    for name in ("turn", "action", "message"):
        path = path.replace(f"<uuid:{name}_id>", getattr(theirs, name))
    assert "<" not in path, "a door with an id that this test does not know"
    return path


@pytest.fixture(scope="module")
def theirs(demo, weather) -> Theirs:
    conversation, first = demo.begin(weather, "private rate=0 follow_ups=0")
    [card] = demo.wait_for_round(conversation, first)
    demo.answer(conversation, first, {card["id"]: '{"private": 1}'})
    [answer] = demo.wait_for(conversation, first, "completed")["messages"]
    turn = demo.ask(conversation, "private rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    file = demo.upload(conversation, "private.png", b"\x89PNG\r\n\x1a\n private")
    return Theirs(conversation, turn, card["id"], file["id"], answer["id"])


def test_there_are_doors_to_try() -> None:
    assert len(DOORS) >= 20
    assert sum("action_id" in door for door in DOORS) >= 2


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_meets_404(demo2, theirs, door, method) -> None:
    path = address(door, theirs.conversation, theirs)
    body = {
        "text": "mine now",
        "client_id": str(uuid4()),
        "name": "mine",
        "on": True,
        "outputs": {theirs.action: "x"},
        "draft": {"text": "mine"},
        "rating": "bad",
        "tab": "mine",
    }
    headers = {"X-CSRFToken": demo2.http.cookies["csrftoken"]}
    answer = demo2.http.request(method, path, json=body if method == "POST" else None, headers=headers)
    assert answer.status_code in {404, 405}
    assert "private" not in answer.text


@pytest.mark.parametrize("door", DOORS)
def test_a_turn_a_card_or_an_answer_of_another_conversation_of_mine_is_not_found(
    demo, echo, theirs, door
) -> None:
    if door.count("<uuid:") == 1:
        return
    other, _turn = demo.begin(echo, "another rate=0")
    path = address(door, other, theirs)
    headers = {"X-CSRFToken": demo.http.cookies["csrftoken"]}
    answers = [demo.http.get(path), demo.http.post(path, json={"rating": "bad"}, headers=headers)]
    assert {answer.status_code for answer in answers} in ({404}, {404, 405})


@pytest.mark.parametrize("door", DOORS)
def test_nobody_gets_in_without_signing_in(site, theirs, door) -> None:
    path = address(door, theirs.conversation, theirs)
    answer = httpx.get(site.url + path, headers={"Accept": "application/json"}, trust_env=False)
    assert answer.status_code in {401, 405}


def test_a_command_without_the_csrf_token_is_refused(demo, theirs) -> None:
    answer = demo.http.post(f"/c/{theirs.conversation}/ask/", json={"text": "x", "client_id": str(uuid4())})
    assert answer.status_code == 403


def test_a_stranger_cannot_answer_through_a_conversation_of_their_own(demo2, theirs) -> None:
    mine, turn = demo2.begin(demo2.bot("Weather"), "mine rate=0")
    demo2.wait_for_round(mine, turn)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo2.answer(mine, turn, {theirs.action: "x"})
    assert refused.value.response.status_code == 404


def test_the_tasks_of_others_are_never_shown(demo, demo2, theirs) -> None:
    assert theirs.action in [task["action"]["id"] for task in demo.tasks()]
    assert theirs.action not in [task["action"]["id"] for task in demo2.tasks()]
    assert "private" not in demo2.http.get("/tasks/", headers={"Accept": "text/html"}).text


def test_nobody_sees_tasks_without_signing_in(site) -> None:
    answer = httpx.get(f"{site.url}/tasks/", headers={"Accept": "application/json"}, trust_env=False)
    assert answer.status_code == 401


async def test_a_draft_reaches_only_its_own_person(demo, demo2, theirs) -> None:
    async with socket(demo2) as ws:
        json.loads(await ws.recv())  # welcome
        body = {"draft": {"text": "private"}, "tab": "left"}
        demo.post(f"/c/{theirs.conversation}/actions/{theirs.action}/draft/", body)
        own, _turn = demo2.begin(demo2.bot("Echo"), "a sign of life rate=0")
        while json.loads(said := await ws.recv()).get("conversation", {}) != own and own not in str(said):
            assert "private" not in str(said)


def test_at_the_end_the_card_is_as_it_was(demo, theirs) -> None:
    [card] = demo.turn(theirs.conversation, theirs.turn)["actions"]
    assert (card["state"], card["output"], card["draft"]) == ("pending", "", {"text": "private"})


def socket(visitor, **changes):
    headers = {"Cookie": visitor.cookie}
    url = visitor.url.replace("http", "ws", 1) + "/ws/"
    return connect(url, **{"origin": visitor.url, "additional_headers": headers, **changes})


async def answers(ws, *frames: object) -> list[dict]:
    """What the server says to each frame, in order."""
    json.loads(await ws.recv())  # welcome
    said = []
    for frame in frames:
        await ws.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
        said.append(json.loads(await ws.recv()))
    return said


async def test_a_stranger_cannot_follow(demo2, theirs) -> None:
    async with socket(demo2) as ws:
        [said] = await answers(ws, {"type": "follow", "conversation": theirs.conversation, "version": 0})
        assert said == {"type": "refused", "conversation": theirs.conversation, "reason": "not_found"}


async def test_a_conversation_that_does_not_exist_is_refused_the_same_way(demo) -> None:
    async with socket(demo) as ws:
        unknown = str(uuid4())
        [said] = await answers(ws, {"type": "follow", "conversation": unknown, "version": 0})
        assert said == {"type": "refused", "conversation": unknown, "reason": "not_found"}


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("{", "malformed"),
        ("[]", "malformed"),
        ("null", "malformed"),
        (b"\xff\x00", "malformed"),
        ({"type": "follow"}, "malformed"),
        ({"type": "follow", "conversation": "../../etc"}, "malformed"),
        ({"type": "follow", "conversation": 5}, "malformed"),
        ({"type": "follow", "conversation": str(uuid4()), "version": -1}, "malformed"),
        ({"type": "follow", "conversation": str(uuid4()), "version": True}, "malformed"),
        ({"type": "ack", "chars": "many"}, "malformed"),
        ({"type": "ask", "text": "do something"}, "unknown"),
        ({"type": "x" * 20_000}, "too_large"),
    ],
)
async def test_nonsense_is_named_and_the_third_closes(demo, frame, reason) -> None:
    async with socket(demo) as ws:
        said = await answers(ws, frame, frame)
        assert said == [{"type": "error", "reason": reason}] * 2
        await ws.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await ws.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_another_sites_page_cannot_open_the_socket(demo, origin) -> None:
    with pytest.raises(InvalidStatus):
        async with socket(demo, origin=origin):
            pass


async def test_without_a_login_the_socket_says_so_and_closes(site, demo) -> None:
    async with socket(demo, additional_headers={}) as ws:
        assert json.loads(await ws.recv()) == {"type": "signed_out"}
        with pytest.raises(ConnectionClosed) as closed:
            await ws.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401


async def test_signing_out_closes_the_sockets_and_the_turn_goes_on(site, demo, simulator) -> None:

    leaver = Visitor(site.url, "demo")
    hold = f"h{uuid4().hex}"
    conversation, turn = leaver.begin(leaver.bot("Echo"), f"tokens=20 rate=0 hold={hold} hold_at=delta:5")
    await simulator.areached(hold)
    async with socket(leaver) as ws:
        await answers(ws, {"type": "follow", "conversation": conversation, "version": 0})
        token = leaver.http.cookies["csrftoken"]
        leaver.http.post("/accounts/logout/", data={"csrfmiddlewaretoken": token})
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                last = json.loads(await ws.recv())
        assert last == {"type": "signed_out"}
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    simulator.release(hold)
    async with open_tab(demo, conversation) as tab:
        await tab.until(lambda view: view.state(turn) == "completed")
    leaver.close()
