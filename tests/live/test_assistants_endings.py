"""How talks with an Assistants-style service end other than well, and what people are left with."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.assistants import connect
from tests.live.upstream import a_mark, chat_of, chats_of
from tests.simulator.process import SimulatorProcess, simulator_process
from tests.visitor import Visitor

RAIN = json.dumps({"probability": 0.8})
KINDS = {"ended v2": "assistants=v2", "ended v1": "assistants=v1"}


@pytest.fixture(scope="module")
def service(site):
    with simulator_process(dialect="assistants", rate=200) as service:
        for name, beta in KINDS.items():
            connect(site, service, name, beta)
        yield service


@pytest.fixture(params=list(KINDS))
def kind(request, service) -> str:
    """v2 streams, v1 is polled."""
    return str(request.param)


def cancel_elsewhere(service: SimulatorProcess, run: dict[str, str]) -> None:
    """Another client of the account does it."""
    path = f"/v1/threads/{run['conversation_id']}/runs/{run['id']}/cancel"
    headers = {"Authorization": f"Bearer {service.token}"}
    httpx.post(f"{service.url}{path}", headers=headers, json={}, trust_env=False).raise_for_status()


def test_an_answer_that_came_to_a_limit_says_so(demo: Visitor, service, kind) -> None:
    conversation, turn = demo.begin(demo.bot(f"Echo {kind}"), "tokens=20 cut_after=5 rate=0")
    done = demo.wait_for(conversation, turn, "completed", "failed")
    said = [(each["text"], each["state"]) for each in done["messages"]]
    assert (done["state"], said) == ("completed", [("w0 w1 w2 w3 w4 ", "cut")])


def test_half_an_answer_of_a_failed_run_is_cut_off(demo: Visitor, service) -> None:
    conversation, turn = demo.begin(demo.bot("Trouble ended v2"), "fail")
    done = demo.wait_for(conversation, turn, "completed", "failed")
    assert (done["state"], [each["state"] for each in done["messages"]]) == ("failed", ["cut"])


def test_a_run_that_someone_else_cancels_is_a_stopped_turn(demo: Visitor, service, kind) -> None:
    mark, hold = a_mark(), a_mark()
    question = f"{mark} tokens=40 rate=0 hold={hold} hold_at=delta:20"
    conversation, turn = demo.begin(demo.bot(f"Echo {kind}"), question)
    service.reached(hold)
    cancel_elsewhere(service, chat_of(service, mark))
    done = demo.wait_for(conversation, turn, "canceled", "failed", "completed", "lost")
    assert done["state"] == "canceled"
    assert [each["text"] for each in done["messages"]] == [service.answer(chat_of(service, mark)["id"])]


def test_a_waiting_run_that_someone_else_cancels_ends_with_the_answer(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Weather {kind}"), f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    run = chat_of(service, mark)
    cancel_elsewhere(service, run)
    service.until(run["id"], "canceled")
    demo.answer(conversation, turn, {card["id"]: RAIN})
    done = demo.wait_for(conversation, turn, "canceled", "failed", "completed", "lost")
    assert done["state"] == "canceled"
    following = demo.ask(conversation, "in Bonn rate=0")
    assert demo.wait_for(conversation, following, "waiting", "failed")["state"] == "waiting"


def test_a_stop_waits_for_a_slow_cancel_before_the_next_question(demo: Visitor, service, kind) -> None:
    mark, hold, slow = a_mark(), a_mark(), a_mark()
    conversation, turn = demo.begin(
        demo.bot(f"Weather {kind}"), f"{mark} in Ulm rate=0 hold={slow} hold_at=cancelling"
    )
    demo.wait_for_round(conversation, turn)
    demo.post(f"/c/{conversation}/turns/{turn}/stop/")
    service.reached(slow)
    following = demo.ask(conversation, f"{hold} in Bonn rate=0")
    service.release(slow)
    seen = demo.wait_for(conversation, following, "waiting", "failed", seconds=40)
    assert seen["state"] == "waiting"
    assert [run["status"] for run in chats_of(service, mark)] == ["canceled", "requires_action"]
    asked = [each for each in service.messages() if hold in each["content"]]
    assert len(asked) == 1


def test_refused_outputs_keep_their_card_and_go_out_again(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Weather {kind}"), f"{mark} in Ulm rate=0 refuse_submit=500:1")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: RAIN})
    shown = demo.until(
        conversation, turn, lambda seen: seen["state"] == "waiting" and bool(seen["actions"][0]["refusal"])
    )
    assert shown["actions"][0]["output"] == RAIN
    demo.answer(conversation, turn, {card["id"]: RAIN})
    done = demo.wait_for(conversation, turn, "completed", "failed")
    assert done["state"] == "completed" and "80%" in done["messages"][-1]["text"]
    entry = chat_of(service, mark)
    assert (entry["accepted"], entry["refused"]) == (1, 1)


def test_a_thread_that_is_gone_offers_a_fresh_conversation(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Echo {kind}"), f"{mark} tokens=3 rate=0")
    demo.wait_for(conversation, turn, "completed")
    thread = chat_of(service, mark)["conversation_id"]
    service.control("POST", f"conversations/{thread}/forget")
    following = demo.ask(conversation, "Still there?")
    done = demo.wait_for(conversation, following, "completed", "failed", "lost")
    assert (done["state"], done["error"]["reason"]) == ("failed", "conversation_missing")


def test_an_assistant_that_is_gone_says_so(demo: Visitor, service, kind) -> None:
    assistant = "asst_7430000000000000102"
    bot = demo.bot(f"Showcase {kind}")
    service.control("POST", f"bots/{assistant}", {"is_deleted": True})
    conversation, turn = demo.begin(bot, "A table")
    done = demo.wait_for(conversation, turn, "completed", "failed", "lost")
    service.control("POST", f"bots/{assistant}", {"is_deleted": False})
    assert (done["state"], done["error"]["reason"]) == ("failed", "bot_missing")


@pytest.mark.parametrize("quirk", ["html_502", "json_instead", "empty", "no_final", "no_final,no_done"])
def test_a_run_whose_stream_went_wrong_is_answered_all_the_same(demo: Visitor, service, quirk) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot("Echo ended v2"), f"{mark} tokens=9 rate=0 quirk={quirk}")
    done = demo.wait_for(conversation, turn, "completed", "failed", "lost")
    assert done["state"] == "completed", done["error"]
    assert [each["text"] for each in done["messages"]] == [service.answer(chat_of(service, mark)["id"])]
    assert len([each for each in service.messages() if mark in each["content"]]) == 1


@pytest.mark.parametrize("path", ["/v1/threads/*/messages", "/v1/threads/*/runs"])
@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_gave_up_is_no_answer(demo: Visitor, service, kind, path, status) -> None:
    """What was not there is asked for again where the question is; nothing is said twice."""
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Echo {kind}"), "tokens=3 rate=0")
    demo.wait_for(conversation, turn, "completed")
    service.fault(path, method="POST", status=status, body="<html><h1>Gateway</h1></html>")
    following = demo.ask(conversation, f"{mark} tokens=9 rate=0")
    done = demo.wait_for(conversation, following, "completed", "failed", "lost", seconds=40)
    if path.endswith("messages"):
        assert (done["state"], done["messages"]) == ("lost", []), "it never arrived"
    else:
        assert (done["state"], len(done["messages"])) == ("completed", 1)
    said = [each for each in service.messages() if mark in each["content"]]
    assert len(said) == (0 if path.endswith("messages") else 1)


def test_a_service_that_restarts_fails_what_ran_and_keeps_what_waits(
    site, demo: Visitor, tmp_path: Path
) -> None:
    state, hold = tmp_path / "state.jsonl", a_mark()
    with simulator_process(dialect="assistants", rate=0, state=state) as first:
        connect(site, first, "mortal")
        waiting, card_turn = demo.begin(demo.bot("Weather mortal"), "in Ulm")
        [card] = demo.wait_for_round(waiting, card_turn)
        running, turn = demo.begin(demo.bot("Echo mortal"), f"tokens=40 hold={hold} hold_at=delta:20")
        first.reached(hold)
        port = first.port
    with simulator_process(dialect="assistants", rate=0, state=state, port=port):
        done = demo.wait_for(running, turn, "completed", "failed", "lost", seconds=40)
        assert (done["state"], done["error"]["code"]) == ("failed", "server_error")
        demo.answer(waiting, card_turn, {card["id"]: RAIN})
        done = demo.wait_for(waiting, card_turn, "completed", "failed", "lost")
        assert done["state"] == "completed" and "80%" in done["messages"][-1]["text"]
