"""The simulator as Coze Studio: its own keys, ends, refusals and cards (wire-chat 10, wire-supplement 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.simulator.asking import body, completed
from tests.simulator.process import (
    APP_ID,
    BOT_IDS,
    CITY_WEATHER_ID,
    TRAVEL_FLOW_ID,
    WORKSPACE_ID,
    SimulatorProcess,
    simulator_process,
)

Events = list[tuple[str, Any]]


@pytest.fixture(scope="module")
def studio() -> Iterator[SimulatorProcess]:
    with simulator_process(dialect="studio") as simulator:
        yield simulator


@pytest.fixture
def http(studio: SimulatorProcess) -> Iterator[httpx.Client]:
    studio.reset()
    headers = {"Authorization": f"Bearer {studio.token}"}
    with httpx.Client(base_url=studio.url, headers=headers, trust_env=False, timeout=30) as client:
        yield client


def events_of(text: str) -> Events:
    """Frames; "" for data that is empty, None for none at all."""
    events: Events = []
    for frame in text.split("\n\n"):
        fields = {
            name: value.strip() for name, _, value in (line.partition(":") for line in frame.split("\n"))
        }
        if "event" in fields:
            data = fields.get("data")
            events.append((fields["event"], json.loads(data) if data and data[0] == "{" else data))
    return events


def ask(http: httpx.Client, text: str, bot: str = "Echo", conversation_id: str = "", **fields: Any) -> Events:
    params = {"conversation_id": conversation_id} if conversation_id else {}
    return events_of(http.post("/v3/chat", json=body(text, bot, **fields), params=params).text)


def ends(events: Events) -> list[str]:
    return [name.removeprefix("conversation.") for name, _ in events if name != "conversation.message.delta"]


def finishes(events: Events) -> list[dict[str, Any]]:
    return [json.loads(each["content"]) for each in completed(events, "verbose")]


def flow(http: httpx.Client, text: str, conversation_id: str = "", **fields: Any) -> httpx.Response:
    question = {"role": "user", "content": text, "content_type": "text"}
    place = {"conversation_id": conversation_id} if conversation_id else {}
    request = {
        "workflow_id": TRAVEL_FLOW_ID,
        "bot_id": BOT_IDS["Travel"],
        "parameters": {},
        **place,
        **fields,
    }
    return http.post("/v1/workflows/chat", json={**request, "additional_messages": [question]})


def new_conversation(http: httpx.Client, **fields: Any) -> str:
    return str(http.post("/v1/conversation/create", json=fields).json()["data"]["id"])


def test_an_answer_and_its_end_mark(http):
    answer = http.post("/v3/chat", json=body("one two"))
    events = events_of(answer.text)
    assert ends(events) == [
        "chat.created",
        "chat.in_progress",
        "message.completed",
        "message.completed",
        *["message.completed"] * 3,
        "chat.completed",
        "stream.done",
    ]
    assert answer.text.endswith("event:conversation.stream.done\ndata:\n\n")
    assert answer.headers["x-log-id"]
    messages = [data for name, data in events if ".message." in name]
    assert all(each["reasoning_content"] == "" and each["meta_data"]["bot_state"] for each in messages)
    assert finishes(events) == [
        {"msg_type": "generate_answer_finish", "data": '{"finish_reason":0,"fin_data":""}', "from_unit": ""}
    ]
    assert "last_error" not in events[-2][1]


def test_the_stream_is_the_default_and_without_one_it_runs_on(http, studio):
    question = body("one two")
    del question["stream"]
    assert "conversation.stream.done" in http.post("/v3/chat", json=question).text
    begun = http.post("/v3/chat", json=body("one two", stream=False)).json()
    assert (begun["data"]["status"], begun["code"], begun["BaseResp"]) == ("created", 0, None)
    chat = begun["data"]
    studio.settled(chat["id"])
    place = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    found = http.get("/v3/chat/retrieve", params=place).json()["data"]
    assert (found["status"], "compleated_at" in found) == ("compleated", True)
    listed = http.get("/v3/chat/message/list", params=place).json()
    assert [each["type"] for each in listed["Messages"]][:2] == ["question", "answer"]
    assert "data" not in listed
    assert "code" not in listed


def test_retrieve_is_get_only_and_fails_in_plain_text(http):
    conversation = new_conversation(http)
    missing = http.get("/v3/chat/retrieve", params={"conversation_id": conversation, "chat_id": "1"})
    assert (missing.status_code, missing.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    assert http.post("/v3/chat/retrieve", params={"conversation_id": conversation}).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/bots?workspace_id=" + WORKSPACE_ID),
        ("GET", "/v1/workspaces"),
        ("GET", "/v1/workflows?workspace_id=" + WORKSPACE_ID),
        ("GET", "/v1/users/me"),
        ("GET", "/v1/files/retrieve?file_id=1"),
        ("GET", "/v1/variables"),
        ("POST", "/api/permission/oauth2/token"),
        ("POST", "/v3/chat/submit_tool_outputs"),
        ("POST", "/v1/conversation/message/create"),
        ("POST", "/v1/conversation/message/delete"),
        ("POST", "/v1/conversations/1/messages/2/feedback"),
        ("POST", "/v1/workflows/resume"),
        ("GET", f"/v1/workflows/{CITY_WEATHER_ID}/run_histories/1"),
    ],
)
def test_what_it_has_not_looks_like_a_lost_login(http, method, path):
    answer = http.request(method, path)
    assert (answer.status_code, answer.json()) == (401, {"code": 401, "msg": "missing session_key in cookie"})


def test_a_wrong_token_is_told_with_200(http):
    answer = http.get(f"/v1/bots/{BOT_IDS['Echo']}", headers={"Authorization": "Bearer pat_wrong"})
    assert (answer.status_code, answer.json()["code"]) == (200, 700012006)


def test_ids_are_strings_of_digits(http):
    for fields in ({"bot_id": int(BOT_IDS["Echo"])}, {"bot_id": "echo"}):
        answer = http.post("/v3/chat", json=body("x") | fields)
        assert (answer.status_code, answer.json()["code"]) == (400, 400)


def test_an_array_that_does_not_parse_is_dropped_in_silence(http):
    item = {"type": "file", "file_id": 12}
    message = {"role": "user", "content_type": "object_string", "content": json.dumps([item])}
    conversation = new_conversation(http, bot_id=BOT_IDS["Echo"])
    ask(http, "said before", conversation_id=conversation)
    events = ask(http, "", conversation_id=conversation, additional_messages=[message])
    assert all("12" not in each["content"] for each in completed(events, "answer"))


def test_conversations_have_keys_of_their_own(http):
    made = http.post("/v1/conversation/create", json={"bot_id": BOT_IDS["Echo"], "user_id": "u1"}).json()[
        "data"
    ]
    assert (made["meta_data"], "creator_d" in made, "creator_id" in made) == (None, True, False)
    new_conversation(http, bot_id=BOT_IDS["Echo"], user_id="u2")
    found = http.get("/v1/conversation/retrieve", params={"conversation_id": made["id"]}).json()
    assert found["ConversationData"]["id"] == made["id"]
    query = {"bot_id": BOT_IDS["Echo"], "user_id": "u1"}
    listed = http.get("/v1/conversations", params=query).json()["data"]["conversations"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert http.put(f"/v1/conversations/{made['id']}", json={"name": "Trip"}).json()["code"] == 0
    assert http.post(f"/v1/conversations/{made['id']}/clear").json()["data"]["conversation_id"] == made["id"]
    assert http.delete(f"/v1/conversations/{made['id']}").json()["code"] == 0
    gone = http.get("/v1/conversation/retrieve", params={"conversation_id": made["id"]})
    assert (gone.status_code, gone.json()["code"]) == (200, 103000002)


def test_a_file_has_an_address_and_comes_back_with_it(http):
    file = http.post("/v1/files/upload", files={"file": ("sky.png", b"\x89PNG")}).json()["data"]
    assert {"CreatedAt", "uri", "url"} <= file.keys()
    assert "created_at" not in file
    items = [{"type": "text", "text": "what is it?"}, {"type": "image", "file_id": file["id"]}]
    message = {"role": "user", "content_type": "object_string", "content": json.dumps(items)}
    conversation = new_conversation(http, bot_id=BOT_IDS["Echo"])
    events = ask(http, "", conversation_id=conversation, additional_messages=[message])
    assert "[image: sky.png, 4 bytes]" in completed(events, "answer")[0]["content"]
    listed = http.post("/v1/conversation/message/list", params={"conversation_id": conversation}, json={})
    asked = json.loads(listed.json()["data"][-1]["content"])
    assert (asked[1]["name"], asked[1]["size"]) == ("sky.png", 4)
    refused = http.post("/v1/files/upload", files={"file": ("a.txt", b"x")})
    assert refused.json()["code"] == 104000002


def test_it_runs_a_bot_s_tools_itself_and_shows_the_first_of_parallel_ones(http):
    events = ask(http, "compare Paris and Rome", "Weather")
    (call,) = completed(events, "function_call")
    content = json.loads(call["content"])
    assert (content["type"], content["function"]["name"]) == ("function", "get_rain_probability")
    assert json.loads(content["function"]["arguments"]) == {"location": "Paris"}
    assert len(completed(events, "tool_output")) == 1
    (answer,) = completed(events, "answer")
    assert "Paris is 40%" in answer["content"]
    assert "Rome is 40%" in answer["content"]
    assert len(completed(ask(http, "Oslo then Rome", "Weather"), "function_call")) == 2


def test_a_question_ends_as_completed_and_the_next_message_answers_it(http):
    conversation = new_conversation(http, bot_id=BOT_IDS["Travel"])
    events = ask(http, "Plan a trip", "Travel", conversation)
    assert ends(events)[-4:] == ["message.completed", "message.completed", "chat.completed", "stream.done"]
    assert [each["msg_type"] for each in finishes(events)] == ["interrupt", "generate_answer_finish"]
    (card,) = completed(events, "answer")
    content = json.loads(card["content"])
    assert (card["content_type"], content["content_type"]) == ("card", "option")
    assert content["content"]["options"][0] == {"name": "Paris"}
    chat = events[-2][1]
    place = {"conversation_id": conversation, "chat_id": chat["id"]}
    assert http.get("/v3/chat/retrieve", params=place).json()["data"]["status"] == "compleated"
    (form,) = completed(ask(http, "Paris", "Travel", conversation), "answer")
    assert json.loads(form["content"])["content_type"] == "form_schema"
    last = ask(http, "days:3\nstart:2026-12-24\nbudget:\nvegetarian:true", "Travel", conversation)
    plans = completed(last, "answer")
    assert len(plans) == 2, "a bot in chatflow mode completes its last answer twice"
    assert plans[0]["content"] == plans[1]["content"]
    assert "# 3 days in Paris" in plans[0]["content"]
    assert "input_tokens" in plans[1]["meta_data"]
    assert "input_tokens" not in plans[0]["meta_data"]


def test_a_form_takes_lines_only_and_goes_on_with_what_is_wrong(http):
    def filled(words: str) -> Events:
        conversation = new_conversation(http, bot_id=BOT_IDS["Travel"])
        for said in ("Plan a trip", "Rome"):
            ask(http, said, "Travel", conversation)
        return ask(http, words, "Travel", conversation)

    assert "# 0 days in Rome, from <nil>" in completed(filled("days:many"), "answer")[0]["content"]
    assert "# 0 days" in completed(filled('{"days":3}'), "answer")[0]["content"]
    assert "error" in ends(filled("three days"))


def test_a_failure_while_answering_is_completed_all_the_same(http, studio):
    events = ask(http, "error=5000")
    assert ends(events)[-3:] == ["error", "chat.completed", "stream.done"]
    assert events[-3][1]["code"] == 103200002
    chat = events[0][1]
    place = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    assert http.get("/v3/chat/retrieve", params=place).json()["data"]["status"] == "compleated"
    assert ends(ask(http, "error_event=1"))[-1] == "error"


def test_a_cancelled_chat_has_an_event_for_a_status(http, studio):
    conversation = new_conversation(http, bot_id=BOT_IDS["Echo"])
    begun = http.post(
        "/v3/chat",
        json=body("hold=c hold_at=last some words", stream=False),
        params={"conversation_id": conversation},
    ).json()["data"]
    studio.reached("c")
    place = {"conversation_id": conversation, "chat_id": begun["id"]}
    answer = http.post("/v3/chat/cancel", json=place).json()
    assert answer.keys() == {"ChatV3ChatDetail", "BaseResp"}
    studio.release("c")
    studio.settled(begun["id"])
    found = http.get("/v3/chat/retrieve", params=place).json()["data"]
    assert found["status"] == "conversation.chat.cancelled"
    over = ask(http, "x")[0][1]
    refused = http.post(
        "/v3/chat/cancel", json={"conversation_id": over["conversation_id"], "chat_id": over["id"]}
    )
    assert refused.json()["code"] == 103200005


def test_a_chatflow_numbers_its_events_and_speaks_no_verbose(http):
    conversation = new_conversation(http, bot_id=BOT_IDS["Travel"])
    assert flow(http, "Plan a trip").json()["code"] == 4000, "it wants a name or an id of the conversation"
    answer = flow(http, "Plan a trip", conversation)
    assert answer.text.startswith("id: 1\nevent: conversation.chat.created\n")
    events = events_of(answer.text)
    assert ends(events) == [
        "chat.created",
        "chat.in_progress",
        "message.completed",
        "chat.requires_action",
        "done",
    ]
    assert events[-2][1].keys() == {"id", "conversation_id", "status", "execute_id", "section_id"}
    assert "execute_mode=2" in events[-1][1]["debug_url"]
    info = json.loads(json.loads(events[2][1]["content"])["x_properties"]["workflow_card_info"])
    assert info["question_card_data"]["Title"] == "Where would you like to go?"
    flow(http, "Rome", conversation)
    last = events_of(flow(http, "days:2\nstart:2026-12-24", conversation).text)
    assert "bot_id" not in last[0][1]
    usage = last[-2][1]["usage"]
    assert usage["token_count"] == 2 * usage["output_count"]


def test_a_chatflow_that_fails_breaks_off(http):
    conversation = new_conversation(http, bot_id=BOT_IDS["Travel"])
    events = events_of(flow(http, "error=5000", conversation).text)
    assert (events[-1][0], events[-1][1]["code"]) == ("error", "720701013")


def test_an_app_s_conversation_is_known_by_its_name(http):
    request = {
        "app_id": APP_ID,
        "workflow_id": TRAVEL_FLOW_ID,
        "conversation_name": "n",
        "get_or_create": True,
    }
    first, second = (http.post("/v1/workflow/conversation/create", json=request).json()["data"] for _ in "ab")
    assert first["id"] == second["id"]


def run(http: httpx.Client, path: str = "stream_run", **parameters: str) -> httpx.Response:
    request = {"workflow_id": CITY_WEATHER_ID, "parameters": parameters}
    return http.post(f"/v1/workflow/{path}", json=request)


def resume(http: httpx.Client, interrupt: dict[str, Any], words: str) -> httpx.Response:
    request = {"event_id": interrupt["event_id"], "resume_data": words}
    return http.post("/v1/workflow/stream_resume", json={"workflow_id": "1", "interrupt_type": 9, **request})


def test_a_workflow_s_question_is_raw_json_and_a_history_of_itself(http):
    events = events_of(run(http).text)
    assert [name for name, _ in events] == ["Message", "Interrupt"]
    waiting = events[1][1]["interrupt_data"]
    assert events[0][1]["content"] == waiting["data"]
    assert (events[0][1]["node_type"], "node_title" in events[1][1]) == ("Question", False)
    again = events_of(resume(http, waiting, "Paris").text)[-1][1]["interrupt_data"]
    said = json.loads(again["data"])["messages"]
    assert [each["type"] for each in said] == ["question", "answer", "question"]
    assert events_of(resume(http, again, "tomorrow").text)[-1][0] == "Done"
    old = resume(http, waiting, "Rome")
    assert old.json()["code"] == 720701013


def test_runs_that_wait_are_told_nothing_else(http):
    assert run(http, "run").json()["code"] == 6039
    waiting = events_of(run(http).text)[-1][1]["interrupt_data"]
    execute_id = waiting["event_id"].partition("/")[0]
    query = {"workflow_id": CITY_WEATHER_ID, "execute_id": execute_id}
    (history,) = http.get("/v1/workflow/get_run_history", params=query).json()["data"]
    assert (history["execute_status"], "interrupt_data" in history) == ("<UNSET>", False)
    done = run(http, "run", city="Paris", date="today").json()
    assert (done["cost"], json.loads(done["data"])["output"][:20]) == ("0.00000", "It will rain in Pari")
    assert http.post("/v1/workflow/run", json={"workflow_id": "1"}).json()["code"] == 6031
    assert http.post("/v1/workflow/stream_run", json={"workflow_id": "1"}).json()["code"] == 720702011


def test_a_workflow_breaks_in_plain_text(http):
    assert run(http, city="error=5000").text == "event: error\ndata: internal server error\n\n"


def test_bots_and_flows_are_looked_up_by_id(http):
    assert http.get(f"/v1/bots/{BOT_IDS['Echo']}").json()["data"]["name"] == "Echo"
    assert http.get("/v1/bots/1").json()["code"] == 103100002
    assert http.get(f"/v1/workflows/{TRAVEL_FLOW_ID}").json()["data"]["role"]["name"] == "Travel planner"
    assert http.get(f"/v1/workflows/{CITY_WEATHER_ID}").json()["data"] == {"role": None}
