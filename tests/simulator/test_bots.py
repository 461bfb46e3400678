"""What each bot says, as a person would see it."""

import json

import httpx
import pytest

from simulator.bots.weather import find_rounds
from tests.simulator.asking import ask, body, completed, deltas, names, new_conversation
from tests.simulator.process import BOT_IDS, SimulatorProcess


def test_echo_says_long_text_to_the_letter(http: httpx.Client) -> None:
    text = ("# Überschrift\n\n| a | b |\n" + "ﷺ\u202e🏳️‍🌈\t") * 3000
    events = ask(http, text)
    assert "".join(deltas(events)) == completed(events, "answer")[0]["content"] == text


@pytest.mark.parametrize(("question", "follow_up"), [("Hello", "Say it once more"), ("你好", "再说一遍")])
def test_follow_ups_are_in_the_language_of_the_question(
    http: httpx.Client, question: str, follow_up: str
) -> None:
    assert completed(ask(http, question), "follow_up")[0]["content"] == follow_up


def test_showcase_shows_everything_or_what_is_asked_for(http: httpx.Client) -> None:
    everything = completed(ask(http, "Show me everything", "Showcase"), "answer")[0]["content"]
    assert all(part in everything for part in ("|:-----|", "```python", "$\\%$", "```mermaid", "- [x]"))
    table = completed(ask(http, "A table, please", "Showcase"), "answer")[0]["content"]
    assert "|:-----|" in table and "```" not in table
    assert len(completed(ask(http, "a long text", "Showcase"), "answer")[0]["content"]) > 5000


@pytest.mark.parametrize(
    ("question", "rounds"),
    [
        ("Will it rain in Paris?", [["Paris"]]),
        ("Oslo rate=0", [["Oslo"]]),
        ("What is the chance of rain in New York tomorrow?", [["New York"]]),
        ("compare Oslo and Rome", [["Oslo", "Rome"]]),
        ("Rain in Oslo, then in Rome", [["Oslo"], ["Rome"]]),
        ("河南的降水概率", [["河南"]]),
        ("比较北京和上海", [["北京", "上海"]]),
    ],
)
def test_weather_finds_the_places(question: str, rounds: list[list[str]]) -> None:
    assert find_rounds(question) == rounds


def test_weather_calls_the_clients_tool_and_uses_what_it_says(http: httpx.Client) -> None:
    events = ask(http, "河南的降水概率", "Weather")
    assert names(events) == [
        "chat.created",
        "chat.in_progress",
        "message.completed",
        "message.completed",
        "message.completed",
        "chat.requires_action",
        "done",
    ]
    called = json.loads(completed(events, "function_call")[0]["content"])
    assert (called["arguments"], called["plugin_type"]) == ({"location": "河南"}, 6)
    assert called["plugin_id"] > 2**53
    interrupt, finish = (json.loads(each["content"]) for each in completed(events, "verbose"))
    assert interrupt["msg_type"] == "interrupt"
    assert json.loads(finish["data"])["finish_reason"] == 1
    chat = events[-2][1]
    (call,) = chat["required_action"]["submit_tool_outputs"]["tool_calls"]
    answer = http.post(
        "/v3/chat/submit_tool_outputs",
        params={"conversation_id": chat["conversation_id"], "chat_id": chat["id"]},
        json={
            "stream": True,
            "tool_outputs": [{"tool_call_id": call["id"], "output": '{"probability":0.5}'}],
        },
    )
    assert "河南的降水概率为50%。" in answer.text
    assert answer.text.startswith("event:conversation.chat.in_progress")
    assert "chat.created" not in answer.text


def test_reasoner_thinks_recalls_and_answers_twice(http: httpx.Client) -> None:
    events = ask(http, "Why is the sky blue?", "Reasoner")
    first, second = completed(events, "answer")
    assert first["reasoning_content"] == "".join(deltas(events, "reasoning_content"))
    assert "Why is the sky blue?" in first["reasoning_content"]
    assert "".join(deltas(events)) == first["content"] + second["content"]
    recall = json.loads(completed(events, "verbose")[0]["content"])
    assert json.loads(recall["data"])["chunks"][0]["meta"]["document"]["name"]
    assert len(completed(events, "follow_up")) == 3


def test_travel_asks_with_cards_and_the_next_message_answers(http: httpx.Client) -> None:
    conversation_id = new_conversation(http, bot_id=BOT_IDS["Travel"])
    infos = []
    for text in ("Plan a trip", "Kyoto", '{"start": "2026-12-24"}'):
        events = ask(http, text, "Travel", conversation_id, enable_card=True)
        assert names(events)[-2] == "chat.requires_action"
        (call,) = events[-2][1]["required_action"]["submit_tool_outputs"]["tool_calls"]
        assert (call["id"], call["type"], call["function"]) == ("", "reply_message", None)
        card = json.loads(completed(events, "answer")[0]["content"])
        infos.append(json.loads(card["x_properties"]["workflow_card_info"]))
    assert [option["name"] for option in infos[0]["question_card_data"]["Options"]] == [
        "Paris",
        "Rome",
        "Kyoto",
    ]
    fields = {field["name"]: field["type"] for field in infos[1]["input_card_data"]}
    assert fields == {"days": "integer", "start": "string", "budget": "float", "vegetarian": "boolean"}
    assert infos[2] == infos[1]  # days was missing: the form comes again
    events = ask(http, '{"days": "2", "start": "2026-12-24"}', "Travel", conversation_id)
    assert completed(events, "answer")[0]["content"].startswith("# 2 days in Kyoto")
    assert names(events)[-2] == "chat.completed"


def test_clearing_a_conversation_forgets_the_open_question(http: httpx.Client) -> None:
    conversation_id = new_conversation(http)
    ask(http, "Plan a trip", "Travel", conversation_id)
    http.post(f"/v1/conversations/{conversation_id}/clear", json={})
    events = ask(http, "Rome", "Travel", conversation_id)
    assert completed(events, "answer")[0]["content"].startswith("Where would you like to go?")


def test_trouble_is_busy_for_a_while_and_then_answers(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    conversation_id = new_conversation(http)
    (event,) = ask(http, "busy busy_for=60", "Trouble", conversation_id)
    assert event[1]["code"] == 4016
    assert simulator.chats(conversation_id)[0]["is_other_client"]
    simulator.vacate(conversation_id)
    assert names(ask(http, "busy busy_for=60", "Trouble", conversation_id))[-2] == "chat.completed"


def test_trouble_drops_the_connection_but_not_the_answer(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/v3/chat", json=body("drop", "Trouble"))
    (chat,) = simulator.chats()
    assert simulator.settled(chat["id"])["status"] == "completed"
    assert "This answer went well." in simulator.answer(chat["id"])


def test_trouble_stalls_until_it_is_cancelled(http: httpx.Client, simulator: SimulatorProcess) -> None:
    with http.stream("POST", "/v3/chat", json=body("stall", "Trouble")):
        (chat_id,) = simulator.reached("hang")
        chat = simulator.chat(chat_id)
        ids = {"conversation_id": chat["conversation_id"], "chat_id": chat_id}
        assert http.get("/v3/chat/retrieve", params=ids).json()["data"]["status"] == "in_progress"
        assert http.post("/v3/chat/cancel", json=ids).json()["data"]["status"] == "canceled"
    assert names(ask(http, "well", "Trouble", chat["conversation_id"]))[-2] == "chat.completed"
