"""A tab without a browser: follows one conversation over /ws/, comes back when the socket breaks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.reduction import Conversation, units
from tests.visitor import Visitor

RETRY_SECONDS = 0.05
ACK_UNITS = 32_768


class Tab:
    """`view` is what the person would see; `frames` counts what came by type, drafts and notices are kept."""

    def __init__(self, visitor: Visitor, conversation: str) -> None:
        self.visitor = visitor
        self.conversation = conversation
        self.view = Conversation()
        self.frames: dict[str, int] = {}
        self.drafts: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.sockets = 0
        self.is_caught_up = False
        self.task: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None
        self._received = 0
        self._acked = 0
        self._changed = asyncio.Condition()

    async def run(self) -> None:
        """For ever: connect, follow, read; again when the connection breaks or is refused."""
        url = self.visitor.url.replace("http", "ws", 1) + "/ws/"
        headers = {"Cookie": self.visitor.cookie}
        while True:
            try:
                async with connect(
                    url, origin=self.visitor.url, additional_headers=headers, max_size=None
                ) as self._socket:
                    self.sockets += 1
                    self._received = self._acked = 0
                    await self._read(self._socket)
            except (OSError, ConnectionClosed, InvalidHandshake):
                pass
            self._socket, self.is_caught_up = None, False
            await asyncio.sleep(RETRY_SECONDS)

    async def drop(self) -> None:
        """Lose the connection as a phone does in a tunnel; `run` comes back by itself."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def follow(self) -> None:
        """Ask for everything newer; until it comes, what comes may have gaps."""
        assert self._socket is not None
        self.is_caught_up = False
        body = {
            "type": "follow",
            "conversation": self.conversation,
            "version": self.view.version,
            "position": self._position(),
        }
        await self._socket.send(json.dumps(body))

    def _position(self) -> dict[str, Any] | None:
        live = [
            turn
            for turn in self.view.turns.values()
            if turn["state"] in {"running", "resuming", "recovering"}
        ]
        return {"turn": live[0]["id"], "epoch": live[0]["epoch"], "seq": live[0]["seq"]} if live else None

    async def _read(self, socket: ClientConnection) -> None:
        await self.follow()
        async for raw in socket:
            frame = json.loads(raw)
            self.frames[frame["type"]] = self.frames.get(frame["type"], 0) + 1
            async with self._changed:
                is_whole = self._take(frame)
                self._changed.notify_all()
            if not is_whole:
                await self.follow()
            await self._ack(socket, units(str(raw)))

    def _take(self, frame: dict[str, Any]) -> bool:
        match frame["type"]:
            case "caught_up" if frame["conversation"]["id"] == self.conversation:
                self.view.take_turns(frame["turns"], frame["is_reset"])
                self.view.version = max(self.view.version, frame["conversation"]["version"])
                self.is_caught_up = True
            case "turn" if frame["turn"]["conversation"] == self.conversation:
                self.view.take_turn(frame["turn"])
            case "draft" | "question_draft":
                self.drafts.append(frame)
            case "notice":
                self.notices.append(frame)
            case "delta":
                return self.view.take_delta(frame, self.is_caught_up) or not self.is_caught_up
            case "refused" | "error":
                self.view.faults.append(json.dumps(frame))
        return True

    async def _ack(self, socket: ClientConnection, received: int) -> None:
        self._received += received
        if self._received - self._acked >= ACK_UNITS:
            self._acked = self._received
            await socket.send(json.dumps({"type": "ack", "chars": self._received}))

    async def until(self, is_so: Callable[[Conversation], bool], seconds: float = 20) -> None:
        """Wait for what the person would see. AssertionError with the view after `seconds`."""
        assert self.task is not None
        seeing = asyncio.create_task(self._see(is_so))
        done, _ = await asyncio.wait(
            {seeing, self.task}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if seeing in done:
            return seeing.result()
        seeing.cancel()
        if self.task in done:
            self.task.result()
        raise AssertionError(f"not within {seconds} s: {json.dumps(self.view.turns)[-3000:]}")

    async def _see(self, is_so: Callable[[Conversation], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: is_so(self.view))


@asynccontextmanager
async def open_tab(visitor: Visitor, conversation: str) -> AsyncIterator[Tab]:
    """A tab that follows a conversation; it is caught up when this returns."""
    tab = Tab(visitor, conversation)
    tab.task = asyncio.create_task(tab.run())
    try:
        await tab.until(lambda view: tab.is_caught_up)
        yield tab
    finally:
        tab.task.cancel()
        with suppress(asyncio.CancelledError):
            await tab.task
