"""What stands in the composer: on every device within moments, over when it is sent (M-024)."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from tests.tab import open_tab
from tests.visitor import Visitor

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(64))


def keep(person: Visitor, conversation: str, text: str, files: list[str] | None = None) -> int:
    body = {"text": text, "files": files or [], "tab": "left"}
    path = f"/c/{conversation}/draft/" if conversation else "/draft/"
    return int(person.post(path, body)["draft_version"])


def send(person: Visitor, conversation: str, text: str, files: list[str] | None = None) -> None:
    body = {"client_id": str(uuid4()), "text": text, "files": files or [], "from_draft": True}
    person.post(f"/c/{conversation}/ask/", body)


async def test_a_draft_is_on_the_other_device_and_gone_when_it_is_sent(demo, phone, echo) -> None:
    conversation, turn = demo.begin(echo, "rate=0")
    demo.wait_for(conversation, turn, "completed")
    file = demo.attach(conversation, "sky.png", PIXEL)
    async with open_tab(phone, conversation) as tab:
        version = await asyncio.to_thread(keep, demo, conversation, "half a thou", [file["id"]])
        await tab.until(lambda view: len(tab.drafts) == 1)
        [frame] = tab.drafts
        assert (frame["conversation"], frame["tab"]) == (conversation, "left")
        assert frame["draft"] == {"text": "half a thou", "files": [file], "version": version}
        assert phone.conversation(conversation)["draft"] == frame["draft"]
        assert phone.page_state(f"/c/{conversation}/")["draft"] == frame["draft"]
        await asyncio.to_thread(send, demo, conversation, "half a thought rate=0", [file["id"]])
        await tab.until(lambda view: len(tab.drafts) == 2)
        assert tab.drafts[1]["draft"] == {"text": "", "files": [], "version": version + 1}
        assert tab.drafts[1]["tab"] == ""


def test_a_draft_that_says_something_else_by_then_stays(demo, echo) -> None:
    conversation, _turn = demo.begin(echo, "rate=0")
    keep(demo, conversation, "the next one")
    send(demo, conversation, "the first one rate=0")
    assert demo.conversation(conversation)["draft"]["text"] == "the next one"


def test_the_start_screen_has_its_own_and_strangers_see_none(demo, demo2, echo) -> None:
    theirs = demo2.attach_to_bot(demo2.bot("Echo"), "theirs.png", PIXEL)["id"]
    keep(demo, "", "to begin with", [theirs])
    draft = demo.page_state()["draft"]
    assert (draft["text"], draft["files"]) == ("to begin with", [])
    assert demo2.page_state()["draft"]["text"] == ""
    ids = {"bot": echo, "client_id": str(uuid4()), "turn_client_id": str(uuid4())}
    demo.post("/conversations/", {**ids, "text": "to begin with rate=0", "from_draft": True})
    assert demo.page_state()["draft"]["text"] == ""
