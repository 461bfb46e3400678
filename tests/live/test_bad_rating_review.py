"""A bad rating, from the person who gives it to the operator who reviews it (M-043)."""

from __future__ import annotations

import json
import re

import pytest

from tests.live.upstream import a_mark, chat_of
from tests.visitor import Visitor

ITEM = re.compile(r'href="(/console/reviews/items/[0-9a-f-]+/)"[^>]*>([^<]*)')
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def operator(site):
    visitor = Visitor(site.url, "operator")
    yield visitor
    visitor.close()


@pytest.fixture
def answer(demo, echo):
    """A mark, and the answer to it: conversation and message."""
    mark = a_mark()
    conversation, turn = demo.begin(echo, f"{mark} rate=0 follow_ups=0")
    [message] = demo.wait_for(conversation, turn, "completed")["messages"]
    return mark, conversation, message["id"]


def open_items(operator: Visitor) -> dict[str, str]:
    """What is open in the queue of bad ratings: what was asked, by its address."""
    page = operator.http.get("/console/reviews/", headers=HTML).text
    queue = re.search(r'href="(/console/reviews/queues/[0-9a-f-]+/)" dir="auto">Bad ratings<', page, re.I)
    assert queue, page
    return dict(ITEM.findall(operator.http.get(queue[1], headers=HTML).text))


def items_about(operator: Visitor, mark: str) -> list[str]:
    return [url for url, asked in open_items(operator).items() if mark in asked]


def test_the_operator_finds_the_turn_with_its_log_id_and_finishes_it(demo, operator, simulator, answer):
    mark, conversation, message = answer
    assert items_about(operator, mark) == []
    demo.rate(conversation, message, "bad", comment="That is not my name.")
    [item] = items_about(operator, mark)
    page = operator.http.get(item, headers=HTML).text
    assert "That is not my name." in page
    assert mark in page
    assert "rated bad" in page
    assert re.search(r"<dt>log id</dt><dd><code>\w+", page)
    before = demo.conversation(conversation)
    headers = {"X-CSRFToken": operator.http.cookies["csrftoken"]}
    fields = {"move": "done", "message": message, "note": "knows no names", "score": "2"}
    operator.http.post(item, data=fields, headers=headers).raise_for_status()
    assert items_about(operator, mark) == []
    assert demo.conversation(conversation) == before
    exported = operator.http.post("/console/reviews/annotations.jsonl", headers=headers).raise_for_status()
    [line] = [told for told in map(json.loads, exported.text.splitlines()) if mark in told["message"]["text"]]
    assert (line["note"], line["score"], line["message"]["id"]) == ("knows no names", 2, message)
    assert chat_of(simulator, mark)["question"]


def test_taken_back_before_anybody_looked_it_is_gone(demo, operator, answer):
    mark, conversation, message = answer
    demo.rate(conversation, message, "bad")
    assert len(items_about(operator, mark)) == 1
    demo.rate(conversation, message, "")
    assert items_about(operator, mark) == []


def test_a_colleague_of_the_user_sees_nothing_of_it(demo, demo2, operator, answer):
    mark, conversation, message = answer
    demo.rate(conversation, message, "bad")
    [item] = items_about(operator, mark)
    for visitor in (demo, demo2):
        assert visitor.http.get(item).status_code == 403
        assert visitor.http.get(item, headers=HTML).status_code == 403
    assert demo2.http.get(f"/c/{conversation}/").status_code == 404
