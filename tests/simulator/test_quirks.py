"""Each oddity of the wire can be had on demand, and is what it says."""

import json

import httpx
import pytest

from tests.simulator.asking import ask, body, completed, deltas, names
from tests.simulator.process import SimulatorProcess


def raw(http: httpx.Client, quirk: str, text: str = "你好 😀") -> bytes:
    answer = http.post("/v3/chat", json=body(f"{text} quirk={quirk}"))
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize(
    ("quirk", "has", "has_not"),
    [
        ("crlf", b"\r\n\r\n", b"d\n"),
        ("cr", b"\r\revent:", b"\n"),
        ("space", b"event: done\ndata: ", b"event:d"),
        ("no_blank_lines", b"\nevent:done\n", b"\n\n"),
        ("comments", b": keep-alive\nevent:", b"no such thing"),
        ("ids", b"id:3\nevent:", b"no such thing"),
        ("retry", b"retry: 3000\n", b"no such thing"),
        ("multi_data", b'data: "id":', b"no such thing"),
        ("bom", b"\xef\xbb\xbfevent:", b"no such thing"),
        ("numeric_ids", b'"chat_id":7', b'"chat_id":"'),
        ("done_plain", b"data:[DONE]\n", b'"[DONE]"'),
        ("done_empty", b"event:done\ndata:\n", b"[DONE]"),
        ("done_object", b'data:{"debug_url"', b"[DONE]"),
        ("no_done", b"chat.completed", b"event:done"),
        ("compleated", b'"status":"compleated"', b'"status":"completed"'),
        ("unknown_event", b"event:conversation.message.sparkle\n", b"no such thing"),
        ("ping", b"event:PING\n", b"no such thing"),
        ("empty_reasoning", b'"reasoning_content":""', b"no such thing"),
        ("error_then_completed", b"event:error\ndata:", b"no such thing"),
        ("no_final", b"follow_up", b"conversation.chat.completed"),
        ("completed_only", b"message.completed", b"message.delta"),
    ],
)
def test_spellings(http: httpx.Client, quirk: str, has: bytes, has_not: bytes) -> None:
    content = raw(http, quirk)
    assert has in content
    assert has_not not in content


def test_the_last_frame_may_end_without_a_newline(http: httpx.Client) -> None:
    assert raw(http, "no_last_newline").endswith(b'data:"[DONE]"')


def test_surrogate_halves_in_deltas_of_their_own(http: httpx.Client) -> None:
    events = ask(http, "😀 quirk=surrogates")
    joined = "".join(deltas(events)).encode("utf-16", "surrogatepass").decode("utf-16")
    assert joined == "😀 quirk=surrogates"
    assert any("\ud83d" in part for part in deltas(events))


def test_the_whole_may_come_twice_or_differ(http: httpx.Client) -> None:
    assert len(completed(ask(http, "x quirk=completed_twice"), "answer")) == 2
    events = ask(http, "x quirk=completed_differs")
    assert completed(events, "answer")[0]["content"] == "".join(deltas(events)) + " (revised)"


def test_split_inside_characters_the_text_is_still_whole(http: httpx.Client) -> None:
    with http.stream("POST", "/v3/chat", json=body("你好 quirk=split_utf8")) as stream:
        chunks = list(stream.iter_raw())
    assert "你好".encode() in b"".join(chunks)
    assert len(chunks) > 10


def test_html_json_or_nothing_in_place_of_a_stream(http: httpx.Client, simulator: SimulatorProcess) -> None:
    answer = http.post("/v3/chat", json=body("x quirk=html_502"))
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    answer = http.post("/v3/chat", json=body("x quirk=json_instead"))
    assert answer.json()["data"]["status"] == "in_progress"
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/v3/chat", json=body("x quirk=empty"))
    for chat in simulator.chats():
        assert simulator.settled(chat["id"])["status"] == "completed"


def test_garbage_in_the_middle_and_the_chat_goes_on(http: httpx.Client, simulator: SimulatorProcess) -> None:
    content = http.post("/v3/chat", json=body("garbage", "Trouble")).content
    assert b"\x00\xff" in content
    assert b"event:done" not in content
    assert simulator.settled(simulator.chats()[0]["id"])["status"] == "completed"


def test_without_a_quirk_the_vendors_reader_would_not_stumble(http: httpx.Client) -> None:
    answer = http.post(
        "/v3/chat",
        json=body(
            "a\u2028b\u2029c\x85d\x00e\x0b \ud83d".encode("utf-16", "surrogatepass").decode(
                "utf-16", "replace"
            )
        ),
    )
    for line in answer.text.splitlines():
        assert not line or line.startswith(("event:", "data:"))
        if line.startswith("data:"):
            json.loads(line[5:])
    assert names([("conversation.x", None)]) == ["x"]
