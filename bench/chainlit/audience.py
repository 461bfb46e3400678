"""Tabs at Chainlit: its socket.io protocol over a plain WebSocket (engine.io 4)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bench.audiences import Requests
from bench.load import Load, Viewer
from bench.tokens import Meter
from bench.websocket import WebSocket, connect

PATH = "/ws/socket.io/?EIO=4&transport=websocket"
ENGINE_OPEN, ENGINE_PING, SOCKET_CONNECTED, SOCKET_EVENT = "0", "2", "40", "42"


class ChainlitTab:
    """Connects, asks, counts the tokens; the same little interface as a Tab."""

    def __init__(self, question: str, meter: Meter) -> None:
        self.question = question
        self.meter = meter
        self.pieces: list[str] = []
        self.first_text = asyncio.Event()
        self.over = asyncio.Event()
        self.socket: WebSocket

    async def open(self, port: int) -> None:
        self.opening: asyncio.Queue[str] = asyncio.Queue()
        headers = {"Origin": f"http://127.0.0.1:{port}"}
        self.socket = await connect(port, PATH, headers, self.on_text, self.on_close)
        async with asyncio.timeout(60):
            await self.opening.get()
            auth = {"sessionId": str(uuid4()), "clientType": "webapp", "userEnv": "{}", "threadId": ""}
            self.socket.send("40" + json.dumps(auth))
            await self.opening.get()
        self.emit("connection_successful")
        message = {
            "id": str(uuid4()),
            "threadId": "",
            "name": "user",
            "type": "user_message",
            "output": self.question,
            "createdAt": datetime.now(UTC).isoformat(),
        }
        self.emit("client_message", {"message": message, "fileReferences": []})

    def emit(self, *event: Any) -> None:
        self.socket.send(SOCKET_EVENT + json.dumps(event))

    def on_text(self, text: str) -> None:
        if text.startswith(SOCKET_EVENT):
            name, *data = json.loads(text.removeprefix(SOCKET_EVENT))
            if name in ("stream_start", "stream_token"):
                self.on_token(data[0]["token" if name == "stream_token" else "output"])
            elif name == "task_end" and self.pieces:
                self.over.set()
        elif text.startswith((ENGINE_OPEN, SOCKET_CONNECTED)):
            self.opening.put_nowait(text)
        elif text == ENGINE_PING:
            self.socket.send("3")

    def on_token(self, token: str) -> None:
        """The first one comes inside of the message that starts."""
        self.pieces.append(token)
        self.meter.see(token)
        self.first_text.set()

    def on_close(self, code: int) -> None:
        self.over.set()

    def leave(self) -> None:
        self.socket.drop()

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class ChainlitAudience(Requests):
    """One tab a chat."""

    def __init__(self, port: int, upstream_port: int, meter: Meter) -> None:
        super().__init__(upstream_port)
        self.port = port
        self.meter = meter
        self.tabs: list[ChainlitTab] = []

    async def prepare(self, load: Load) -> None:
        if load.tabs_a_chat > 1 or load.dropping or load.idle:
            raise ValueError("measured with one tab a chat that stays")

    async def open_chat(self, tag: int, load: Load) -> list[Viewer]:
        tab = ChainlitTab(load.question(tag), self.meter)
        await tab.open(self.port)
        self.tabs.append(tab)
        return [tab]

    def counts(self) -> Counter[str]:
        return Counter()

    async def close(self) -> None:
        for tab in self.tabs:
            tab.leave()
        await self.session.close()
