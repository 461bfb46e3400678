"""A chatflow whose answers are counted, in a bot and in an app."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.simulator.asking import answer_text, calls_of, code_of, names, read_events, submit
from tests.simulator.process import APP_ID, BOT_IDS, CITY_WEATHER_ID, TRAVEL_FLOW_ID, SimulatorProcess

PLACES = [{"bot_id": BOT_IDS["Travel"]}, {"app_id": APP_ID}]


def send(http: httpx.Client, text: str, conversation_id: str = "", **where: str) -> Any:
    """The events of the stream, or the JSON of a refusal."""
    message = {"role": "user", "type": "question", "content_type": "text", "content": text}
    body = {"workflow_id": TRAVEL_FLOW_ID, "additional_messages": [message], "parameters": {}, **where}
    if conversation_id:
        body["conversation_id"] = conversation_id
    answer = http.post("/v1/workflows/chat", json=body)
    return read_events(answer.text) if answer.text.startswith("event:") else answer.json()


def test_the_conversation_of_an_apps_chatflow(http: httpx.Client) -> None:
    def create(**fields: Any) -> httpx.Response:
        body = {"app_id": APP_ID, "workflow_id": TRAVEL_FLOW_ID, "conversation_name": "trip"}
        return http.post("/v1/conversation/create", json=body | {"get_or_create": True} | fields)

    made = create().json()["data"]["id"]
    assert create().json()["data"]["id"] == made
    assert create(conversation_name="other").json()["data"]["id"] != made
    assert create(get_or_create=False).json()["data"]["id"] != made
    assert code_of(create(app_id="7")) == 4200
    assert code_of(create(workflow_id=CITY_WEATHER_ID)) == 4200
    assert send(http, "Plan a trip", made, app_id=APP_ID)[0][1]["conversation_id"] == made


@pytest.mark.parametrize("where", PLACES)
def test_each_message_that_answers_is_counted(
    http: httpx.Client, simulator: SimulatorProcess, where: dict[str, str]
) -> None:
    chat = send(http, "Plan a trip refuse_submit=4009 hold=h hold_at=submitted", **where)[0][1]
    conversation_id = chat["conversation_id"]
    assert send(http, "Rome", conversation_id, **where)["code"] == 4009
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(send, http, "Rome", conversation_id, **where)
        (answering,) = simulator.reached("h")
        assert simulator.chat(answering)["answers"] == chat["id"]
        assert send(http, "Rome", conversation_id, **where)[0][1]["code"] == 4016
        simulator.release("h")
        assert answer.result()[-2][1]["status"] == "requires_action"
    entry = simulator.chat(chat["id"])
    assert (entry["accepted"], entry["refused"]) == (1, 1)
    assert entry["submits"][1]["words"] == "Rome"


def test_a_message_whose_caller_goes_away_before_is_not_accepted(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    where = PLACES[0]
    chat = send(http, "Plan a trip hold=h hold_at=before_submit", **where)[0][1]
    http.timeout = httpx.Timeout(10, read=0.2)
    with pytest.raises(httpx.ReadTimeout):
        send(http, "Rome", chat["conversation_id"], **where)
    http.timeout = httpx.Timeout(10)
    simulator.left("h")
    assert len(simulator.chats(chat["conversation_id"])) == 1
    simulator.release("h")
    assert "Kyoto" in answer_text(send(http, "Kyoto", chat["conversation_id"], **where))
    assert simulator.chat(chat["id"])["accepted"] == 1


def test_a_chatflow_question_that_expired(http: httpx.Client, simulator: SimulatorProcess) -> None:
    chat = send(http, "Plan a trip", **PLACES[1])[0][1]
    simulator.expire(chat["id"])
    assert simulator.run(chat["execute_id"])["status"] == "Fail"
    said = answer_text(send(http, "Rome", chat["conversation_id"], **PLACES[1]))
    assert said.startswith("Where would you like to go?")


@pytest.mark.parametrize("where", PLACES)
def test_a_chatflow_that_calls_a_tool(
    http: httpx.Client, simulator: SimulatorProcess, where: dict[str, str]
) -> None:
    chat = send(http, "Plan a trip call=rain refuse_submit=4000", **where)[-2][1]
    (call,) = calls_of(chat)
    assert code_of(submit(http, chat, {call["id"]: "wet"})) == 4000
    events = read_events(submit(http, chat, {call["id"]: "wet"}).text)
    assert answer_text(events).startswith("For Oslo the tool says: wet\nWhere would you like to go?")
    assert calls_of(events[-2][1])[0]["type"] == "reply_message"
    assert names(send(http, "Rome", chat["conversation_id"], **where))[-2] == "chat.requires_action"
