"""The page of everything that waits: one's own cards only, oldest first, gone when answered (M-064)."""

from __future__ import annotations

import httpx

from tests.live.upstream import a_mark
from tests.visitor import Visitor


def mine(person: Visitor, *conversations: str) -> list[tuple[str, str]]:
    """Conversation and card of the tasks that stand in these conversations."""
    tasks = [task for task in person.tasks() if task["conversation"]["id"] in conversations]
    return [(task["conversation"]["id"], task["action"]["id"]) for task in tasks]


def page(person: Visitor) -> str:
    answer = person.http.get("/tasks/", headers={"Accept": "text/html"})
    answer.raise_for_status()
    return answer.text


def test_cards_of_all_bots_stand_there_oldest_first(demo, weather, travel) -> None:
    first, turn = demo.begin(weather, "Compare Paris and Rome rate=0")
    calls = demo.wait_for_round(first, turn)
    second, other = demo.begin(travel, "A trip rate=0")
    [question] = demo.wait_for_round(second, other)
    cards = [(first, call["id"]) for call in calls] + [(second, question["id"])]
    assert mine(demo, first, second) == cards
    task = next(task for task in demo.tasks() if task["action"]["id"] == question["id"])
    assert (task["turn"], task["question"], task["conversation"]["bot_name"]) == (
        other,
        "A trip rate=0",
        "Travel",
    )


def test_what_is_answered_or_stopped_leaves(demo, weather) -> None:
    answered, turn = demo.begin(weather, "in Ulm rate=0")
    [card] = demo.wait_for_round(answered, turn)
    stopped, other = demo.begin(weather, "in Bonn rate=0")
    demo.wait_for_round(stopped, other)
    demo.answer(answered, turn, {card["id"]: "dry"})
    demo.wait_for(answered, turn, "completed")
    demo.stop(stopped, other, {})
    demo.wait_for(stopped, other, "canceled")
    assert mine(demo, answered, stopped) == []


def test_one_of_two_answers_stays_until_both_are_there(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "Compare Paris and Rome rate=0")
    paris, rome = demo.wait_for_round(conversation, turn)
    demo.answer(conversation, turn, {rome["id"]: "30%"})
    states = [task["action"]["state"] for task in demo.tasks() if task["turn"] == turn]
    assert states == ["pending", "ready"]
    demo.answer(conversation, turn, {paris["id"]: "20%"})
    demo.wait_for(conversation, turn, "completed")
    assert mine(demo, conversation) == []


def test_others_never_see_them(demo, demo2, weather) -> None:
    mark = a_mark()
    conversation, turn = demo.begin(weather, f"{mark} in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    assert mine(demo, conversation) != []
    assert mine(demo2, conversation) == []
    assert mark in page(demo)
    assert mark not in page(demo2)
    assert conversation not in page(demo2)


def test_a_deleted_conversation_takes_its_cards_along(demo, weather) -> None:
    conversation, turn = demo.begin(weather, "in Ulm rate=0")
    demo.wait_for_round(conversation, turn)
    demo.post(f"/c/{conversation}/delete/")
    assert mine(demo, conversation) == []


def test_without_javascript_it_is_a_list_of_links(demo, travel) -> None:
    conversation, turn = demo.begin(travel, "A trip rate=0")
    [card] = demo.wait_for_round(conversation, turn)
    text = page(demo)
    assert f'href="/c/{conversation}/"' in text
    assert card["question"]["text"] in text


def test_its_page_state_has_the_tasks_and_nothing_of_a_conversation(demo, travel) -> None:
    conversation, turn = demo.begin(travel, "A trip rate=0")
    demo.wait_for_round(conversation, turn)
    state = demo.page_state("/tasks/")
    assert conversation in [task["conversation"]["id"] for task in state["tasks"]]
    assert (state["conversation"], state["turns"]) == (None, [])


def test_only_who_is_signed_in_gets_in_and_only_by_get(site, demo) -> None:
    as_json = httpx.get(f"{site.url}/tasks/", headers={"Accept": "application/json"}, trust_env=False)
    assert as_json.status_code == 401
    as_page = httpx.get(f"{site.url}/tasks/", headers={"Accept": "text/html"}, trust_env=False)
    assert as_page.status_code == 302 and "/accounts/login/" in as_page.headers["location"]
    token = {"X-CSRFToken": demo.http.cookies["csrftoken"]}
    assert demo.http.post("/tasks/", json={}, headers=token).status_code == 405
