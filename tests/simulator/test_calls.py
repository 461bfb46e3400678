"""What Weather calls for, and what it makes of the outputs."""

import json

import httpx
import pytest

from tests.simulator.asking import (
    answer_text,
    ask,
    calls_of,
    completed,
    names,
    new_conversation,
    read_events,
    submit,
    submit_one,
    waiting_chat,
)
from tests.simulator.process import BOT_IDS


def upload(http: httpx.Client, name: str = "sky at noon.png") -> str:
    return str(http.post("/v1/files/upload", files={"file": (name, b"png")}).json()["data"]["id"])


@pytest.mark.parametrize("question", ["Show me a photo of the sky", "call=file the sky"])
def test_a_file_becomes_an_address(http: httpx.Client, question: str) -> None:
    chat = waiting_chat(http, question)
    (call,) = calls_of(chat)
    assert call["function"]["name"] == "read_photo"
    assert "the sky" in json.loads(call["function"]["arguments"])["purpose"]
    file_id = upload(http)
    said = answer_text(submit_one(http, chat, json.dumps({"image": file_id})))
    assert said == (
        f"Here is your picture: [sky at noon.png](https://files.example.com/{file_id}/sky%20at%20noon.png)"
    )


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ('{"image": "7"}', "The file 7 is not known."),
        ('{"image": 7}', "The file 7 is not known."),
        ('{"image": "{\\"file_id\\": \\"7\\"}"}', "The file 7 is not known."),
        ('{"image": "https://a.example/b.png"}', "Here is your picture: [open](https://a.example/b.png)"),
        ("no camera", "The tool sent no file: no camera"),
        ('{"declined": true}', 'The tool sent no file: {"declined": true}'),
    ],
)
def test_a_file_that_is_not_known(http: httpx.Client, output: str, said: str) -> None:
    assert answer_text(submit_one(http, waiting_chat(http, "call=file"), output)) == said


@pytest.mark.parametrize("kind", ["position", "infos"])
def test_coordinates_in_both_shapes(http: httpx.Client, kind: str) -> None:
    chat = waiting_chat(http, f"Will it rain here? call={kind}")
    (call,) = calls_of(chat)
    if kind == "position":
        assert (call["type"], call["function"]) == ("require_info", None)
        assert call["require_info"] == {"name": "Maps", "require_fields": ["coordinates"]}
    else:
        assert (call["type"], call["function"]["name"]) == ("function", "get_local_rain")
        assert call["require_info"] == {"infos": ["coordinates"]}
    assert ask(http, "more", "Weather", chat["conversation_id"])[0][1]["code"] == 4016
    output = '{"coordinates": {"longitude": "2.35", "latitude": "48.85"}}'
    assert answer_text(submit_one(http, chat, output)) == "You are at latitude 48.85, longitude 2.35."


def test_coordinates_that_are_declined(http: httpx.Client) -> None:
    said = answer_text(submit_one(http, waiting_chat(http, "call=position"), "No."))
    assert said == "I did not get your coordinates: No."


def test_nested_arguments(http: httpx.Client) -> None:
    chat = waiting_chat(http, "An umbrella for Rome call=book")
    (call,) = calls_of(chat)
    assert call["function"]["name"] == "book_umbrella"
    arguments = json.loads(call["function"]["arguments"])
    assert arguments["places"] == ["Rome", "Oslo"]
    assert arguments["nested"]["delivery"]["address"]["number"] == 7
    assert answer_text(submit_one(http, chat, "declined: no money")) == (
        "book_umbrella says: declined: no money"
    )


def test_arguments_that_are_no_json(http: httpx.Client) -> None:
    events = ask(http, "in Oslo call=broken", "Weather")
    chat = events[-2][1]
    (call,) = calls_of(chat)
    for text in (call["function"]["arguments"], completed(events, "function_call")[0]["content"]):
        assert "Oslo" in text
        with pytest.raises(ValueError):
            json.loads(text)
    assert names(submit_one(http, chat, "x"))[-2:] == ["chat.completed", "done"]


def test_rounds_and_calls_as_told(http: httpx.Client) -> None:
    chat = waiting_chat(http, "Rain in Rome? call=book,position/rain")
    first, second = calls_of(chat)
    events = read_events(submit(http, chat, {second["id"]: "there", first["id"]: "booked"}).text)
    responses = [each["content"] for each in completed(events, "tool_response")]
    assert responses == ["booked", "there"]  # in the order of the calls
    (third,) = calls_of(events[-2][1])
    assert json.loads(third["function"]["arguments"]) == {"location": "Rome"}
    assert third["id"] not in {first["id"], second["id"]}
    said = answer_text(submit_one(http, events[-2][1], '{"probability": 0.5}'))
    assert said == (
        "book_umbrella says: booked I did not get your coordinates: there "
        "The probability of rain in Rome is 50%."
    )


def test_a_mixed_round_answered_at_once(http: httpx.Client) -> None:
    chat = waiting_chat(http, "in Rome call=mixed")
    call, words = calls_of(chat)
    assert (words["id"], words["type"]) == ("", "reply_message")
    events = read_events(submit(http, chat, {call["id"]: '{"probability": 1}', "": "short"}).text)
    assert answer_text(events) == ("The probability of rain in Rome is 100%. You want it like this: short")


def test_a_mixed_round_whose_words_come_as_the_next_message(http: httpx.Client) -> None:
    conversation_id = new_conversation(http, bot_id=BOT_IDS["Weather"])
    chat = waiting_chat(http, "in Rome call=mixed", conversation_id=conversation_id)
    call, _ = calls_of(chat)
    events = read_events(submit(http, chat, {call["id"]: '{"probability": 1}'}).text)
    (words,) = calls_of(events[-2][1])
    assert (words["id"], words["type"]) == ("", "reply_message")
    events = ask(http, "long, please", "Weather", conversation_id)
    assert answer_text(events).endswith("You want it like this: long, please")
    assert calls_of(waiting_chat(http, "in Rome", conversation_id=conversation_id))
