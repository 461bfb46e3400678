"""`--state FILE`: what a simulator knows outlives its process, however that ends."""

import signal
from pathlib import Path

import httpx

from simulator.journal import FLUSH_SECONDS, Journal
from tests.simulator.asking import ask, body, code_of, new_conversation
from tests.simulator.process import SimulatorProcess, simulator_process


def client(simulator: SimulatorProcess) -> httpx.Client:
    headers = {"Authorization": f"Bearer {simulator.token}"}
    return httpx.Client(base_url=simulator.url, headers=headers, trust_env=False, timeout=30)


def test_a_killed_simulator_knows_what_was_said(tmp_path: Path) -> None:
    state = tmp_path / "state" / "simulator.jsonl"
    with simulator_process(state=state) as simulator, client(simulator) as http:
        conversation_id = new_conversation(http)
        done = ask(http, "remember 你好 \ud800 tokens=5", conversation_id=conversation_id)[-2][1]
        waiting = ask(http, "Rain in Oslo?", "Weather")[-2][1]
        with http.stream(
            "POST",
            "/v3/chat",
            json=body("hold=h1 hold_at=first"),
            params={"conversation_id": conversation_id},
        ):
            (running,) = simulator.reached("h1")
            _wait_until_written(state, running)
            simulator.process.send_signal(signal.SIGKILL)
            simulator.process.wait()
    with state.open("a") as torn:
        torn.write('["Chat", "7')
    with simulator_process(state=state) as simulator, client(simulator) as http:
        ids = {"conversation_id": conversation_id, "chat_id": done["id"]}
        assert http.get("/v3/chat/retrieve", params=ids).json()["data"] == done
        assert simulator.answer(done["id"]) == "w0 w1 w2 w3 w4 "
        lost = http.get("/v3/chat/retrieve", params=ids | {"chat_id": running}).json()["data"]
        assert (lost["status"], lost["last_error"]["code"]) == ("failed", 5000)
        again = ask(http, "go on", conversation_id=conversation_id)[-2][1]
        assert int(again["id"]) > int(running)
        (call,) = waiting["required_action"]["submit_tool_outputs"]["tool_calls"]
        answer = http.post(
            "/v3/chat/submit_tool_outputs",
            params={"conversation_id": waiting["conversation_id"], "chat_id": waiting["id"]},
            json={
                "stream": True,
                "tool_outputs": [{"tool_call_id": call["id"], "output": '{"probability":1}'}],
            },
        )
        assert "conversation.chat.completed" in answer.text


def _wait_until_written(state: Path, chat_id: str) -> None:
    """The journal writes behind by FLUSH_SECONDS; read on until the chat is there."""
    assert FLUSH_SECONDS < 1
    while f'["Chat", "{chat_id}"' not in state.read_text():
        pass


def test_what_is_deleted_stays_deleted_after_a_stop(tmp_path: Path) -> None:
    state = tmp_path / "simulator.jsonl"
    with simulator_process(state=state) as simulator, client(simulator) as http:
        kept, gone = new_conversation(http, name="kept"), new_conversation(http)
        http.delete(f"/v1/conversations/{gone}")
    with simulator_process(state=state) as simulator, client(simulator) as http:
        found = http.get("/v1/conversation/retrieve", params={"conversation_id": kept}).json()
        assert found["data"]["name"] == "kept"
        assert code_of(http.get("/v1/conversation/retrieve", params={"conversation_id": gone})) == 4002
        new_conversation(http)
    assert len(list(Journal(state).read())) == 2  # written anew at each start: no trace of what is gone
