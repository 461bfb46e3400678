"""The transcript: everything an operator needs, to operators only, redacted, in a fixed number of queries."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from chatweb.models import AuditEntry, Conversation, Event, Turn
from tests.console.conftest import ask, say, signed_in


def place_of(conversation: Conversation) -> str:
    return reverse("console_conversation", args=[conversation.uuid])


def shown(client: Client, conversation: Conversation, **query: str) -> str:
    answer = client.get(place_of(conversation), query)
    assert answer.status_code == 200
    return answer.content.decode()


def event_place(talk, number: int) -> str:
    return reverse("console_event", args=[talk.conversation.uuid, talk.first.uuid, number])


# --- who ---------------------------------------------------------------------------------------------


def test_only_operators_open_it(talk, ana):
    place = place_of(talk.conversation)
    root = User.objects.create_superuser("root")
    stranger = User.objects.create_user("zoe")
    for person in (ana, root, stranger):
        assert signed_in(person).get(place).status_code == 403
        assert signed_in(person).get(event_place(talk, 1)).status_code == 403
        pictures = reverse("console_pictures", args=[talk.conversation.uuid])
        assert signed_in(person).post(pictures).status_code == 403
    assert Client().get(place).status_code == 302
    assert not AuditEntry.objects.exists()


def test_what_is_not_there_is_not_found(operator, talk):
    assert operator.get(reverse("console_conversation", args=[uuid4()])).status_code == 404
    shown(operator, talk.conversation)
    for number in (0, 99, 10**30):
        assert operator.get(event_place(talk, number)).status_code == 404
    elsewhere = reverse("console_event", args=[talk.conversation.uuid, uuid4(), 1])
    assert operator.get(elsewhere).status_code == 404


def test_a_deleted_conversation_is_still_read_and_marked(operator, talk):
    talk.conversation.deleted_at = talk.conversation.created_at
    talk.conversation.save()
    assert "deleted Nov" in shown(operator, talk.conversation) or "deleted" in shown(
        operator, talk.conversation
    )


# --- what --------------------------------------------------------------------------------------------


def test_everything_of_a_turn_is_there(operator, talk):
    page = shown(operator, talk.conversation)
    for said in (
        "Helper",
        "Coze cn",
        "7550000000000000001",
        str(talk.conversation.uuid),
        "chance_of_rain",
        "Chance of rain",
        "&quot;city&quot;: &quot;Oslo&quot;",
        "80 percent",
        "Firefox · Android",
        "And tomorrow?",
        "generate_answer_finish",
        "Incomplete",
        "766001",
        "LOG001",
        "20 / 10 / 30",
        "no credit left",
        "4011",
        "LOG002",
        "Context cleared",
        "28 min 50 s later",
        "first token after 1.0 s",
        "waited 1 min for the person",
        "1 min 10 s in all",
    ):
        assert said in page, said


def test_pieces_stand_in_the_order_they_happened(operator, talk):
    page = shown(operator, talk.conversation)
    said = ["Rain in Oslo?", "&quot;arguments&quot;", "80, ask", "80 percent", "Hello", "And tomorrow?"]
    places = [page.index(one, page.index("data-turn=")) for one in said]
    assert places == sorted(places)


def test_only_addresses_of_the_web_are_links_to_the_debug_page(operator, talk):
    page = shown(operator, talk.conversation)
    assert 'href="https://www.coze.cn/debug/1"' in page
    assert "javascript:" not in page


def test_nothing_that_was_said_is_html(operator, conversation):
    hostile = '<img src=x onerror=alert(1)></pre><script>alert("2")</script>'
    turn = ask(conversation, 1, text=hostile, state="failed", error_code=hostile[:20], error_message=hostile)
    for place, kind in enumerate(("answer", "function_call", "knowledge", "verbose", "odd", "follow_up"), 1):
        say(turn, kind, hostile, place, title=hostile, reasoning=hostile)
    Event.objects.create(turn=turn, name=hostile, data=hostile)
    Conversation.objects.update(name=hostile)
    page = shown(operator, conversation, events="1")
    assert "<img src=x" not in page
    assert not re.search(r"<script(?! src| type=.module. src)", page)
    raw = operator.get(reverse("console_event", args=[conversation.uuid, turn.uuid, 1]))
    assert raw["Content-Type"] == "text/plain; charset=utf-8"
    assert raw["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in raw["Content-Security-Policy"]


def test_versions_point_at_each_other(operator, conversation):
    old = ask(conversation, 1)
    new = ask(conversation, 2, minutes=1, replaces=old, sees_replaced=True)
    page = shown(operator, conversation)
    assert "regenerates turn 1" in page and "regenerated as turn 2" in page and "the bot sees both" in page
    assert f"#turn-{new.uuid}" in page


def test_branches_are_linked_both_ways(operator, conversation, ana):
    turn = ask(conversation, 1)
    branch = Conversation.objects.create(
        user=ana, bot=conversation.bot, identity=conversation.identity, branched_from=turn
    )
    assert place_of(branch) in shown(operator, conversation)
    assert f"{place_of(conversation)}?turn={turn.uuid}#turn-{turn.uuid}" in shown(operator, branch)


def test_what_was_withdrawn_from_the_queue_is_not_shown(operator, conversation):
    ask(conversation, 1, text="never sent", state="canceled", is_withdrawn=True)
    assert "never sent" not in shown(operator, conversation)


# --- personal data -----------------------------------------------------------------------------------


def test_no_text_shows_personal_data(operator, talk):
    page = shown(operator, talk.conversation, events="1")
    for secret in (
        "13812345678",
        "13912345678",
        "@example.com",
        "Ana Lima",
        "k_a1b2c3d4e5f60718",
        ">ana<",
        "Olga",
    ):
        assert secret not in page, secret
    assert "[phone]" in page and "[mail]" in page
    assert "Hello **Person" in page


def test_event_json_is_redacted_and_stays_json(operator, talk):
    shown(operator, talk.conversation)
    answer = operator.get(event_place(talk, 2))
    read = answer.json() if answer["Content-Type"].startswith("application/json") else answer.content.decode()
    assert "13812345678" not in read
    assert '"bot_id": "7430000000000000001"' in read
    assert r"{\"phone\": \"[phone]\"}" in read


def test_a_name_cut_within_a_number_ends_before_it(operator, conversation):
    Conversation.objects.update(name="Call me at 138123456…")
    page = shown(operator, conversation)
    assert "Call me at …" in page
    assert "138123456" not in page


# --- events ------------------------------------------------------------------------------------------


def test_events_are_listed_on_demand_and_read_one_by_one(operator, talk):
    assert "3 events" in shown(operator, talk.conversation)
    assert "conversation.chat.created" not in shown(operator, talk.conversation)
    listed = shown(operator, talk.conversation, events="1")
    assert "conversation.chat.created" in listed and "+500 ms" in listed and "+1.5 s" in listed
    assert "events=1" in re.search(r'href="([^"]+)"[^>]*>Reload', listed)[1]  # type: ignore[index]


def test_reading_an_event_is_recorded(operator, talk, ana):
    shown(operator, talk.conversation)
    operator.get(event_place(talk, 2))
    entry = AuditEntry.objects.get(action="event.read")
    assert entry.subject == ana
    assert entry.after["name"] == "conversation.message.completed"


def test_an_event_takes_a_look_first(operator, talk):
    answer = operator.get(event_place(talk, 1), headers={"accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["error"]["reason"] == "no_look"


# --- pictures ----------------------------------------------------------------------------------------


def test_only_pictures_of_the_answer_get_links(operator, talk):
    said = "![a](https://pictures.example.com/a.png)"
    answer = say(talk.second, "answer", said)
    place = reverse("console_pictures", args=[talk.conversation.uuid])
    wanted = ["https://pictures.example.com/a.png", "https://other.example.com/b.png"]
    body = {"message": str(answer.uuid), "addresses": wanted}
    refused = operator.post(place, body, content_type="application/json")
    assert refused.status_code == 403
    shown(operator, talk.conversation)
    links = operator.post(place, body, content_type="application/json").json()["links"]
    assert list(links) == wanted[:1]
    assert links[wanted[0]].startswith("/pictures/")


# --- pages -------------------------------------------------------------------------------------------


@pytest.fixture
def long(conversation) -> list[Turn]:
    return [ask(conversation, number, minutes=number) for number in range(1, 76)]


def numbers(page: str) -> list[int]:
    return [int(one) for one in re.findall(r">Turn (\d+)<", page)]


def test_it_opens_at_the_newest_and_pages_back(operator, conversation, long):
    page = shown(operator, conversation)
    assert numbers(page) == list(range(46, 76))
    older = shown(operator, conversation, before=str(long[45].uuid))
    assert numbers(older) == list(range(16, 46))
    first = shown(operator, conversation, at="first")
    assert numbers(first) == list(range(1, 31))
    assert "Show older turns" not in first
    newer = shown(operator, conversation, after=str(long[29].uuid))
    assert numbers(newer) == list(range(31, 61))
    assert "Show newer turns" in newer and "Show older turns" in newer


def test_it_opens_at_a_turn_with_what_came_before(operator, conversation, long):
    page = shown(operator, conversation, turn=str(long[19].uuid))
    assert numbers(page) == list(range(15, 45))
    assert numbers(shown(operator, conversation, turn=str(uuid4()))) == list(range(46, 76))
    assert numbers(shown(operator, conversation, turn="nonsense")) == list(range(46, 76))


def test_queries_do_not_grow_with_the_page(operator, talk, django_assert_max_num_queries):
    for number in range(3, 40):
        turn = ask(talk.conversation, number, minutes=30 + number)
        say(turn, "answer", "yes")
        Event.objects.create(turn=turn, name="done")
    shown(operator, talk.conversation)  # the look
    with django_assert_max_num_queries(28):
        shown(operator, talk.conversation, events="1")
    with django_assert_max_num_queries(28):
        shown(operator, talk.conversation, at="first", events="1")
