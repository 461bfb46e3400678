"""Files that go with questions: what reaches the bot, what is refused and why, what comes back (M-026)."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.live.upstream import a_mark
from tests.process import running_site
from tests.visitor import Visitor, refusal_of

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
PAPER = b"%PDF-1.7\n" + b"x" * 3000


def sent(simulator, mark: str) -> list[dict]:
    """The items of the question as the upstream got it."""
    bodies = [one["body"] for one in simulator.requests("/v3/chat")]
    [message] = [each for body in bodies for each in body["additional_messages"] if mark in each["content"]]
    assert message["content_type"] == "object_string"
    return json.loads(message["content"])


def sentence_of(refused: httpx.HTTPStatusError) -> str:
    return str(refused.response.json()["error"]["sentence"])


def test_a_question_begins_a_conversation_with_text_and_two_files(demo, echo, simulator) -> None:
    mark = a_mark()
    picture = demo.attach_to_bot(echo, "sky 天.png", PIXEL)
    paper = demo.attach_to_bot(echo, "report.pdf", PAPER)
    assert (picture["kind"], paper["kind"], paper["mime"]) == ("image", "document", "application/pdf")
    conversation, turn = demo.begin(echo, f"{mark} look rate=0", files=[paper["id"], picture["id"]])
    done = demo.wait_for(conversation, turn, "completed")
    assert [file["id"] for file in done["files"]] == [picture["id"], paper["id"]]
    words, image, document = sent(simulator, mark)
    assert words == {"type": "text", "text": f"{mark} look rate=0"}
    assert (image["type"], document["type"]) == ("image", "file")
    said = done["messages"][-1]["text"]
    assert "[image: sky 天.png, 72 bytes]" in said and f"[file: report.pdf, {len(PAPER)} bytes]" in said
    again = demo.post(f"/c/{conversation}/turns/{turn}/again/", {"client_id": conversation})["turn"]
    assert [file["id"] for file in again["files"]] == [picture["id"], paper["id"]]
    assert "report.pdf" in demo.wait_for(conversation, again["id"], "completed")["messages"][-1]["text"]


def test_files_need_no_words_and_are_then_sent_with_their_names(demo, echo, simulator) -> None:
    name = f"{a_mark()}.png"
    conversation, turn = demo.begin(echo, "", files=[demo.attach_to_bot(echo, name, PIXEL)["id"]])
    done = demo.wait_for(conversation, turn, "completed")
    assert (done["question"], done["files"][0]["name"]) == ("", name)
    assert demo.conversation(conversation)["conversation"]["name"] == name
    assert sent(simulator, name)[0] == {"type": "text", "text": name}


@pytest.mark.parametrize(
    ("name", "content", "expected", "words"),
    [
        ("notes.md", b"# notes", (400, "file_type"), "notes.md"),
        ("empty.png", b"", (400, "empty_file"), "empty.png is empty"),
    ],
)
def test_what_no_bot_takes_is_refused_by_name(demo, echo, name, content, expected, words) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.attach_to_bot(echo, name, content)
    assert refusal_of(refused.value) == expected
    assert words in sentence_of(refused.value)


@pytest.mark.needs("plain_chatflows")
def test_a_bot_that_cannot_read_files_is_offered_none(demo, planner, city_weather, echo) -> None:
    bots = {bot["id"]: bot for bot in demo.page_state()["bots"]}
    assert bots[planner]["file_kinds"] == bots[city_weather]["file_kinds"] == []
    assert "image" in bots[echo]["file_kinds"] and bots[echo]["most_files"] == 10
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.attach_to_bot(planner, "sky.png", PIXEL)
    assert refusal_of(refused.value) == (400, "no_files")


def test_more_files_than_the_bot_takes_are_refused_and_begin_nothing(demo, echo) -> None:
    files = [demo.attach_to_bot(echo, f"{number}.png", PIXEL)["id"] for number in range(11)]
    before = demo.page_state()["list_version"]
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.begin(echo, "too many", files=files)
    assert refusal_of(refused.value) == (400, "too_many_files")
    assert "At most 10 files" in sentence_of(refused.value)
    assert demo.page_state()["list_version"] == before


def test_a_file_of_somebody_else_or_of_another_conversation_does_not_go_along(demo, demo2, echo) -> None:
    conversation, _turn = demo.begin(echo, "one rate=0")
    other, _turn = demo.begin(echo, "other rate=0")
    theirs = demo2.attach_to_bot(demo2.bot("Echo"), "theirs.png", PIXEL)["id"]
    for file in (theirs, demo.attach(other, "mine.png", PIXEL)["id"]):
        with pytest.raises(httpx.HTTPStatusError) as refused:
            demo.ask(conversation, "with it", [file])
        assert refusal_of(refused.value) == (404, "not_found")


def test_a_name_reads_as_it_is_and_a_type_is_what_the_bytes_say(demo, echo) -> None:
    file = demo.attach_to_bot(echo, "invoice\u202egnp.\u2066jpg", PIXEL)
    assert (file["name"], file["mime"]) == ("invoicegnp.jpg", "image/png")
    page = demo.attach_to_bot(echo, "page.png", b"<html><script>alert(1)</script>")
    assert (page["mime"], page["kind"], page["picture"]) == ("text/plain", "document", "")


def test_the_owner_gets_the_copy_back_inert(demo, demo2, echo) -> None:
    file = demo.attach_to_bot(echo, 'a "sky".png', PIXEL)
    saved = demo.http.get(file["copy"])
    assert saved.content == PIXEL
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")
    shown = demo.http.get(file["picture"])
    assert (shown.content, shown.headers["content-type"]) == (PIXEL, "image/png")
    for answer in (saved, shown):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    for path in (file["copy"], file["picture"]):
        assert demo2.http.get(path).status_code == 404
    page = demo.attach_to_bot(echo, "page.csv", b"<html>")
    assert demo.http.get(f"/files/{page['id']}/picture/").status_code == 404


def test_a_large_file_goes_through_and_the_limit_holds(tmp_path, simulator) -> None:
    """Larger than what the server keeps in memory, so from the disk to the upstream and to our copy."""
    env = {"MAX_FILE_BYTES": "6000000", "UPSTREAM_FILE_DAYS": "0"}
    with running_site(tmp_path, simulator.url, simulator.token, env=env) as site:
        person = Visitor(site.url, "demo")
        echo = person.bot("Echo")
        content = PAPER * 1900
        file = person.attach_to_bot(echo, "long.pdf", content)
        assert person.http.get(file["copy"]).content == content
        with pytest.raises(httpx.HTTPStatusError) as refused:
            person.attach_to_bot(echo, "longer.pdf", content + b"x" * 500_000)
        assert refusal_of(refused.value) == (413, "too_large")
        with pytest.raises(httpx.HTTPStatusError) as refused:
            person.begin(echo, "expired at once", files=[file["id"]])
        assert refusal_of(refused.value) == (409, "file_expired")
        person.close()
