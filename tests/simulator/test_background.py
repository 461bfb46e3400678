"""Runs without a stream, and what the catalog says of workflows."""

import httpx

from tests.simulator.asking import code_of
from tests.simulator.process import CITY_WEATHER_ID, TRAVEL_FLOW_ID, WORKSPACE_ID, SimulatorProcess
from tests.simulator.running import history, resume, start


def test_a_run_in_the_background(http: httpx.Client, simulator: SimulatorProcess) -> None:
    said = "ask=options,photo hold=h hold_at=created"
    answer = start(http, said, "run", is_async=True).json()
    execute_id = answer["execute_id"]
    assert "data" not in answer
    simulator.reached("h")
    found = history(http, execute_id)
    assert (found["execute_status"], found.get("interrupt_data")) == ("Running", None)
    simulator.release("h")
    found = history(http, execute_id)
    waiting = found["interrupt_data"]
    assert (found["execute_status"], found["run_mode"], waiting["type"]) == ("Running", 2, 2)
    assert code_of(resume(http, waiting, "Umbrella")) == 4000  # not by a stream
    assert resume(http, waiting, "Umbrella", "workflows/resume").json()["execute_id"] == execute_id
    waiting = history(http, execute_id)["interrupt_data"]
    assert waiting["required_parameters"]["photo"]["type"] == "image"
    reply = '{"photo": "{\\"file_id\\":\\"81\\"}"}'
    assert resume(http, waiting, reply, "workflows/resume").json()["code"] == 0
    found = history(http, execute_id)
    assert found["execute_status"] == "Success"
    assert "81" in found["output"]
    assert simulator.run(execute_id)["accepted"] == 2


def test_a_run_in_the_background_that_fails(http: httpx.Client) -> None:
    execute_id = start(http, "error=5000", "run", is_async=True).json()["execute_id"]
    found = history(http, execute_id)
    assert (found["execute_status"], found["error_code"]) == ("Fail", "5000")


def test_a_run_without_a_stream_asks_twice(http: httpx.Client) -> None:
    answer = start(http, "ask=signin,options", "run").json()
    for reply, kind in (("done", 7), ("Umbrella", 2)):
        assert (answer["data"], answer["interrupt_data"]["type"]) == ("", kind)
        answer = resume(http, answer["interrupt_data"], reply, "workflows/resume").json()
    assert "Umbrella" in answer["data"]
    assert "interrupt_data" not in answer


def test_what_the_catalog_says_of_workflows(http: httpx.Client) -> None:
    def listed(**query: str) -> list[str]:
        params = {"workspace_id": WORKSPACE_ID, "page_num": "1", **query}
        items = http.get("/v1/workflows", params=params).json()["data"]["items"]
        return [each["workflow_id"] for each in items]

    assert listed() == [CITY_WEATHER_ID, TRAVEL_FLOW_ID]
    assert listed(workflow_mode="workflow") == [CITY_WEATHER_ID]
    assert listed(workflow_mode="chatflow") == [TRAVEL_FLOW_ID]
    path = f"/v1/workflows/{CITY_WEATHER_ID}"
    assert "input" not in http.get(path).json()["data"]
    data = http.get(path, params={"include_input_output": "true"}).json()["data"]
    assert data["input"]["parameters"]["city"] == {
        "type": "string",
        "required": False,
        "description": "Where",
    }
    assert data["output"]["terminate_plan"] == "return_variables"
    assert "role" not in data
