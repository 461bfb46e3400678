"""Who watches: signed-in tabs at the product, plain listeners at the relay."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import aiohttp

from bench.listener import Listener
from bench.load import START_TOGETHER, Load, Viewer
from bench.tab import Tab
from bench.tokens import Meter


class Requests:
    """Plain HTTP beside the streams; keeps no cookies, because every call says whose they are."""

    def __init__(self, upstream_port: int) -> None:
        self.upstream = f"http://127.0.0.1:{upstream_port}"
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=60)
        )

    async def control(self, path: str) -> Any:
        async with self.session.post(self.upstream + path) as response:
            return (await response.json()).get("data")


class ProductAudience(Requests):
    """The chats belong to the first people, the idle tabs to the last: no tab may see another's text.

    Chat n is asked at process n (modulo `ports`), its tab sits `step` processes on.
    """

    def __init__(
        self, ports: Sequence[int], upstream_port: int, seeded: dict[str, Any], meter: Meter, step: int = 0
    ) -> None:
        super().__init__(upstream_port)
        self.ports = ports
        self.step = step
        self.seeded = seeded
        self.people: list[dict[str, Any]] = [dict(person) for person in seeded["people"]]
        self.meter = meter
        self.csrf = secrets.token_hex(16)  # 32 letters and digits, as Django's own
        self.tabs: list[Tab] = []

    async def prepare(self, load: Load) -> None:
        await self.sign_in(self.people[0])
        await self.open_idle(self.people[-load.idle :] if load.idle else [])

    async def sign_in(self, person: dict[str, Any]) -> None:
        """Through the front door, for one; the others' sessions are seeded, sign-ins being rate-limited."""
        form = {
            "login": person["name"],
            "password": self.seeded["password"],
            "csrfmiddlewaretoken": self.csrf,
        }
        headers = {"Cookie": f"csrftoken={self.csrf}"}
        url = self.site() + "/accounts/login/"
        async with self.session.post(url, data=form, headers=headers, allow_redirects=False) as response:
            cookie = response.cookies.get(self.seeded["session_cookie"])
            if response.status != 302 or cookie is None:
                raise RuntimeError(f"sign-in: {response.status} {(await response.text())[:300]}")
        person["session"] = cookie.value

    async def open_idle(self, people: list[dict[str, Any]]) -> None:
        gate = asyncio.Semaphore(START_TOGETHER)

        async def sit(person: dict[str, Any]) -> None:
            async with gate:
                await self.open_tab(person, person["conversation"])

        await asyncio.gather(*(sit(person) for person in people))

    async def open_chat(self, tag: int, load: Load) -> list[Viewer]:
        person = self.people[tag]
        conversation = await self.ask(person, load.question(tag), tag)
        at = tag + self.step
        return [await self.open_tab(person, conversation, at) for _ in range(load.tabs_a_chat)]

    async def ask(self, person: dict[str, Any], text: str, at: int) -> str:
        """Begin a conversation; its id."""
        ids = {"client_id": str(uuid4()), "turn_client_id": str(uuid4())}
        headers = {"Cookie": self.cookie(person), "X-CSRFToken": self.csrf, "Accept": "application/json"}
        body = ids | {"bot": self.seeded["bot"], "text": text}
        async with self.session.post(
            self.site(at) + "/conversations/", json=body, headers=headers
        ) as response:
            if response.status != 202:
                raise RuntimeError(f"asking: {response.status} {(await response.text())[:300]}")
            return str((await response.json())["conversation"]["id"])

    async def open_tab(self, person: dict[str, Any], conversation: str, at: int = 0) -> Tab:
        tab = Tab(self.port(at), self.cookie(person), conversation, self.meter)
        await tab.open()
        self.tabs.append(tab)
        return tab

    def port(self, at: int) -> int:
        return self.ports[at % len(self.ports)]

    def site(self, at: int = 0) -> str:
        return f"http://127.0.0.1:{self.port(at)}"

    def cookie(self, person: dict[str, Any]) -> str:
        return f"{self.seeded['session_cookie']}={person['session']}; csrftoken={self.csrf}"

    def counts(self) -> Counter[str]:
        return sum((tab.counts for tab in self.tabs), Counter())

    async def close(self) -> None:
        for tab in self.tabs:
            tab.leave()
        await self.session.close()


class RelayAudience(Requests):
    """One listener a chat; a relay has no second tab and no way back."""

    def __init__(self, port: int, upstream_port: int, meter: Meter) -> None:
        super().__init__(upstream_port)
        self.port = port
        self.meter = meter
        self.listeners: list[Listener] = []

    async def prepare(self, load: Load) -> None:
        if load.tabs_a_chat > 1 or load.dropping or load.idle:
            raise ValueError("a relay streams to one tab that stays")

    async def open_chat(self, tag: int, load: Load) -> list[Viewer]:
        listener = Listener(load.question(tag), self.meter)
        await listener.open(self.port)
        self.listeners.append(listener)
        return [listener]

    def counts(self) -> Counter[str]:
        return Counter()

    async def close(self) -> None:
        for listener in self.listeners:
            listener.leave()
        await self.session.close()
