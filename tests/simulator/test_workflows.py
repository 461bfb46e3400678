"""Workflows and chatflows on the wire."""

import json
from typing import Any

import httpx
import pytest

from simulator.workflows.city_weather import extract
from simulator.workflows.forms import read_form
from simulator.workflows.travel import FIELDS
from tests.simulator.asking import code_of, names, read_events
from tests.simulator.process import APP_ID, BOT_IDS, CITY_WEATHER_ID, TRAVEL_FLOW_ID, SimulatorProcess


def run(http: httpx.Client, workflow_id: str, parameters: Any, path: str = "stream_run") -> httpx.Response:
    return http.post(f"/v1/workflow/{path}", json={"workflow_id": workflow_id, "parameters": parameters})


def resume(http: httpx.Client, workflow_id: str, waiting: dict[str, Any], reply: str) -> httpx.Response:
    body = {
        "workflow_id": workflow_id,
        "event_id": waiting["event_id"],
        "interrupt_type": waiting["type"],
        "resume_data": reply,
    }
    return http.post("/v1/workflow/stream_resume", json=body)


def waits_for(answer: httpx.Response) -> dict[str, Any]:
    name, data = read_events(answer.text)[-1]
    assert name == "Interrupt"
    return dict(data["interrupt_data"])


def test_options_then_typed_fields_by_interrupt(http: httpx.Client) -> None:
    choice = waits_for(run(http, TRAVEL_FLOW_ID, {}))
    assert choice["type"] == 2
    options = json.loads(choice["data"])["content"]["options"]
    assert [option["name"] for option in options] == ["Paris", "Rome", "Kyoto"]
    form = waits_for(resume(http, TRAVEL_FLOW_ID, choice, "Rome"))
    assert form["type"] == 5
    assert form["required_parameters"]["days"] == {
        "type": "integer",
        "required": True,
        "description": "How many days",
    }
    assert form["required_parameters"]["budget"]["default_value"] == "100"
    assert form["event_id"].partition("/")[0] == choice["event_id"].partition("/")[0]
    again = waits_for(resume(http, TRAVEL_FLOW_ID, form, '{"days":"many","start":"2026-12-24"}'))
    assert again["event_id"] != form["event_id"]
    done = read_events(resume(http, TRAVEL_FLOW_ID, again, '{"days":2,"start":"2026-12-24"}').text)
    assert done[-1][0] == "Done"
    assert done[0][1]["content"]


def test_an_answered_event_is_refused(http: httpx.Client) -> None:
    waiting = waits_for(run(http, CITY_WEATHER_ID, {}))
    wrong = waiting | {"type": 5}
    assert code_of(resume(http, CITY_WEATHER_ID, wrong, "Oslo")) == 4000
    assert waits_for(resume(http, CITY_WEATHER_ID, waiting, "Oslo"))["type"] == 2
    assert code_of(resume(http, CITY_WEATHER_ID, waiting, "Oslo")) == 4000
    unknown = waiting | {"event_id": "7/7"}
    assert code_of(resume(http, CITY_WEATHER_ID, unknown, "Oslo")) == 4000


def test_without_a_stream_it_waits_and_is_resumed(http: httpx.Client) -> None:
    answer = run(http, CITY_WEATHER_ID, '{"city": "Oslo"}', "run").json()  # parameters as a string
    assert (answer["data"], answer["interrupt_data"]["type"]) == ("", 2)
    body = {
        "workflow_id": CITY_WEATHER_ID,
        "event_id": answer["interrupt_data"]["event_id"],
        "interrupt_type": 2,
        "resume_data": "today",
    }
    assert code_of(http.post("/v1/workflow/stream_resume", json=body)) == 4000
    done = http.post("/v1/workflows/resume", json=body).json()
    assert "rain in Oslo" in json.loads(done["data"])["output"]
    assert code_of(http.post("/v1/workflows/resume", json=body)) == 4000
    path = f"/v1/workflows/{CITY_WEATHER_ID}/run_histories/{answer['execute_id']}"
    (history,) = http.get(path).json()["data"]
    assert (history["execute_status"], history["run_mode"], history["error_code"]) == ("Success", 0, "")
    uuid = history["node_execute_status"]["Output"]["node_execute_uuid"]
    assert "rain in Oslo" in http.get(f"{path}/execute_nodes/{uuid}").json()["data"]["node_output"]


def test_a_lost_workflow_stream_is_found_in_the_history(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    parameters = {"city": "Oslo", "date": "today", "test": "drop_after=300 hold=h1 hold_at=last"}
    with pytest.raises(httpx.RemoteProtocolError):
        run(http, CITY_WEATHER_ID, parameters)
    (execute_id,) = simulator.reached("h1")
    path = f"/v1/workflows/{CITY_WEATHER_ID}/run_histories/{execute_id}"
    assert http.get(path).json()["data"][0]["execute_status"] == "Running"
    simulator.release("h1")
    (history,) = http.get(path).json()["data"]
    assert history["execute_status"] == "Success"
    assert "rain in Oslo" in history["output"]


def test_a_failed_run(http: httpx.Client) -> None:
    events = read_events(run(http, CITY_WEATHER_ID, {"test": "error=5000"}).text)
    assert [name for name, _ in events] == ["Error"]
    assert events[0][1]["error_code"] == 5000
    assert code_of(run(http, CITY_WEATHER_ID, {"test": "error=5000"}, "run")) == 5000


def test_chatflow_with_cards_in_an_app(http: httpx.Client, simulator: SimulatorProcess) -> None:
    def send(text: str, **fields: Any) -> Any:
        message = {"role": "user", "type": "question", "content_type": "text", "content": text}
        body = {
            "workflow_id": TRAVEL_FLOW_ID,
            "app_id": APP_ID,
            "additional_messages": [message],
            "parameters": {},
            "ext": {"user_id": "u1", "enable_card": "true"},
        }
        return read_events(http.post("/v1/workflows/chat", json=body | fields).text)

    events = send("Plan a trip")
    assert names(events)[-2:] == ["chat.requires_action", "done"]
    created = events[0][1]
    assert "bot_id" not in created
    assert "execute_id=" in events[-1][1]["debug_url"]
    conversation_id = created["conversation_id"]
    assert simulator.chat(created["id"])["user_id"] == "u1"
    path = f"/v1/workflows/{TRAVEL_FLOW_ID}/run_histories/{created['execute_id']}"
    assert http.get(path).json()["data"][0]["interrupt_data"]["type"] == 2
    events = send("Rome", conversation_id=conversation_id)
    assert events[0][1]["id"] != created["id"]
    events = send("days:2\nstart:2026-12-24\nbudget:\nvegetarian:true", conversation_id=conversation_id)
    assert names(events)[-2:] == ["chat.completed", "done"]
    assert "vegetarian meals" in json.dumps(events)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"bot_id": BOT_IDS["Travel"], "app_id": APP_ID}, 4000),
        ({}, 4000),
        ({"app_id": APP_ID, "additional_messages": []}, 4000),
        ({"app_id": APP_ID, "workflow_id": CITY_WEATHER_ID}, 4000),
        ({"app_id": APP_ID, "workflow_id": "7"}, 4200),
        ({"app_id": APP_ID, "conversation_id": "7"}, 4002),
    ],
)
def test_bad_chatflow_calls(http: httpx.Client, fields: dict[str, Any], code: int) -> None:
    message = {"role": "user", "type": "question", "content_type": "text", "content": "x"}
    body = {"workflow_id": TRAVEL_FLOW_ID, "additional_messages": [message], "parameters": {}, **fields}
    assert code_of(http.post("/v1/workflows/chat", json=body)) == code


def test_what_a_question_node_extracts() -> None:
    assert extract("Paris") == {"city": "Paris"}
    assert extract("in New York, tomorrow?") == {"city": "New York", "date": "tomorrow"}
    assert extract("2026-12-24") == {"date": "2026-12-24"}
    assert extract("北京 明天") == {"city": "北京", "date": "明天"}
    assert extract("?!") == {}


def test_forms_as_json_or_lines() -> None:
    expected = {"days": 3, "start": "2026-12-24", "budget": 100.0}
    assert read_form('{"days": 3, "start": "2026-12-24"}', FIELDS) == expected
    assert read_form("days:3\nstart:2026-12-24\nbudget:\nvegetarian:", FIELDS) == expected
    assert read_form("{days:3\nstart:2026-12-24}", FIELDS) == expected
    assert read_form("days:three\nstart:x", FIELDS) is None
    assert read_form("start:x", FIELDS) is None
