"""What is refused, what is accepted, and that both can be counted."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.asking import (
    answer_text,
    ask,
    calls_of,
    code_of,
    names,
    new_conversation,
    read_events,
    submit,
    submit_one,
    waiting_chat,
)
from tests.simulator.process import BOT_IDS, SimulatorProcess, simulator_process


def retrieve(http: httpx.Client, chat: dict[str, Any]) -> dict[str, Any]:
    params = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    return dict(http.get("/v3/chat/retrieve", params=params).json()["data"])


def counts(simulator: SimulatorProcess, chat: dict[str, Any]) -> tuple[int, int]:
    entry = simulator.chat(chat["id"])
    return entry["accepted"], entry["refused"]


def test_a_submit_that_is_not_whole_leaves_the_chat_waiting(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    chat = waiting_chat(http, "compare Oslo and Rome")
    first, second = (call["id"] for call in calls_of(chat))
    wrong: list[dict[str, str]] = [
        {first: "1"},
        {first: "1", "x": "2"},
        {first: "1", second: "2", "x": "3"},
        {},
    ]
    for outputs in wrong:
        assert code_of(submit(http, chat, outputs)) == 4000
    assert retrieve(http, chat)["status"] == "requires_action"
    assert calls_of(retrieve(http, chat)) == calls_of(chat)
    events = read_events(submit(http, chat, {second: "2", first: "1"}).text)
    assert answer_text(events) == "For Oslo the tool says: 1 For Rome the tool says: 2"
    assert code_of(submit(http, chat, {second: "2", first: "1"})) == 4000
    assert counts(simulator, chat) == (1, 5)
    submits = simulator.chat(chat["id"])["submits"]
    assert [each["code"] for each in submits] == [4000] * 4 + [0, 4000]
    assert [each["output"] for each in submits[4]["outputs"]] == ["2", "1"]
    assert submits[4]["log_id"]


def test_two_submits_at_once_have_one_effect(http: httpx.Client, simulator: SimulatorProcess) -> None:
    chat = waiting_chat(http, "Rain in Oslo? hold=both hold_at=before_submit")
    (call,) = calls_of(chat)
    with ThreadPoolExecutor() as pool:
        tries = [pool.submit(submit, http, chat, {call["id"]: "1"}) for _ in range(2)]
        simulator.reached("both", count=2)
        simulator.release("both")
        answers = [each.result() for each in tries]
    assert sorted(names(read_events(each.text))[-1:] == ["done"] for each in answers) == [False, True]
    assert counts(simulator, chat) == (1, 1)


@pytest.mark.parametrize(("directive", "times"), [("refuse_submit=4013", 1), ("refuse_submit=5000:3", 3)])
def test_a_submit_refused_as_told(
    http: httpx.Client, simulator: SimulatorProcess, directive: str, times: int
) -> None:
    chat = waiting_chat(http, f"Rain in Oslo? {directive}")
    (call,) = calls_of(chat)
    for _ in range(times):
        answer = submit(http, chat, {call["id"]: "1"})
        assert answer.headers["content-type"].startswith("application/json")
        assert code_of(answer) == int(directive.partition("=")[2].partition(":")[0])
        assert retrieve(http, chat)["status"] == "requires_action"
    assert answer_text(submit_one(http, chat, "1"))
    assert counts(simulator, chat) == (1, times)


def test_an_unsaved_chat_takes_no_outputs(http: httpx.Client, simulator: SimulatorProcess) -> None:
    chat = waiting_chat(http, "Rain in Oslo?", auto_save_history=False)
    (call,) = calls_of(chat)
    assert code_of(submit(http, chat, {call["id"]: "1"})) == 5000
    assert counts(simulator, chat) == (0, 1)


def test_a_chat_that_waits_cannot_be_cancelled_and_holds_its_conversation(http: httpx.Client) -> None:
    chat = waiting_chat(http, "Rain in Oslo?")
    ids = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    assert code_of(http.post("/v3/chat/cancel", json=ids)) == 4104
    assert ask(http, "Rain in Rome?", "Weather", chat["conversation_id"])[0][1]["code"] == 4016
    submit_one(http, chat, "1")
    assert names(ask(http, "Rain in Rome?", "Weather", chat["conversation_id"]))[-1] == "done"


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_a_waiting_chat_expires(http: httpx.Client, simulator: SimulatorProcess, status: str) -> None:
    chat = waiting_chat(http, "Rain in Oslo?")
    simulator.expire(chat["id"], status)
    found = retrieve(http, chat)
    assert (found["status"], found["last_error"]["code"]) == (status, 5000)
    (call,) = calls_of(chat)
    assert code_of(submit(http, chat, {call["id"]: "1"})) == 4000
    assert names(ask(http, "Rain in Rome?", "Weather", chat["conversation_id"]))[-1] == "done"


def test_a_waiting_chat_expires_after_its_time(http: httpx.Client, simulator: SimulatorProcess) -> None:
    chat = waiting_chat(http, "Rain in Oslo? expires=0.1 expires_as=expired")
    simulator.until(chat["id"], "expired")


def test_an_answer_in_time_stops_the_clock_of_its_round(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    chat = waiting_chat(http, "Rain in Oslo, then Rome? expires=60")
    events = submit_one(http, chat, "1")
    assert names(events)[-2] == "chat.requires_action"
    assert names(submit_one(http, events[-2][1], "2"))[-2] == "chat.completed"


def test_an_expired_question_is_asked_anew(http: httpx.Client, simulator: SimulatorProcess) -> None:
    conversation_id = new_conversation(http)
    chat = waiting_chat(http, "Plan a trip", "Travel", conversation_id=conversation_id)
    simulator.expire(chat["id"])
    assert answer_text(ask(http, "Rome", "Travel", conversation_id)).startswith("Where would you like to go?")


def test_outputs_that_are_accepted_but_not_answered_yet(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    chat = waiting_chat(http, "Rain in Oslo? hold=h hold_at=submitted")
    (call,) = calls_of(chat)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(submit, http, chat, {call["id"]: "1"})
        assert simulator.reached("h") == [chat["id"]]
        assert retrieve(http, chat)["status"] == "in_progress"
        assert counts(simulator, chat) == (1, 0)
        assert not answer.done()
        simulator.release("h")
        assert answer_text(read_events(answer.result().text))


def test_accepted_outputs_are_worked_on_though_the_caller_is_gone(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    chat = waiting_chat(http, "Rain in Oslo? hold=h hold_at=submitted")
    (call,) = calls_of(chat)
    http.timeout = httpx.Timeout(10, read=0.2)
    with pytest.raises(httpx.ReadTimeout):
        submit(http, chat, {call["id"]: "1"})
    http.timeout = httpx.Timeout(10)
    simulator.release("h")
    simulator.until(chat["id"], "completed")
    assert counts(simulator, chat) == (1, 0)


def test_nothing_is_accepted_from_a_caller_that_goes_away_before(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    chat = waiting_chat(http, "Rain in Oslo? hold=h hold_at=before_submit")
    (call,) = calls_of(chat)
    http.timeout = httpx.Timeout(10, read=0.2)
    with pytest.raises(httpx.ReadTimeout):
        submit(http, chat, {call["id"]: "1"})
    http.timeout = httpx.Timeout(10)
    simulator.left("h")
    simulator.release("h")
    assert retrieve(http, chat)["status"] == "requires_action"
    assert counts(simulator, chat) == (0, 0)
    assert answer_text(submit_one(http, chat, "2")) == "For Oslo the tool says: 2"


def test_words_that_answer_a_question_are_counted(http: httpx.Client, simulator: SimulatorProcess) -> None:
    conversation_id = new_conversation(http, bot_id=BOT_IDS["Travel"])
    question = "Plan a trip hold=h hold_at=submitted refuse_submit=4009"
    chat = waiting_chat(http, question, "Travel", conversation_id=conversation_id)
    body = {"bot": "Travel", "conversation_id": conversation_id}
    with pytest.raises(AssertionError, match="4009"):
        ask(http, "Rome", **body)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(ask, http, "Rome", **body)
        (answering,) = simulator.reached("h")
        assert counts(simulator, chat) == (1, 1)
        assert simulator.chat(answering)["answers"] == chat["id"]
        simulator.release("h")
        assert names(answer.result())[-2] == "chat.requires_action"


def test_the_tries_outlive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with simulator_process(state=state) as simulator, _client(simulator) as http:
        chat = waiting_chat(http, "Rain in Oslo, then Rome? refuse_submit=5000")
        (call,) = calls_of(chat)
        assert code_of(submit(http, chat, {call["id"]: "1"})) == 5000
        chat = submit_one(http, chat, "1")[-2][1]
    with simulator_process(state=state) as simulator, _client(simulator) as http:
        assert counts(simulator, chat) == (1, 1)
        assert names(submit_one(http, chat, "2"))[-2] == "chat.completed"
        assert counts(simulator, chat) == (2, 1)


def _client(simulator: SimulatorProcess) -> httpx.Client:
    headers = {"Authorization": f"Bearer {simulator.token}"}
    return httpx.Client(base_url=simulator.url, headers=headers, trust_env=False, timeout=30)
