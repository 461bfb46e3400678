"""Ratings: kept here at once and shown everywhere, told upstream as well as it goes (M-041, M-042, K15)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.database import open_database
from tests.live.upstream import a_mark, chat_of, rows
from tests.tab import open_tab

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """An answer that is there, and where the upstream has it."""

    conversation: str
    turn: str
    message: str
    path: str  # of its feedback upstream
    upstream_id: str


@pytest.fixture
def answer(demo, echo, simulator) -> Answer:
    return begin(demo, simulator, echo)


def begin(visitor, simulator, bot: str, question: str = "rate=0 follow_ups=0") -> Answer:
    mark = a_mark()
    conversation, turn = visitor.begin(bot, f"{mark} {question}")
    [message] = visitor.wait_for(conversation, turn, "completed")["messages"]
    chat = chat_of(simulator, mark)
    [said] = [one for one in simulator.messages(chat_id=chat["id"]) if one["type"] == "answer"]
    path = f"/v1/conversations/{chat['conversation_id']}/messages/{said['id']}/feedback"
    return Answer(conversation, turn, message["id"], path, said["id"])


def upstream_has(simulator, answer: Answer) -> Json | None:
    [kept] = [one for one in simulator.messages() if one["id"] == answer.upstream_id]
    return kept["feedback"]


def shown(visitor, answer: Answer) -> Json | None:
    [message] = visitor.turn(answer.conversation, answer.turn)["messages"]
    return message["feedback"]


def facts(site, answer: Answer) -> Json:
    """What an admin sees of it."""
    keys = ["rating", "comment", "sync_state", "attempts", "last_error"]
    found = f"""SELECT {", ".join(keys)} FROM chatweb_feedback
        WHERE message_id = (SELECT id FROM chatweb_message WHERE uuid = ?)"""
    with open_database(site) as database:
        [row] = database.rows(found, UUID(answer.message))
        return dict(zip(keys, row, strict=True))


def reasons(visitor, rating: str) -> list[str]:
    offered = visitor.page_state()["feedback_reasons"]
    return [one["id"] for one in offered if one["offered_for"] in (rating, "both")]


async def eventually(check, seconds: float = 25) -> None:
    async with asyncio.timeout(seconds):
        while not check():
            await asyncio.sleep(0.1)


async def test_good_then_bad_with_reasons_then_taken_back(demo, phone, site, simulator, answer) -> None:
    async with open_tab(phone, answer.conversation) as tab:
        said = lambda view: view.messages(answer.turn)[0]["feedback"]  # noqa: E731
        await tab.until(lambda view: view.state(answer.turn) == "completed" and said(view) is None)
        told = demo.rate(answer.conversation, answer.message, "good")
        good = {"rating": "good", "reasons": [], "comment": ""}
        assert told["messages"][0]["feedback"] == good == shown(demo, answer)
        await tab.until(lambda view: said(view) == good)
        await eventually(lambda: upstream_has(simulator, answer))
        assert upstream_has(simulator, answer)["feedback_type"] == "like"

        chosen = reasons(demo, "bad")[:2]
        demo.rate(answer.conversation, answer.message, "bad", reasons=chosen, comment=" Not 42.\r\n雨 ")
        await tab.until(lambda view: said(view)["rating"] == "bad")
        assert [one["id"] for one in said(tab.view)["reasons"]] == chosen
        assert said(tab.view)["comment"] == "Not 42.\n雨"
        await eventually(lambda: upstream_has(simulator, answer)["feedback_type"] == "unlike")
        kept = upstream_has(simulator, answer)
        assert kept["reason_types"] == ["Not correct", "Incomplete"]
        assert kept["comment"] == "Not 42.\n雨"

        demo.rate(answer.conversation, answer.message, "")
        await tab.until(lambda view: said(view) is None)
        await eventually(lambda: upstream_has(simulator, answer) is None)
        await eventually(lambda: facts(site, answer)["sync_state"] == "sent")


async def test_whoever_changes_their_mind_at_once_is_heard_once(demo, site, simulator, answer) -> None:
    demo.rate(answer.conversation, answer.message, "good")
    demo.rate(answer.conversation, answer.message, "bad")
    demo.rate(answer.conversation, answer.message, "bad", comment="last word")
    await eventually(lambda: facts(site, answer)["sync_state"] == "sent")
    assert [one["body"]["comment"] for one in simulator.requests(answer.path)] == ["last word"]


async def test_what_was_taken_back_before_it_was_told_is_never_told(demo, site, simulator, answer) -> None:
    demo.rate(answer.conversation, answer.message, "bad", comment="no, wait")
    demo.rate(answer.conversation, answer.message, "")
    await eventually(lambda: facts(site, answer)["sync_state"] == "sent")
    assert simulator.requests(answer.path) == []
    assert facts(site, answer)["comment"] == ""


def test_reasons_that_do_not_fit_fall_away_and_the_rest_stays(demo, answer) -> None:
    good, bad = reasons(demo, "good")[0], reasons(demo, "bad")[0]
    demo.rate(answer.conversation, answer.message, "bad", reasons=[good, bad, str(uuid4())], comment="so")
    assert [one["id"] for one in shown(demo, answer)["reasons"]] == [bad]
    demo.rate(answer.conversation, answer.message, "bad")
    assert shown(demo, answer)["comment"] == "so"
    demo.rate(answer.conversation, answer.message, "good")
    assert shown(demo, answer) == {"rating": "good", "reasons": [], "comment": "so"}


def test_a_reason_that_is_no_longer_offered_stays_where_it_was_given(demo, site, answer) -> None:
    reason = reasons(demo, "bad")[-1]
    demo.rate(answer.conversation, answer.message, "bad", reasons=[reason])
    switch = f'FeedbackReason.objects.filter(uuid="{reason}").update(is_active='
    rows(site, f"{switch}False)")
    try:
        assert reason not in reasons(demo, "bad")
        demo.rate(answer.conversation, answer.message, "bad", reasons=[reason], comment="still")
        assert [one["id"] for one in shown(demo, answer)["reasons"]] == [reason]
    finally:
        rows(site, f"{switch}True)")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rating": "meh"}, 400),
        ({"rating": "bad", "reasons": "all"}, 400),
        ({"rating": "bad", "reasons": ["x"]}, 400),
        ({"rating": "bad", "comment": "x" * 1001}, 400),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(demo, answer, body, status) -> None:
    demo.rate(answer.conversation, answer.message, "good")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.rate(answer.conversation, answer.message, **body)
    assert refused.value.response.status_code in {status, 413}
    assert refused.value.response.json()["error"]["sentence"]
    assert shown(demo, answer)["rating"] == "good"


async def test_a_refusal_upstream_bothers_nobody_and_an_admin_sends_it_again(
    demo, site, simulator, answer
) -> None:
    simulator.fault(answer.path, code=4101, msg="no permission")
    demo.rate(answer.conversation, answer.message, "bad")
    await eventually(lambda: facts(site, answer)["sync_state"] == "failed")
    seen = facts(site, answer)
    assert "no permission" in seen["last_error"] and seen["attempts"] == 1
    assert shown(demo, answer)["rating"] == "bad"
    assert upstream_has(simulator, answer) is None
    again = "from chatweb.turns.commands import send_feedback_again as again"
    rows(site, f'{again}; again(Feedback.objects.get(message__uuid="{answer.message}"))')
    await eventually(lambda: upstream_has(simulator, answer))
    await eventually(lambda: facts(site, answer)["sync_state"] == "sent")
    assert facts(site, answer)["last_error"] == ""


async def test_an_upstream_that_is_down_is_tried_again_until_it_is_not(demo, site, simulator, answer) -> None:
    simulator.fault(answer.path, status=500, body="oops", count=4)  # a call is three requests
    demo.rate(answer.conversation, answer.message, "good")
    await eventually(lambda: facts(site, answer)["last_error"])
    assert facts(site, answer)["sync_state"] == "pending"
    await eventually(lambda: facts(site, answer)["sync_state"] == "sent")
    assert facts(site, answer)["attempts"] == 2
    assert upstream_has(simulator, answer)["feedback_type"] == "like"


async def test_a_change_meanwhile_waits_for_the_older_wish(demo, site, simulator, answer) -> None:
    hold = f"h{uuid4().hex}"
    simulator.fault(answer.path, hold=hold)
    demo.rate(answer.conversation, answer.message, "good")
    await simulator.areached(hold)
    demo.rate(answer.conversation, answer.message, "bad", comment="after all")
    other = begin(demo, simulator, demo.bot("Echo"))
    demo.rate(other.conversation, other.message, "good")
    await eventually(lambda: upstream_has(simulator, other))  # its turn came later: the first was due by then
    assert len(simulator.requests(answer.path)) == 1
    simulator.release(hold)
    await eventually(lambda: facts(site, answer)["sync_state"] == "sent")
    sent = [one["body"]["feedback_type"] for one in simulator.requests(answer.path)]
    assert sent == ["like", "unlike"]
    assert upstream_has(simulator, answer)["comment"] == "after all"


def test_where_the_upstream_takes_none_it_is_kept_here_only(demo, site, simulator, answer) -> None:
    demo.rate(answer.conversation, answer.message, "good")
    switch = 'Bot.objects.filter(name="Echo").update(pushes_feedback='
    rows(site, f"{switch}False)")
    try:
        kept = begin(demo, simulator, demo.bot("Echo"))
        demo.rate(kept.conversation, kept.message, "bad", comment="only here")
        assert facts(site, kept)["sync_state"] == "not_supported"
        assert shown(demo, kept)["comment"] == "only here"
        assert upstream_has(simulator, kept) is None
    finally:
        rows(site, f"{switch}True)")


async def test_a_turn_that_moves_is_not_rated(demo, echo, simulator) -> None:
    hold = f"h{uuid4().hex}"
    conversation, turn = demo.begin(echo, f"tokens=3 answers=2 rate=0 hold={hold} hold_at=ending")
    await simulator.areached(hold)
    seen = demo.until(conversation, turn, lambda turn: len(turn["messages"]) == 2)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        demo.rate(conversation, seen["messages"][0]["id"], "bad")
    assert refused.value.response.status_code == 409
    assert refused.value.response.json()["error"]["reason"] == "not_over"
    simulator.release(hold)
    demo.wait_for(conversation, turn, "completed")
    assert demo.rate(conversation, seen["messages"][0]["id"], "bad")["messages"][0]["feedback"]
