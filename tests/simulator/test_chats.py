"""What a chat does beside its stream: it runs on, holds its conversation, is cancelled, is listed."""

import httpx
import pytest

from tests.simulator.asking import ask, begin, body, code_of, completed, deltas, names, new_conversation
from tests.simulator.process import BOT_IDS, SimulatorProcess


def test_the_chat_goes_on_when_the_client_leaves(http: httpx.Client, simulator: SimulatorProcess) -> None:
    question = body("tokens=300 hold=h1 hold_at=delta:20")
    with http.stream("POST", "/v3/chat", json=question) as stream:
        chunks = stream.iter_bytes()
        next(chunks)
        (chat_id,) = simulator.reached("h1")
        assert simulator.chat(chat_id)["has_open_stream"]
    simulator.release("h1")
    entry = simulator.settled(chat_id)
    assert (entry["status"], entry["deltas_sent"]) == ("completed", 300)
    assert simulator.open_streams() == 0
    assert simulator.answer(chat_id).startswith("w0 w1 w2")


def test_a_cut_connection_ends_the_body_but_not_the_chat(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    received = b""
    with (
        pytest.raises(httpx.RemoteProtocolError),
        http.stream("POST", "/v3/chat", json=body("tokens=100 drop_after=5000")) as stream,
    ):
        for chunk in stream.iter_raw():
            received += chunk
    assert len(received) == 5000
    (chat,) = simulator.chats()
    assert simulator.settled(chat["id"])["status"] == "completed"


def test_another_chat_is_refused_while_one_runs(http: httpx.Client, simulator: SimulatorProcess) -> None:
    conversation_id = new_conversation(http)
    chat = begin(http, "hold=h1 hold_at=created", conversation_id=conversation_id)
    (event,) = ask(http, "too early", conversation_id=conversation_id)
    assert (event[0], event[1]["code"]) == ("error", 4016)
    params = {"conversation_id": conversation_id}
    assert code_of(http.post("/v3/chat", json=body("too early", stream=False), params=params)) == 4016
    simulator.release("h1")
    simulator.settled(chat["id"])
    assert names(ask(http, "now", conversation_id=conversation_id))[-2:] == ["chat.completed", "done"]


def test_a_cancelled_stream_goes_on_to_its_end_and_leaves_the_context(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    conversation_id = new_conversation(http)
    params = {"conversation_id": conversation_id}
    with http.stream(
        "POST", "/v3/chat", params=params, json=body("tokens=50 hold=h1 hold_at=first")
    ) as stream:
        (chat_id,) = simulator.reached("h1")
        ids = {"conversation_id": conversation_id, "chat_id": chat_id}
        assert http.post("/v3/chat/cancel", json=ids).json()["data"]["status"] == "canceled"
        simulator.release("h1")
        text = "".join(stream.iter_text())
    assert text.count("event:conversation.message.delta") == 50
    assert "event:conversation.chat.canceled" in text
    assert http.get("/v3/chat/retrieve", params=ids).json()["data"]["status"] == "canceled"
    ask(http, "remember this", conversation_id=conversation_id)
    ask(http, "last", conversation_id=conversation_id)
    kept = {each["id"]: each["content"] for each in simulator.messages(conversation_id)}
    last = simulator.chats(conversation_id)[-1]
    assert [kept[each] for each in last["context"]] == ["remember this", "remember this"]


def test_a_cleared_conversation_begins_with_an_empty_context(
    http: httpx.Client, simulator: SimulatorProcess
) -> None:
    conversation_id = new_conversation(http)
    first = ask(http, "one", conversation_id=conversation_id)[0][1]
    section = http.post(f"/v1/conversations/{conversation_id}/clear", json={}).json()["data"]["id"]
    second = ask(http, "two", conversation_id=conversation_id)[0][1]
    assert (first["section_id"], second["section_id"]) == (conversation_id, section)
    assert simulator.chat(second["id"])["context"] == []


def test_the_two_message_lists_leave_out_what_they_should(http: httpx.Client) -> None:
    marked = {
        "role": "user",
        "type": "question",
        "content_type": "text",
        "content": "Rain in Oslo?",
        "meta_data": {"turn": "t1"},
    }
    events = ask(http, "", "Weather", additional_messages=[marked])
    chat = events[-2][1]
    ids = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    of_chat = http.get("/v3/chat/message/list", params=ids).json()["data"]
    assert [each["type"] for each in of_chat] == ["function_call", "verbose", "verbose"]
    assert all("meta_data" not in each for each in of_chat)
    listed = http.post("/v1/conversation/message/list", params=ids, json={}).json()
    (question,) = listed["data"]
    assert question["meta_data"] == {"turn": "t1"}
    assert question["chat_id"] == chat["id"]
    assert events[0][1]["inserted_additional_messages"] == [{"id": question["id"]}]
    assert (listed["first_id"], listed["last_id"], listed["has_more"]) == (
        question["id"],
        question["id"],
        False,
    )


def test_paging_forth_and_back(http: httpx.Client) -> None:
    conversation_id = new_conversation(http)
    for text in "abcde":
        message = {"role": "user", "content": text, "content_type": "text"}
        http.post(
            "/v1/conversation/message/create", params={"conversation_id": conversation_id}, json=message
        )

    def page(**query: object) -> tuple[str, str, str, bool]:
        params = {"conversation_id": conversation_id}
        found = http.post("/v1/conversation/message/list", params=params, json={"limit": 2, **query}).json()
        letters = "".join(each["content"] for each in found["data"])
        return letters, found["first_id"], found["last_id"], found["has_more"]

    letters, _, last, has_more = page()
    assert (letters, has_more) == ("ed", True)
    letters, _, last, has_more = page(after_id=last)
    assert (letters, has_more) == ("cb", True)
    letters, first, _, has_more = page(after_id=last)
    assert (letters, has_more) == ("a", False)
    letters, _, _, has_more = page(before_id=first)
    assert (letters, has_more) == ("cb", True)
    assert page(order="asc")[0] == "ab"


def test_a_failed_chat_says_why_and_lists_nothing(http: httpx.Client) -> None:
    events = ask(http, "quota", "Trouble")
    assert names(events)[-2:] == ["chat.failed", "done"]
    chat = events[-2][1]
    assert chat["last_error"]["code"] == 4028
    ids = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    assert http.post("/v3/chat/retrieve", params=ids).json()["data"]["status"] == "failed"
    assert code_of(http.get("/v3/chat/message/list", params=ids)) == 4000
    assert code_of(http.post("/v3/chat/cancel", json=ids)) == 4104


def test_an_unsaved_chat_leaves_no_trace(http: httpx.Client, simulator: SimulatorProcess) -> None:
    chat = ask(http, "off the record", auto_save_history=False)[-2][1]
    ids = {"conversation_id": chat["conversation_id"], "chat_id": chat["id"]}
    assert code_of(http.get("/v3/chat/retrieve", params=ids)) == 4001
    assert simulator.messages() == []
    weather = ask(http, "Rain in Oslo?", "Weather", auto_save_history=False)[-2][1]
    ids = {"conversation_id": weather["conversation_id"], "chat_id": weather["id"]}
    assert code_of(http.post("/v3/chat/submit_tool_outputs", params=ids, json={"tool_outputs": []})) == 5000


def test_a_chat_that_waits_for_outputs_holds_its_conversation(http: httpx.Client) -> None:
    chat = ask(http, "Rain in Oslo?", "Weather")[-2][1]
    conversation_id = chat["conversation_id"]
    assert ask(http, "Hello?", "Weather", conversation_id)[0][1]["code"] == 4016
    ids = {"conversation_id": conversation_id, "chat_id": chat["id"]}
    assert code_of(http.post("/v3/chat/cancel", json=ids)) == 4104
    (call,) = chat["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = [{"tool_call_id": call["id"], "output": "no idea"}]
    answer = http.post("/v3/chat/submit_tool_outputs", params=ids, json={"tool_outputs": outputs})
    assert answer.json()["data"]["status"] == "in_progress"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"user_id": 12}, 4000),
        ({"bot_id": "7"}, 4006),
        ({"stream": False, "auto_save_history": False}, 4007),
        ({"meta_data": {"k": "v" * 513}}, 4003),
        ({"meta_data": {str(n): "v" for n in range(17)}}, 4003),
        ({"additional_messages": [{"role": "user", "content": "x", "content_type": "text"}] * 101}, 4004),
        ({"additional_messages": [{"role": "assistant", "type": "question", "content": "x"}]}, 4000),
        ({"additional_messages": []}, 4000),
        ({"shortcut_command": {"command_id": "7"}}, 4000),
    ],
)
def test_bad_questions_are_refused(http: httpx.Client, fields: dict[str, object], code: int) -> None:
    answer = http.post("/v3/chat", json=body("x", **fields))
    assert answer.headers["content-type"].startswith("application/json")
    assert code_of(answer) == code
    assert answer.headers["x-tt-logid"] == answer.json()["detail"]["logid"]


@pytest.mark.parametrize(
    ("items", "is_refused"),
    [
        ('[{"type":"text","text":"What is this?"},{"type":"image","file_id":"FILE"}]', False),
        ('[{"type":"image","file_id":"FILE"}]', True),  # no text beside it
        ('[{"type":"text","text":"alone"}]', True),
        ('[{"type":"text","text":"x"},{"type":"image","file_id":"7"}]', True),
        ("not json", True),
    ],
)
def test_questions_with_files(http: httpx.Client, items: str, is_refused: bool) -> None:
    upload = http.post("/v1/files/upload", files={"file": ("a.png", b"png")}).json()["data"]
    content = items.replace("FILE", upload["id"])
    message = {"role": "user", "content_type": "object_string", "content": content}
    answer = http.post("/v3/chat", json=body("", additional_messages=[message]))
    assert answer.headers["content-type"].startswith("application/json") == is_refused
    if not is_refused:
        assert "[image: a.png, 3 bytes]" in "".join(answer.text)


def test_a_shortcut_composes_the_question(http: httpx.Client) -> None:
    info = http.get(f"/v1/bots/{BOT_IDS['Echo']}").json()["data"]
    (command,) = info["shortcut_commands"]
    shortcut = {"command_id": command["id"], "parameters": {"word": '[{"type":"text","text":"Fire"}]'}}
    events = ask(http, "", additional_messages=[], shortcut_command=shortcut)
    assert "".join(deltas(events)) == "Fire!!!"


def test_deleted_and_unpublished_bots(http: httpx.Client, simulator: SimulatorProcess) -> None:
    echo = BOT_IDS["Echo"]
    simulator.control("POST", f"bots/{echo}", {"is_published": False})
    assert code_of(http.post("/v3/chat", json=body("x"))) == 4015
    simulator.control("POST", f"bots/{echo}", {"is_published": True, "is_deleted": True})
    assert code_of(http.post("/v3/chat", json=body("x"))) == 4006
    assert code_of(http.get(f"/v1/bots/{echo}")) == 4200
    simulator.control("POST", f"bots/{echo}", {"is_deleted": False})
    assert completed(ask(http, "x"), "answer")[0]["content"] == "x"


def test_a_chat_in_a_strangers_conversation_is_refused(http: httpx.Client) -> None:
    params = {"conversation_id": "7430000000000000999"}
    assert code_of(http.post("/v3/chat", params=params, json=body("x"))) == 4002


def test_an_unnamed_conversation_takes_the_first_question_as_its_name(http: httpx.Client) -> None:
    chat = ask(http, "What is the first question?")[-2][1]
    params = {"conversation_id": chat["conversation_id"]}
    found = http.get("/v1/conversation/retrieve", params=params).json()["data"]
    assert found["name"] == "What is the first question?"
    assert all(len(each) == 19 and each.isdecimal() for each in (found["id"], chat["id"]))


def test_deleting_an_answer_takes_what_belongs_to_it(http: httpx.Client, simulator: SimulatorProcess) -> None:
    chat = ask(http, "x")[-2][1]
    kept = simulator.messages(chat_id=chat["id"])
    answer = next(each for each in kept if each["type"] == "answer")
    ids = {"conversation_id": chat["conversation_id"], "message_id": answer["id"]}
    assert http.post("/v1/conversation/message/delete", params=ids).json()["data"]["id"] == answer["id"]
    assert [each["type"] for each in simulator.messages(chat_id=chat["id"])] == ["question"]
