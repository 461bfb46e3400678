"""A simulator of one's own for a test: `with simulator_process() as simulator: …`. Any test may import it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 10

WORKSPACE_ID = "7430000000000000011"
APP_ID = "7430000000000000021"
BOT_IDS = {
    "Echo": "7430000000000000101",
    "Showcase": "7430000000000000102",
    "Weather": "7430000000000000103",
    "Travel": "7430000000000000104",
    "Reasoner": "7430000000000000105",
    "Trouble": "7430000000000000106",
}
CITY_WEATHER_ID = "7430000000000000301"
TRAVEL_FLOW_ID = "7430000000000000302"


class SimulatorProcess:
    """`url` has no slash at its end. The methods talk to the control endpoint, `simulator/control.py`."""

    def __init__(self, process: subprocess.Popen[str], url: str, token: str) -> None:
        self.process = process
        self.url = url
        self.token = token
        self.port = int(url.rpartition(":")[2])
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=60)

    def control(self, method: str, path: str, body: Any = None, /, **query: Any) -> Any:
        """`path` below /_control/; the answer's JSON."""
        answer = self._http.request(method, f"/_control/{path}", json=body, params=query)
        answer.raise_for_status()
        return answer.json()

    def reset(self) -> None:
        self.control("POST", "reset")

    def set_rate(self, rate: float) -> None:
        self.control("POST", "settings", {"rate": rate})

    def reached(self, hold: str, timeout_seconds: float = 20, count: int = 1) -> list[str]:
        """Wait until a chat arrives at the hold; the ids of those that did. AssertionError when none does."""
        answer = self.control("GET", f"holds/{hold}", timeout=timeout_seconds, count=count)
        assert answer["reached"], f"no chat came to the hold {hold}"
        return list(answer["arrivals"])

    def left(self, hold: str, timeout_seconds: float = 20) -> None:
        """Wait until a caller at the hold `before_submit` has gone away."""
        assert self.control("GET", f"holds/{hold}", timeout=timeout_seconds, left=1)["reached"]

    async def areached(self, hold: str, timeout_seconds: float = 20) -> list[str]:
        """`reached` for a test whose event loop must go on meanwhile."""
        return await asyncio.to_thread(self.reached, hold, timeout_seconds)

    def release(self, hold: str) -> None:
        self.control("POST", f"holds/{hold}/release")

    def fault(self, path: str, **fields: Any) -> None:
        """method, count, status, code, msg, body, content_type, headers, delay, hold, drop, lose."""
        self.control("POST", "faults", {"path": path, **fields})

    def requests(self, path: str = "", method: str = "") -> list[dict[str, Any]]:
        return list(self.control("GET", "requests", path=path, method=method)["requests"])

    def chats(self, conversation_id: str = "") -> list[dict[str, Any]]:
        return list(self.control("GET", "chats", conversation_id=conversation_id)["chats"])

    def chat(self, chat_id: str) -> dict[str, Any]:
        return dict(self.control("GET", f"chats/{chat_id}"))

    def settled(self, chat_id: str, timeout_seconds: float = 20) -> dict[str, Any]:
        """Wait until the chat's task is over; its entry."""
        return dict(self.control("GET", f"chats/{chat_id}", timeout=timeout_seconds))

    def until(self, chat_id: str, status: str, timeout_seconds: float = 20) -> dict[str, Any]:
        """Wait until the chat has the status; its entry."""
        return dict(self.control("GET", f"chats/{chat_id}", timeout=timeout_seconds, status=status))

    def runs(self, workflow_id: str = "") -> list[dict[str, Any]]:
        return list(self.control("GET", "runs", workflow_id=workflow_id)["runs"])

    def run(self, execute_id: str) -> dict[str, Any]:
        return next(run for run in self.runs() if run["id"] == execute_id)

    def until_run(self, execute_id: str, status: str, timeout_seconds: float = 20) -> dict[str, Any]:
        """Wait until the run has the status; its entry."""
        return dict(self.control("GET", f"runs/{execute_id}", timeout=timeout_seconds, status=status))

    def expire(self, chat_id: str, status: str = "failed") -> None:
        """What the chat waits for is over now."""
        self.control("POST", f"chats/{chat_id}/expire", {"status": status})

    def expire_run(self, execute_id: str) -> None:
        self.control("POST", f"runs/{execute_id}/expire")

    def open_streams(self) -> int:
        return int(self.control("GET", "chats")["open_streams"])

    def messages(self, conversation_id: str = "", chat_id: str = "") -> list[dict[str, Any]]:
        """Everything that is kept, all types, oldest first."""
        found = self.control("GET", "messages", conversation_id=conversation_id, chat_id=chat_id)
        return list(found["messages"])

    def answer(self, chat_id: str) -> str:
        """The record of a chat's answers, joined by blank lines."""
        said = [each["content"] for each in self.messages(chat_id=chat_id) if each["type"] == "answer"]
        return "\n\n".join(said)

    def conversations(self) -> list[dict[str, Any]]:
        return list(self.control("GET", "conversations")["conversations"])

    def occupy(self, conversation_id: str, seconds: float | None = None) -> str:
        """Another client begins a chat; its id."""
        body = {"seconds": seconds}
        return str(self.control("POST", f"conversations/{conversation_id}/occupy", body)["chat_id"])

    def vacate(self, conversation_id: str) -> None:
        self.control("POST", f"conversations/{conversation_id}/vacate")

    def close(self) -> None:
        self._http.close()


@contextmanager
def simulator_process(
    token: str = "pat_test",
    rate: float | None = 0,
    state: Path | None = None,
    port: int = 0,
    dialect: str = "coze",
) -> Iterator[SimulatorProcess]:
    """Start `python -m simulator` (on a free port), stop it at the end. rate None: the demo's own pace."""
    command = [sys.executable, "-m", "simulator", "--port", str(port), "--token", token, "--dialect", dialect]
    command += ["--rate", str(rate)] if rate is not None else []
    command += ["--state", str(state)] if state is not None else []
    environment = {name: value for name, value in os.environ.items() if name != "SIMULATOR_RATE"}
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line.startswith("Simulator: "):
                process.wait(STOP_SECONDS)
                raise AssertionError(f"the simulator did not start:\n{_read(errors)}")
            simulator = SimulatorProcess(process, line.split()[1].rstrip("/"), token)
            yield simulator
            simulator.close()
        except BaseException:
            print(_read(errors), file=sys.stderr)
            raise
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _read(errors: Any) -> str:
    errors.seek(0)
    return str(errors.read())
