"""Interrupts of every kind, and resumes that are refused."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from simulator.workflows.forms import read_form, schema_element
from simulator.workflows.kinds import FORM
from tests.simulator.asking import code_of
from tests.simulator.process import SimulatorProcess
from tests.simulator.running import history, interrupt, resume, start, told

FILLED = {"city": "Oslo", "days": 2, "start": "2026-12-24", "guest": {"name": "Ann"}}


def test_a_form_of_every_type(http: httpx.Client) -> None:
    waiting = interrupt(start(http, "Oslo ask=form"))
    assert waiting["type"] == 5
    parameters = waiting["required_parameters"]
    assert {name: each["type"] for name, each in parameters.items()} == {
        "city": "string",
        "days": "integer",
        "budget": "number",
        "vegetarian": "boolean",
        "start": "time",
        "guest": "object",
        "tags": "array",
        "photo": "image",
        "ticket": "file",
    }
    assert parameters["guest"]["properties"]["name"]["required"]
    assert parameters["tags"]["items"] == {"type": "string"}
    assert parameters["days"]["default_value"] == "3"
    elements = {each["name"]: each for each in json.loads(json.loads(waiting["data"])["content"])}
    assert elements["photo"]["assistType"] == 2
    assert elements["tags"]["schema"] == {"type": "string"}
    reply = FILLED | {"tags": ["a", "b"], "photo": '{"file_id":"81"}', "vegetarian": True}
    assert told(resume(http, waiting, json.dumps(reply)))["form"] == reply | {"photo": "81"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"city": ""},
        {"days": "two"},
        {"budget": "much"},
        {"vegetarian": "perhaps"},
        {"start": "soon"},
        {"guest": {"age": 3}},
        {"guest": "Ann"},
        {"tags": "a, b"},
        {"tags": [1]},
        {"photo": "81"},
    ],
)
def test_a_form_that_is_not_filled_in_right_is_asked_again(http: httpx.Client, wrong: dict[str, Any]) -> None:
    first = interrupt(start(http, "ask=form"))
    again = interrupt(resume(http, first, json.dumps(FILLED | wrong)))
    assert again["event_id"] != first["event_id"]
    assert again["required_parameters"] == first["required_parameters"]
    assert told(resume(http, again, json.dumps(FILLED)))["form"] == FILLED


def test_kinds_one_after_the_other(http: httpx.Client, simulator: SimulatorProcess) -> None:
    replies = {"options": "Umbrella", "plugin": "28 C", "plugin6": "{}", "signin": ""}
    answer = start(http, f"ask={','.join(replies)}")
    seen = []
    for reply in replies.values():
        seen.append(interrupt(answer))
        answer = resume(http, seen[-1], reply)
    assert told(answer) == replies
    assert [each["type"] for each in seen] == [2, 1, 6, 7]
    content = json.loads(seen[0]["data"])["content"]
    assert [each["name"] for each in content["options"]] == ["Umbrella", "Raincoat", "Stay at home"]
    assert json.loads(seen[1]["data"])["name"] == "get_rain_probability"
    assert "https://auth.example.com/" in seen[3]["data"]
    assert len({each["event_id"] for each in seen}) == 4
    (run,) = simulator.runs()
    assert (run["accepted"], run["refused"], run["status"]) == (4, 0, "Success")


def test_the_first_reply_may_ask_for_a_kind(http: httpx.Client) -> None:
    waiting = interrupt(start(http, ""))
    assert waiting["type"] == 2
    waiting = interrupt(resume(http, waiting, "Oslo ask=photo"))
    assert (waiting["type"], list(waiting["required_parameters"])) == (5, ["photo"])


def test_a_resume_that_is_refused_leaves_the_run_waiting(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    waiting = interrupt(start(http, "refuse_submit=4013 ask=options"))
    other = interrupt(start(http, "ask=options"))
    assert waiting["event_id"].partition("/")[0] != other["event_id"].partition("/")[0]
    half = f"{waiting['event_id'].partition('/')[0]}/{other['event_id'].partition('/')[2]}"
    for wrong in ({"type": 5}, {"event_id": half}, {"event_id": "7/7"}):
        answer = resume(http, waiting | wrong, "x")
        assert answer.headers["content-type"].startswith("application/json")
        assert code_of(answer) == 4000
    assert code_of(resume(http, waiting, "Umbrella")) == 4013
    assert told(resume(http, waiting, "Umbrella"))
    assert code_of(resume(http, waiting, "Umbrella")) == 4000
    run = simulator.run(waiting["event_id"].partition("/")[0])
    assert [each["code"] for each in run["submits"]] == [4000, 4000, 4013, 0, 4000]
    assert (run["accepted"], run["refused"]) == (1, 4)
    assert run["submits"][3]["resume_data"] == "Umbrella"


def test_a_waiting_run_expires(http: httpx.Client, simulator: SimulatorProcess) -> None:
    waiting = interrupt(start(http, "ask=options"))
    execute_id = waiting["event_id"].partition("/")[0]
    simulator.expire_run(execute_id)
    found = history(http, execute_id)
    assert (found["execute_status"], found["error_code"]) == ("Fail", "5000")
    assert "interrupt_data" not in found
    assert code_of(resume(http, waiting, "x")) == 4000


def test_a_waiting_run_expires_after_its_time(http: httpx.Client, simulator: SimulatorProcess) -> None:
    waiting = interrupt(start(http, "ask=options expires=0.1"))
    execute_id = waiting["event_id"].partition("/")[0]
    assert simulator.until_run(execute_id, "Fail")["error_code"] == "5000"


def test_a_resume_that_is_accepted_but_not_answered_yet(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    waiting = interrupt(start(http, "ask=options hold=h hold_at=submitted"))
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(resume, http, waiting, "Umbrella")
        (execute_id,) = simulator.reached("h")
        assert simulator.run(execute_id)["accepted"] == 1
        assert code_of(resume(http, waiting, "Raincoat")) == 4000
        simulator.release("h")
        assert told(answer.result()) == {"options": "Umbrella"}


def test_a_resume_whose_caller_goes_away_before_is_not_accepted(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    waiting = interrupt(start(http, "ask=options hold=h hold_at=before_submit"))
    http.timeout = httpx.Timeout(10, read=0.2)
    with pytest.raises(httpx.ReadTimeout):
        resume(http, waiting, "Umbrella")
    http.timeout = httpx.Timeout(10)
    simulator.left("h")
    simulator.release("h")
    assert told(resume(http, waiting, "Raincoat")) == {"options": "Raincoat"}
    assert simulator.runs()[0]["accepted"] == 1


def test_a_form_as_json_or_as_lines() -> None:
    lines = 'city:Oslo\ndays:\nstart:2026-12-24T10:00:00Z\nguest:{"name":"Ann"}\ntags:[]'
    assert read_form(lines, FORM) == {
        "city": "Oslo",
        "days": 3,
        "start": "2026-12-24T10:00:00Z",
        "guest": {"name": "Ann"},
        "tags": [],
    }
    assert read_form(json.dumps(FILLED | {"photo": {"file_id": "81"}}), FORM) == FILLED | {"photo": "81"}
    assert schema_element(FORM[5])["schema"][0] == {
        "type": "string",
        "name": "name",
        "required": True,
        "description": "As in the passport",
    }
