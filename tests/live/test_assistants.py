"""People talk with an Assistants-style service: streamed and polled, with cards, stops, files and memory."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import httpx
import pytest

from tests.assistants import connect
from tests.live.upstream import a_mark, chat_of, chats_of, let_in, rows
from tests.simulator.process import simulator_process
from tests.visitor import Visitor

RAIN = json.dumps({"rain": "80%"})
KINDS = {"v2": "assistants=v2", "v1": "assistants=v1", "bare": ""}


@pytest.fixture(scope="module")
def service(site):
    with simulator_process(dialect="assistants", rate=200) as service:
        for name, beta in KINDS.items():
            connect(site, service, name, beta)
        yield service


@pytest.fixture
def operator(site) -> Iterator[Visitor]:
    visitor = Visitor(site.url, "operator")
    yield visitor
    visitor.close()


@pytest.fixture(params=list(KINDS))
def kind(request, service) -> str:
    """v2 streams, the others are polled."""
    return str(request.param)


def test_an_answer_comes_and_the_next_one_remembers_it(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Echo {kind}"), f"{mark} rate=0 tokens=30")
    done = demo.wait_for(conversation, turn, "completed", "failed")
    assert [one["text"] for one in done["messages"]] == [service.answer(chat_of(service, mark)["id"])]
    following = demo.ask(conversation, "And **you**?")
    done = demo.wait_for(conversation, following, "completed", "failed")
    assert [one["text"] for one in done["messages"]] == ["And **you**?"]
    assert len(chats_of(service, mark)) == 2, "one run a question, in one thread"


def test_usage_is_counted_where_the_service_counts(site, demo: Visitor, service) -> None:
    conversation, turn = demo.begin(demo.bot("Echo v2"), "usage rate=0 tokens=30")
    demo.wait_for(conversation, turn, "completed")
    counted = rows(site, f"print(Leg.objects.get(turn__uuid='{turn}').output_count)")
    assert int(counted) > 0


def test_calls_are_answered_in_one_request_and_end_with_their_run(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Weather {kind}"), f"{mark} compare Ulm and Bonn rate=0")
    cards = demo.wait_for_round(conversation, turn)
    assert [card["name"] for card in cards] == ["get_rain_probability"] * 2
    left = [datetime.fromisoformat(card["expires_at"]).timestamp() - time.time() for card in cards]
    assert all(500 < seconds <= 600 for seconds in left), "the countdown of the run's ten minutes"
    demo.answer(conversation, turn, {cards[0]["id"]: RAIN})
    demo.answer(conversation, turn, {cards[1]["id"]: RAIN})
    done = demo.wait_for(conversation, turn, "completed", "failed")
    assert "80%" in done["messages"][-1]["text"]
    assert {card["state"] for card in done["actions"]} == {"answered"}
    [submitted] = let_in(service, mark)
    assert len(submitted["outputs"]) == 2


def test_two_rounds_of_calls(demo: Visitor, service, kind) -> None:
    conversation, turn = demo.begin(demo.bot(f"Weather {kind}"), f"{a_mark()} Bonn then Mainz rate=0")
    for number in (1, 2):
        [card] = demo.wait_for_round(conversation, turn, number)
        demo.answer(conversation, turn, {card["id"]: RAIN})
    done = demo.wait_for(conversation, turn, "completed", "failed")
    assert (done["state"], [card["state"] for card in done["actions"]]) == ("completed", ["answered"] * 2)


@pytest.mark.parametrize("when", ["by itself", "with the answer"])
def test_a_run_that_is_over_lets_its_card_expire(site, demo: Visitor, service, when) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot("Weather v2"), f"{mark} in Ulm rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    service.expire(chat_of(service, mark)["id"], "expired")
    if when == "with the answer":
        demo.answer(conversation, turn, {card["id"]: RAIN})
    else:
        rows(
            site,
            "from django.utils import timezone\n"
            f"Action.objects.filter(uuid='{card['id']}').update(expires_at=timezone.now())",
        )
    done = demo.wait_for(conversation, turn, "failed", "completed")
    assert (done["state"], done["error"]["reason"]) == ("failed", "expired")
    assert [one["state"] for one in done["actions"]] == ["expired"]
    following = demo.ask(conversation, "in Bonn rate=0")
    assert demo.wait_for(conversation, following, "waiting", "failed")["state"] == "waiting"


def test_a_stop_cancels_the_run_and_frees_the_thread(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    hold = a_mark()
    conversation, turn = demo.begin(
        demo.bot(f"Echo {kind}"), f"{mark} tokens=40 rate=0 hold={hold} hold_at=delta:20"
    )
    service.reached(hold)
    demo.stop(conversation, turn, {})
    demo.wait_for(conversation, turn, "canceled")
    service.release(hold)
    following = demo.ask(conversation, "next rate=0 tokens=5")
    done = demo.wait_for(conversation, following, "completed", "failed")
    assert (done["state"], done["busy_since"]) == ("completed", None)
    assert service.settled(chat_of(service, mark)["id"])["status"] in ("canceled", "cancelled")


def test_a_stop_cancels_a_run_that_waits(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Weather {kind}"), f"{mark} in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    stopped = demo.post(f"/c/{conversation}/turns/{turn}/stop/")["turn"]
    assert (stopped["state"], stopped["stop"]) == ("canceled", "remembered")
    following = demo.ask(conversation, "in Bonn rate=0")
    seen = demo.wait_for(conversation, following, "waiting", "failed")
    assert (seen["state"], seen["busy_since"]) == ("waiting", None)
    assert let_in(service, mark) == [], "nothing was answered in the person's name"


def test_a_locked_thread_puts_the_question_off_and_says_it_once(demo: Visitor, service, kind) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Trouble {kind}"), f"{mark} busy busy_for=1.2 rate=0 tokens=5")
    demo.until(conversation, turn, lambda seen: seen["busy_since"] is not None)
    done = demo.wait_for(conversation, turn, "completed", "failed", "lost")
    assert done["state"] == "completed"
    thread = chat_of(service, mark)["conversation_id"]
    questions = [one for one in service.messages(thread) if mark in one["content"] and one["role"] == "user"]
    assert len(questions) == 1


@pytest.mark.parametrize(
    ("bot", "question", "state", "reason"),
    [
        ("Trouble", "fail", "failed", "failed"),
        ("Trouble", "quota", "failed", "rate_limit"),
        ("Echo", "rate=0 tokens=40 drop_after=300", "completed", ""),
    ],
)
def test_failures_and_broken_streams(demo: Visitor, service, bot, question, state, reason) -> None:
    conversation, turn = demo.begin(demo.bot(f"{bot} v2"), question)
    done = demo.wait_for(conversation, turn, "completed", "failed", "lost")
    assert (done["state"], (done["error"] or {}).get("reason", "")) == (state, reason)


def test_a_cleared_context_is_another_thread(demo: Visitor, service) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot("Echo v2"), f"{mark} rate=0 tokens=3")
    demo.wait_for(conversation, turn, "completed")
    demo.post(f"/c/{conversation}/clear/")
    second = a_mark()
    following = demo.ask(conversation, f"{second} rate=0 tokens=3")
    assert demo.wait_for(conversation, following, "completed")["section"] == 1
    assert chat_of(service, mark)["conversation_id"] != chat_of(service, second)["conversation_id"]


@pytest.mark.parametrize(("name", "sees_both"), [("v2", False), ("v1", True)])
def test_another_answer_forgets_the_first_where_it_can(demo: Visitor, service, name, sees_both) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot(f"Echo {name}"), f"{mark} rate=0 tokens=3")
    demo.wait_for(conversation, turn, "completed")
    body = {"client_id": "5d0c7f3a-0a7e-4f0e-9a9e-" + a_mark()[1:13]}
    again = demo.post(f"/c/{conversation}/turns/{turn}/regenerate/", body)["turn"]["id"]
    done = demo.wait_for(conversation, again, "completed")
    assert done["sees_replaced"] is sees_both
    thread = chats_of(service, mark)[0]["conversation_id"]
    kept = [one for one in service.messages(thread) if one["role"] == "user"]
    assert len(kept) == (2 if sees_both else 1)


def test_a_file_goes_with_a_question(demo: Visitor, service, kind) -> None:
    bot = demo.bot(f"Echo {kind}")
    file = demo.attach_to_bot(bot, "notes.md", b"# A few words")
    conversation, turn = demo.begin(bot, "What is in it?", files=[file["id"]])
    done = demo.wait_for(conversation, turn, "completed", "failed")
    assert "notes.md" in done["messages"][-1]["text"]


def test_what_is_deleted_here_is_deleted_there(demo: Visitor, service) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(demo.bot("Echo v2"), f"{mark} rate=0 tokens=3")
    demo.wait_for(conversation, turn, "completed")
    thread = chat_of(service, mark)["conversation_id"]
    demo.post(f"/c/{conversation}/delete/")
    deadline = time.monotonic() + 20
    while not any(one["method"] == "DELETE" for one in service.requests(f"/v1/threads/{thread}")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_operators_read_the_steps_of_a_run(demo: Visitor, operator: Visitor, service, kind) -> None:
    conversation, turn = demo.begin(demo.bot(f"Weather {kind}"), "in Ulm, mail me at a.b@example.com rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {card["id"]: "write to me@example.com"})
    demo.wait_for(conversation, turn, "completed")
    steps = f"/console/conversations/{conversation}/turns/{turn}/steps/"
    assert operator.http.get(steps).status_code == 403, "the conversation was not opened"
    page = operator.http.get(f"/console/conversations/{conversation}/", headers={"Accept": "text/html"})
    assert f'data-event="{steps}"' in page.text
    read = operator.http.get(steps).raise_for_status()
    told = json.loads(read.text)
    assert [step["type"] for step in told] == ["tool_calls", "message_creation"]
    assert "[mail]" in read.text and "example.com" not in read.text


def test_an_answer_with_a_picture_is_not_empty(demo: Visitor, service, kind) -> None:
    conversation, turn = demo.begin(demo.bot(f"Echo {kind}"), "as=image rate=0")
    done = demo.wait_for(conversation, turn, "completed", "failed")
    [answer] = [one for one in done["messages"] if one["type"] == "answer"]
    assert answer["content_type"] == "object_string"
    assert "image" in [item["type"] for item in json.loads(answer["text"])]


def test_a_thread_that_is_gone_is_said_and_left(demo: Visitor, service) -> None:
    mark, second = a_mark(), a_mark()
    conversation, turn = demo.begin(demo.bot("Echo v2"), f"{mark} rate=0 tokens=3")
    demo.wait_for(conversation, turn, "completed")
    thread = chat_of(service, mark)["conversation_id"]
    headers = {"Authorization": f"Bearer {service.token}", "OpenAI-Beta": "assistants=v2"}
    httpx.delete(f"{service.url}/v1/threads/{thread}", headers=headers, trust_env=False).raise_for_status()
    asked = demo.ask(conversation, f"{second} rate=0 tokens=3")
    failed = demo.wait_for(conversation, asked, "completed", "failed")
    assert failed["error"]["reason"] == "conversation_missing"
    demo.post(f"/c/{conversation}/fresh/")
    again = demo.post(f"/c/{conversation}/turns/{asked}/again/", {"client_id": str(uuid4())})["turn"]["id"]
    assert demo.wait_for(conversation, again, "completed", "failed")["state"] == "completed"
    assert chat_of(service, second)["conversation_id"] != thread
