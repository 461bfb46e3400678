"""An admin who sees the site as somebody else reads, follows, and can change nothing (M-089)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.live.test_every_door import DOORS, knock
from tests.live.test_ownership import DOORS as OWN_DOORS
from tests.live.test_ownership import Theirs, address
from tests.live.upstream import rows
from tests.process import Site
from tests.visitor import Visitor

SNAPSHOT = ["dumpdata", "accounts.user", "chatweb"]
for _written_meanwhile in ("auditentry", "errand", "hourfigures", "usagefigures", "changedhour"):
    SNAPSHOT += ["-e", f"chatweb.{_written_meanwhile}"]
# What somebody who looks may see: a page that is not here is closed to them.
SEEN = {
    "/",
    "/conversations/",
    "/tasks/",
    "/search/",
    "/search/places/",
    "/diagram/",
    "/healthz",
    "/readyz",
    "/metrics",
}


@pytest.fixture(scope="module")
def theirs(demo, weather) -> Theirs:
    conversation, first = demo.begin(weather, "seen rate=0 follow_ups=0")
    [card] = demo.wait_for_round(conversation, first)
    demo.answer(conversation, first, {card["id"]: '{"seen": 1}'})
    [answer] = demo.wait_for(conversation, first, "completed")["messages"]
    turn = demo.ask(conversation, "seen again rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    file = demo.upload(conversation, "seen.png", b"\x89PNG\r\n\x1a\n seen")
    return Theirs(conversation, turn, card["id"], file["id"], answer["id"])


@pytest.fixture
def looking(site: Site, theirs: Theirs) -> Iterator[Visitor]:
    """The admin, as demo."""
    admin = Visitor(site.url, "admin")
    pk = rows(site, "from accounts.models import User; print(User.objects.get(username='demo').pk)")
    fields = {"reason": "a ticket", "confirmed": "1", "csrfmiddlewaretoken": admin.http.cookies["csrftoken"]}
    begun = admin.http.post(
        f"/admin/accounts/user/{pk}/view-as/", data=fields, headers={"Accept": "text/html"}
    )
    assert begun.headers["location"] == "/"
    yield admin
    end(admin)
    admin.close()


def end(admin: Visitor) -> httpx.Response:
    return admin.http.post("/viewing/end/", headers={"X-CSRFToken": admin.http.cookies["csrftoken"]})


def test_they_see_what_the_person_sees(looking, demo, theirs) -> None:
    seen, own = (
        looking.page_state(f"/c/{theirs.conversation}/"),
        demo.page_state(f"/c/{theirs.conversation}/"),
    )
    assert seen["user"] == own["user"]
    assert [turn["id"] for turn in seen["turns"]] == [turn["id"] for turn in own["turns"]]
    assert theirs.action in [task["action"]["id"] for task in looking.tasks()]
    page = looking.http.get(f"/c/{theirs.conversation}/", headers={"Accept": "text/html"}).text
    assert "You see the site as demo." in page


def test_no_door_changes_anything(site, looking, theirs) -> None:
    before = json.loads(site.manage(*SNAPSHOT))
    body = {
        "text": "never sent", "client_id": str(uuid4()), "name": "never", "on": True, "tab": "never",
        "outputs": {theirs.action: "x"}, "draft": {"text": "never"}, "rating": "bad", "bot": str(uuid4()),
    }  # fmt: skip
    headers = {"X-CSRFToken": looking.http.cookies["csrftoken"]}
    own = {
        address(door, theirs.conversation, theirs) for door in OWN_DOORS if door.startswith(("c/", "files/"))
    }
    for path in sorted({*DOORS, *own} - {"/viewing/end/"}):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = looking.http.request(method, path, json=body, headers=headers, follow_redirects=False)
            assert answer.status_code in {403, 404}, (method, path, answer.status_code)
            if path in own:
                assert answer.json()["error"]["reason"] == "only_looking", (method, path)
    assert json.loads(site.manage(*SNAPSHOT)) == before


def test_only_pages_of_the_chat_are_open(looking, theirs) -> None:
    statuses = {door: knock(looking.http, door, "GET").status_code for door in DOORS}
    # A 404 is a page of the chat with an id of nothing, or no page at all.
    open_ones = {door for door, status in statuses.items() if status not in {403, 404, 405}}
    pages_parts = {door for door in open_ones if door.startswith(("/jsi18n/", "/brand", "/pictures/"))}
    assert open_ones - pages_parts == SEEN
    for path in (f"/c/{theirs.conversation}/export/", "/settings/my-data/download/", "/settings/", "/admin/"):
        assert knock(looking.http, path, "GET").status_code == 403, path


def test_logging_out_as_them_is_refused_too(looking) -> None:
    token = looking.http.cookies["csrftoken"]
    answer = looking.http.post("/accounts/logout/", data={"csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    assert looking.page_state()["user"]["name"] == "demo"


async def test_the_socket_follows_as_the_person_and_closes_at_the_end(looking, demo, echo, theirs) -> None:
    headers = {"Cookie": looking.cookie}
    async with connect(
        looking.url.replace("http", "ws", 1) + "/ws/", origin=looking.url, additional_headers=headers
    ) as ws:
        json.loads(await ws.recv())
        await ws.send(json.dumps({"type": "follow", "conversation": theirs.conversation, "version": 0}))
        assert json.loads(await ws.recv())["type"] == "caught_up"
        conversation, _turn = demo.begin(echo, "live rate=0")
        while conversation not in str(await ws.recv()):
            pass
        assert end(looking).status_code == 303
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                last = json.loads(await ws.recv())
    assert last == {"type": "signed_out"}
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    assert looking.page_state()["user"]["name"] == "admin"


async def test_the_admins_own_tabs_close_when_it_begins(site, looking, theirs) -> None:
    """They would show one person and act as another."""
    end(looking)
    headers = {"Cookie": looking.cookie}
    url = looking.url.replace("http", "ws", 1) + "/ws/"
    async with connect(url, origin=looking.url, additional_headers=headers) as ws:
        json.loads(await ws.recv())
        await ws.send(json.dumps({"type": "follow", "conversation": theirs.conversation, "version": 0}))
        assert json.loads(await ws.recv())["reason"] == "not_found"
        pk = rows(site, "from accounts.models import User; print(User.objects.get(username='demo').pk)")
        fields = {"reason": "x", "confirmed": "1", "csrfmiddlewaretoken": looking.http.cookies["csrftoken"]}
        looking.http.post(f"/admin/accounts/user/{pk}/view-as/", data=fields)
        assert json.loads(await ws.recv()) == {"type": "signed_out"}
