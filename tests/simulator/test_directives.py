"""Directives in the question: how much, how fast, where it waits and how it breaks."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from simulator.directives import Directives, read_directives
from tests.simulator.asking import ask, body, completed, deltas, names, read_events
from tests.simulator.process import SimulatorProcess


def test_words_that_are_no_directives_are_text() -> None:
    text = "what is rate=fast or tokens=-1 hold_at=nowhere x=1 (rate=3) rate=inf"
    assert read_directives(text) == Directives()
    found = read_directives("a tokens=4 rate=2.5\nquirk=crlf,bom hold=h hold_at=delta:3")
    assert found == Directives(
        tokens=4, rate=2.5, quirks=frozenset({"crlf", "bom"}), hold="h", hold_at="delta:3"
    )


def test_tokens_are_distinct_deltas_that_add_up(http: httpx.Client) -> None:
    events = ask(http, "tokens=120 think=5 answers=2 follow_ups=1")
    parts = deltas(events)
    assert len(set(parts[:120])) == 120
    first, second = completed(events, "answer")
    assert first["content"] == "".join(parts[:120])
    assert any(ord(char) > 0xFFFF for char in first["content"])
    assert second["content"] == "tokens=120 think=5 answers=2 follow_ups=1"
    assert len(deltas(events, "reasoning_content")) == 5
    assert len(completed(events, "follow_up")) == 1


def test_twenty_thousand_tokens_in_one_breath(http: httpx.Client) -> None:
    assert len(deltas(ask(http, "tokens=20000"))) == 20000


@pytest.mark.parametrize("directives", ["tokens=10 rate=50", "tokens=1 first_delay=0.2"])
def test_an_answer_takes_the_time_it_was_given(http: httpx.Client, directives: str) -> None:
    answer = http.post("/v3/chat", json=body(f"{directives} follow_ups=0"))
    assert answer.elapsed.total_seconds() >= 0.2


POINTS = [
    ("created", "chat.created", 0),
    ("first", "message.delta", 1),
    ("delta:7", "message.delta", 7),
    ("last", "message.delta", 10),
    ("ending", "message.completed", 10),
    ("completed", "chat.completed", 10),
]


@pytest.mark.parametrize(("point", "last_event", "deltas_sent"), POINTS)
def test_a_chat_waits_where_it_is_told(
    http: httpx.Client, simulator: SimulatorProcess, point: str, last_event: str, deltas_sent: int
) -> None:
    question = body(f"tokens=10 follow_ups=0 hold=h1 hold_at={point}")
    with http.stream("POST", "/v3/chat", json=question) as stream:
        chunks = stream.iter_text()
        (chat_id,) = simulator.reached("h1")
        bytes_sent = simulator.chat(chat_id)["bytes_sent"]
        text = ""
        while len(text.encode()) < bytes_sent:
            text += next(chunks)
        assert names(read_events(text))[-1] == last_event
        assert len(deltas(read_events(text))) == deltas_sent
        simulator.release("h1")
        text += "".join(chunks)
    assert names(read_events(text))[-2:] == ["chat.completed", "done"]


def test_accepted_is_before_any_answer(http: httpx.Client, simulator: SimulatorProcess) -> None:
    question = body("hold=h1 hold_at=accepted", meta_data={"turn": "t1"})
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(http.post, "/v3/chat", json=question)
        (chat_id,) = simulator.reached("h1")
        assert [each["type"] for each in simulator.messages(chat_id=chat_id)] == ["question"]
        assert not answer.done()
        simulator.release("h1")
        assert names(read_events(answer.result().text))[-1] == "done"


def test_a_stalled_connection_stays_open_while_the_chat_ends(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    with http.stream("POST", "/v3/chat", json=body("tokens=50 stall_after=4")) as stream:
        chunks = stream.iter_text()
        text = next(chunks)
        chat_id = read_events(text)[0][1]["id"]
        entry = simulator.settled(chat_id)
        while len(text.encode()) < entry["bytes_sent"]:
            text += next(chunks)
        assert (entry["status"], entry["has_open_stream"]) == ("completed", True)
    assert len(deltas(read_events(text))) == 4


@pytest.mark.parametrize(
    ("directive", "last", "code"),
    [("error=4013", "chat.failed", 4013), ("error_event=5000", "error", 5000)],
)
def test_failures(
    http: httpx.Client, simulator: SimulatorProcess, directive: str, last: str, code: int
) -> None:
    events = [event for event in ask(http, directive) if event[0] != "done"]
    assert names(events)[-1] == last
    data = events[-1][1]
    assert data.get("last_error", data)["code"] == code
    assert deltas(events)
    assert simulator.chats()[0]["error_code"] == code


def test_refused_before_anything_is_begun(http: httpx.Client, simulator: SimulatorProcess) -> None:
    answer = http.post("/v3/chat", json=body("refuse=4011"))
    assert answer.json()["code"] == 4011
    assert answer.headers["content-type"].startswith("application/json")
    mislabelled = http.post("/v3/chat", json=body("refuse=4011 quirk=json_as_stream"))
    assert mislabelled.json()["code"] == 4011
    assert mislabelled.headers["content-type"] == "text/event-stream"
    assert simulator.chats() == []
