"""A signed-in person without a browser: cookies, CSRF, commands by POST (docs/protocol.md, HTTP)."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import httpx

POLL_SECONDS = 0.03
Json = dict[str, Any]
STATE = re.compile(r'<script[^>]*id="page-state"[^>]*>(.*?)</script>', re.DOTALL)


class Visitor:
    """`url` of the site without a slash at its end. Raises httpx.HTTPStatusError for any refusal.

    `agent`: the browser's User-Agent, "" for none in particular.
    """

    def __init__(self, url: str, name: str, password: str = "", agent: str = "") -> None:
        self.url = url
        headers = {"Accept": "application/json"} | ({"User-Agent": agent} if agent else {})
        # A connection for each request: before several processes each lands on another one.
        limits = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30, headers=headers, limits=limits)
        self._sign_in(name, password or name)

    def _sign_in(self, name: str, password: str) -> None:
        self.http.get("/accounts/login/", headers={"Accept": "text/html"}).raise_for_status()
        fields = {"login": name, "password": password, "csrfmiddlewaretoken": self.http.cookies["csrftoken"]}
        answer = self.http.post("/accounts/login/", data=fields, headers={"Accept": "text/html"})
        assert "sessionid" in self.http.cookies, (
            f"{name} was not let in: {answer.status_code} {answer.text[:500]}"
        )

    @property
    def cookie(self) -> str:
        """For the WebSocket's handshake."""
        return "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())

    def close(self) -> None:
        self.http.close()

    def post(self, path: str, body: Any = None) -> Any:
        headers = {"X-CSRFToken": self.http.cookies["csrftoken"]}
        answer = self.http.post(path, json=body or {}, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def page_state(self, path: str = "/") -> dict[str, Any]:
        answer = self.http.get(path, headers={"Accept": "text/html"})
        answer.raise_for_status()
        found = STATE.search(answer.text)
        assert found, f"{path} has no page state"
        return dict(json.loads(found[1]))

    def bot(self, name: str) -> str:
        """The uuid of a bot the person may use."""
        return next(str(bot["id"]) for bot in self.page_state()["bots"] if bot["name"] == name)

    def begin(
        self, bot: str, text: str, parameters: Json | None = None, files: list[str] | None = None
    ) -> tuple[str, str]:
        """A new conversation with its first question: the uuids of both."""
        body: Json = {"bot": bot, "client_id": str(uuid4()), "turn_client_id": str(uuid4()), "text": text}
        body["files"] = files or []
        if parameters is not None:
            body["parameters"] = parameters
        answer = self.post("/conversations/", body)
        return str(answer["conversation"]["id"]), str(answer["turn"]["id"])

    def ask(self, conversation: str, text: str, files: list[str] | None = None) -> str:
        """The uuid of the turn. `files`: ids of attachments."""
        body = {"client_id": str(uuid4()), "text": text, "files": files or []}
        return str(self.post(f"/c/{conversation}/ask/", body)["turn"]["id"])

    def stop(self, conversation: str, turn: str, shown: dict[str, int]) -> None:
        self.post(f"/c/{conversation}/turns/{turn}/stop/", {"shown": shown})

    def answer(
        self,
        conversation: str,
        turn: str,
        outputs: Mapping[str, str] | None = None,
        declined: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Json:
        """Answer or decline open actions, by action; the turn as the command left it."""
        body = {"outputs": outputs or {}, "declined": declined or {}, **more}
        return dict(self.post(f"/c/{conversation}/turns/{turn}/answer/", body)["turn"])

    def rate(self, conversation: str, message: str, rating: str, **more: Any) -> Json:
        """Rate an answer (`reasons`, `comment`); the turn as the command left it."""
        path = f"/c/{conversation}/messages/{message}/feedback/"
        return dict(self.post(path, {"rating": rating, **more})["turn"])

    def upload(self, conversation: str, name: str, content: bytes, mime: str = "image/png") -> Json:
        """For a card."""
        return self.send_file(f"/c/{conversation}/files/", name, content, mime)

    def attach(self, conversation: str, name: str, content: bytes) -> Json:
        """For the conversation's next question."""
        return self.send_file(f"/c/{conversation}/files/", name, content, **{"for": "question"})

    def attach_to_bot(self, bot: str, name: str, content: bytes) -> Json:
        """For the question that begins a conversation."""
        return self.send_file(f"/bots/{bot}/files/", name, content)

    def send_file(self, path: str, name: str, content: bytes, mime: str = "image/png", **fields: str) -> Json:
        headers = {"X-CSRFToken": self.http.cookies["csrftoken"]}
        files = {"file": (name, content, mime)}
        answer = self.http.post(path, files=files, data=fields, headers=headers)
        answer.raise_for_status()
        return dict(answer.json()["attachment"])

    def tasks(self) -> list[Json]:
        answer = self.http.get("/tasks/")
        answer.raise_for_status()
        return list(answer.json()["tasks"])

    def conversation(self, conversation: str) -> dict[str, Any]:
        """The page's state as JSON: conversation, turns, has_older."""
        answer = self.http.get(f"/c/{conversation}/")
        answer.raise_for_status()
        return dict(answer.json())

    def turns(self, conversation: str) -> list[dict[str, Any]]:
        """All of them, oldest first, as somebody sees them who scrolls up to the beginning."""
        page = self.conversation(conversation)
        turns = list(page["turns"])
        while page["has_older"]:
            page = self.http.get(f"/c/{conversation}/turns/", params={"before": turns[0]["ordinal"]}).json()
            turns = [*page["turns"], *turns]
        return turns

    def turn(self, conversation: str, turn: str) -> dict[str, Any]:
        return next(each for each in self.turns(conversation) if each["id"] == turn)

    def until(self, conversation: str, turn: str, is_so: Callable[[Json], bool], seconds: float = 20) -> Json:
        """Reload until the turn is so, and give it. AssertionError with the turn after `seconds`."""
        deadline = time.monotonic() + seconds
        while not is_so(seen := self.turn(conversation, turn)):
            assert time.monotonic() < deadline, f"not within {seconds} s: {json.dumps(seen)[-3000:]}"
            time.sleep(POLL_SECONDS)
        return seen

    def page_until(self, path: str, is_so: Callable[[str], bool], seconds: float = 60) -> str:
        """Reload a page until it reads so, and give its HTML. AssertionError with its end after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            page = self.http.get(path, headers={"Accept": "text/html"}).raise_for_status().text
            if is_so(page):
                return page
            assert time.monotonic() < deadline, f"not within {seconds} s: {page[-3000:]}"
            time.sleep(POLL_SECONDS)

    def wait_for(self, conversation: str, turn: str, *states: str, seconds: float = 20) -> Json:
        """Reload until the turn is in one of the states."""
        return self.until(conversation, turn, lambda seen: seen["state"] in states, seconds)

    def wait_for_round(
        self, conversation: str, turn: str, number: int = 1, seconds: float = 20
    ) -> list[Json]:
        """The cards of a round that waits for a person, in their order."""
        seen = self.until(
            conversation,
            turn,
            lambda seen: seen["state"] == "waiting" and seen["actions"][-1]["round"] == number,
            seconds,
        )
        return [action for action in seen["actions"] if action["round"] == number]


def refusal_of(refused: httpx.HTTPStatusError) -> tuple[int, str]:
    """Status and reason of a refused command."""
    return refused.response.status_code, str(refused.response.json()["error"]["reason"])
