"""“My data”: everything as one zip; an account that is deleted, here and upstream, with a receipt (M-113)."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.leaving import PASSWORD, finished, leave, new_person, post_form, tables_with
from tests.live.test_ownership import socket
from tests.live.upstream import rows
from tests.visitor import Visitor

PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 50
HTML = {"Accept": "text/html"}


def test_the_archive_holds_everything_and_no_secret(site, simulator):
    ana = new_person(site, "ana")
    conversation, turn = ana.begin(ana.bot("Weather"), "zipped rate=0")
    [card] = ana.wait_for_round(conversation, turn)
    ana.post(f"/c/{conversation}/actions/{card['id']}/draft/", {"draft": {"text": "halfway"}, "tab": "t"})
    ana.post(f"/c/{conversation}/rename/", {"name": "../雨"})
    ana.upload(conversation, "map.png", PHOTO)
    answer = post_form(ana, "/settings/my-data/download/", password=PASSWORD)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    [copy] = [content for name, content in files.items() if name.endswith(" map.png")]
    assert copy == PHOTO
    written = {name: content.decode() for name, content in files.items() if not name.endswith(".png")}
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in written)
    [talk] = [json.loads(text) for name, text in written.items() if name.endswith(f"{conversation[:8]}.json")]
    assert talk["turns"][0]["actions"][0]["draft"] == {"text": "halfway"}
    assert "zipped" in next(text for name, text in written.items() if name.endswith(".md"))
    assert json.loads(written["profile.json"])["email"] == "ana@example.com"
    assert json.loads(written["card-drafts.json"])[0]["draft"] == {"text": "halfway"}
    assert json.loads(written["files.json"])[0]["name"] == "map.png"
    [identity] = json.loads(written["identities.json"])
    assert identity["key"].startswith("u_")
    everything = "".join(written.values())
    assert simulator.token not in everything
    assert "argon2" not in everything


def test_every_table_of_a_person_is_in_the_archive_or_named_here(site):
    """A new kind of row must be put into the archive, or be said here why it is not."""
    kinds = rows(
        site,
        "from django.apps import apps\nfrom accounts.models import User\n"
        "names = set()\n"
        "for model in apps.get_models():\n"
        "    for field in model._meta.get_fields():\n"
        "        if field.concrete and field.related_model in (User, Conversation, Turn, Message, Action):\n"
        "            names.add(model.__name__)\n"
        "print(' '.join(sorted(names)))",
    )
    in_records = {"CozeIdentity", "BotGrant", "StartParameters", "ReadMark", "Allowance", "Attachment"}
    in_records |= {"Draft", "SignIn"}
    in_conversations = {"Conversation", "Turn", "Message", "Action", "Decision"}
    in_profile = {"EmailAddress", "SocialAccount", "Authenticator"}
    # Errands, legs and events are the operators' log of upstream calls; LogEntry is the admins' own; passages
    # are what search reads of the conversations.
    not_told = {"Errand", "Leg", "Event", "LogEntry", "Deletion", "Passage"}
    # What admins and operators did is theirs; figures are sums over what is told.
    not_told |= {"AuditEntry", "TurnFigures", "ConversationFigures", "ConversationMark", "SignIn"}
    not_told |= {"LegalHold", "Look", "Annotation", "Mention", "ReviewItem", "ReviewQueue", "SavedView"}
    not_told |= {"Quota", "Viewing", "LogExport", "Reconciliation"}
    told = {"Feedback"}
    assert set(kinds.split()) <= in_records | in_conversations | in_profile | not_told | told


@pytest.mark.parametrize("path", ["/settings/my-data/download/", "/settings/my-data/delete/"])
def test_both_need_the_password(site, demo2, path):
    refused = post_form(demo2, path, password="guess")
    assert refused.status_code == 422
    assert "Incorrect password" in refused.text
    assert demo2.http.get("/settings/my-data/", headers=HTML).status_code == 200


async def test_after_deletion_nothing_of_the_person_is_left(site, simulator, demo, echo):
    kept, _ = demo.begin(echo, "stays rate=0")
    mark = f"m{uuid4().hex[:10]}"
    leaver = await asyncio.to_thread(new_person, site, mark)
    done, turn = leaver.begin(leaver.bot("Echo"), f"{mark} done rate=0")
    leaver.wait_for(done, turn, "completed")
    waiting, turn = leaver.begin(leaver.bot("Weather"), f"{mark} waits rate=0")
    leaver.wait_for_round(waiting, turn)
    hold = f"h{uuid4().hex}"
    leaver.begin(leaver.bot("Echo"), f"{mark} tokens=40 rate=0 hold={hold} hold_at=delta:5")
    await simulator.areached(hold)
    deleted, turn = leaver.begin(leaver.bot("Echo"), f"{mark} deleted before rate=0")
    leaver.wait_for(deleted, turn, "completed")
    leaver.post(f"/c/{deleted}/delete/")
    upstream = {chat["conversation_id"] for chat in simulator.chats() if mark in chat["question"]}
    assert len(upstream) == 4
    async with socket(leaver) as ws:
        path = await asyncio.to_thread(leave, leaver)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                last = json.loads(await ws.recv())
        assert last == {"type": "signed_out"}
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    receipt = await asyncio.to_thread(finished, site.url, path)
    simulator.release(hold)
    assert tables_with(site, mark) == {}
    assert "u_" not in rows(site, "print([call.identity_key for call in DeletionCall.objects.all()])")
    assert {call["conversation"] for call in receipt["calls"]} == upstream
    assert {call["outcome"] for call in receipt["calls"]} <= {"done", "gone"}
    asked = {request["path"].rpartition("/")[2] for request in simulator.requests(method="DELETE")}
    assert upstream <= asked
    assert not upstream & {one["id"] for one in simulator.conversations()}
    removed = {row["kind"]: row["count"] for row in receipt["removed"]}
    assert removed["chatweb.Conversation"] == 4
    assert removed["accounts.User"] == 1
    assert any("4 chats" in sentence for sentence in receipt["kept_upstream"])
    assert demo.conversation(kept)["turns"]
    with pytest.raises(AssertionError, match="was not let in"):
        await asyncio.to_thread(Visitor, site.url, mark, PASSWORD)


def test_the_receipt_is_for_whoever_has_the_link_and_in_their_language(site):
    path = leave(new_person(site, "ben"))
    finished(site.url, path)
    with httpx.Client(base_url=site.url, trust_env=False) as stranger:
        page = stranger.get(path, headers={"Accept-Language": "zh-CN"})
        assert "账号删除回执" in page.text
        assert page.headers["referrer-policy"] == "no-referrer"
        text = stranger.get(path, params={"format": "text"})
        assert text.headers["content-disposition"].startswith("attachment;")
        assert "ben" not in text.text.lower().replace("has been", "")
        assert stranger.get(path[:-3] + "x/").status_code == 404


def test_the_last_admin_stays(site):
    admin = Visitor(site.url, "admin")
    page = admin.http.get("/settings/my-data/", headers=HTML)
    assert "You are the only administrator of this site." in page.text
    refused = post_form(admin, "/settings/my-data/delete/", password="admin")
    assert refused.status_code == 409
    assert admin.http.get("/settings/my-data/", headers=HTML).status_code == 200
