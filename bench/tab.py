"""A browser tab of the product as the generator plays it: reducer of docs/protocol.md, acks, drops."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.tokens import Meter
from bench.websocket import Refused, WebSocket, connect

ACK_EVERY_UNITS = 32_768


def utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class Shown:
    """The text of one message in pieces (joining a long one at every delta would cost the generator dear)."""

    pieces: list[str] = field(default_factory=list)
    units: int = 0

    def become(self, text: str) -> str:
        """Take a whole text; what of it is new."""
        new = text[self.units :]
        self.pieces, self.units = [text], utf16_units(text)
        return new


@dataclass(slots=True)
class TurnCopy:
    """The tab's copy of a turn: where it stands and what it shows."""

    at: tuple[int, int, int]
    state: str
    messages: dict[str, Shown]

    @property
    def text(self) -> str:
        return "".join(piece for shown in self.messages.values() for piece in shown.pieces)


class Tab:
    """One tab that follows one conversation. `conversation` "" follows nothing."""

    def __init__(self, port: int, cookie: str, conversation: str, meter: Meter) -> None:
        self.port = port
        self.cookie = cookie
        self.conversation = conversation
        self.meter = meter
        self.turns: dict[str, TurnCopy] = {}
        self.version = 0
        self.units = self.acked_units = 0
        self.is_live = False  # False while the answer to a follow is due: its text has no age
        self.is_leaving = False
        self.counts: Counter[str] = Counter()  # frames by type, and: gap repeat stranger close_<code>
        self.caught_up = asyncio.Event()
        self.first_text = asyncio.Event()
        self.over = asyncio.Event()
        self.socket: WebSocket | None = None

    # --- the socket ---

    async def open(self) -> None:
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}"}
        self.units = self.acked_units = 0
        self.caught_up.clear()
        self.socket = await connect(self.port, "/ws/", headers, self.on_text, self.on_close)
        if self.conversation:
            self.follow()
            await asyncio.wait_for(self.caught_up.wait(), 60)
            if not self.is_live:
                raise Refused(f"no answer to follow: {dict(self.counts)}")

    def follow(self) -> None:
        self.is_live = False
        frame = {"type": "follow", "conversation": self.conversation, "version": self.version}
        self.send(frame | {"position": self.position()})

    def position(self) -> dict[str, Any] | None:
        if not self.turns:
            return None
        uuid, copy = max(self.turns.items(), key=lambda item: item[1].at[0])
        return {"turn": uuid, "epoch": copy.at[1], "seq": copy.at[2]}

    def send(self, frame: dict[str, Any]) -> None:
        if self.socket and not self.socket.transport.is_closing():
            self.socket.send(json.dumps(frame))

    def leave(self) -> None:
        self.is_leaving = True
        if self.socket:
            self.socket.drop()

    async def blink(self, seconds: float) -> None:
        """Drop the socket without a word and come back after a while."""
        assert self.socket
        self.socket.drop()
        self.counts["drop"] += 1
        await asyncio.sleep(seconds)
        while not self.is_leaving:
            try:
                return await self.open()
            except (Refused, OSError, TimeoutError) as error:
                self.counts[f"refused {error}"] += 1
                await asyncio.sleep(0.5)

    def on_close(self, code: int) -> None:
        if not self.is_leaving:
            self.counts[f"close {code}"] += 1
            self.is_live = False
            self.caught_up.set()  # whoever waits for it waits in vain

    # --- frames ---

    def on_text(self, text: str) -> None:
        frame = json.loads(text)
        self.units += utf16_units(text)
        if self.units - self.acked_units >= ACK_EVERY_UNITS:
            self.acked_units = self.units
            self.send({"type": "ack", "chars": self.units})
        kind = frame["type"]
        self.counts[kind] += 1
        if kind == "delta":
            self.on_delta(frame)
        elif kind == "turn":
            self.on_turn(frame["turn"])
        elif kind == "caught_up":
            self.on_caught_up(frame)
        elif kind == "refused":
            self.caught_up.set()

    def on_caught_up(self, frame: dict[str, Any]) -> None:
        if frame["conversation"]["id"] != self.conversation:
            self.counts["stranger"] += 1
            return
        if frame.get("is_reset"):
            self.turns.clear()
        for turn in frame["turns"]:
            self.on_turn(turn)
        self.version = max(self.version, frame["conversation"]["version"])
        self.is_live = True
        self.caught_up.set()

    def on_turn(self, turn: dict[str, Any]) -> None:
        if turn["conversation"] != self.conversation:
            self.counts["stranger"] += 1
            return
        at = (turn["version"], turn["epoch"], turn["seq"])
        copy = self.turns.get(turn["id"])
        if copy and at < copy.at:
            return
        old = copy.messages if copy else {}
        self.turns[turn["id"]] = copy = TurnCopy(at, turn["state"], {})
        self.version = max(self.version, turn["version"])
        for message in turn["messages"]:
            copy.messages[message["id"]] = shown = old.get(message["id"]) or Shown()
            self.reveal(shown.become(message["text"]))
        if copy.state in ("completed", "failed", "canceled", "lost"):
            self.over.set()

    def on_delta(self, frame: dict[str, Any]) -> None:
        copy = self.turns.get(frame["turn"])
        if copy is None:
            self.on_gap()
            return
        version, epoch, seq = copy.at
        if frame["epoch"] < epoch or (frame["epoch"] == epoch and frame["seq"] <= seq):
            self.counts["repeat"] += 1
        elif frame["epoch"] != epoch or frame["seq"] != seq + 1 or not self.apply(copy, frame["ops"]):
            self.on_gap()
        else:
            copy.at = (version, epoch, frame["seq"])

    def on_gap(self) -> None:
        """Ask again, unless the answer to a follow is still due: it will hold what is missing."""
        self.counts["gap"] += 1
        if self.is_live:
            self.follow()

    def apply(self, copy: TurnCopy, ops: list[dict[str, Any]]) -> bool:
        """False for a gap."""
        for op in ops:
            kind = op["op"]
            if kind == "append":
                shown = copy.messages.get(op["id"])
                if shown is None or op["from"] > shown.units:
                    return False
                new = op["text"][shown.units - op["from"] :] if op["from"] < shown.units else op["text"]
                shown.pieces.append(new)
                shown.units += utf16_units(new)
                self.reveal(new)
            elif kind == "open":
                copy.messages[op["message"]["id"]] = shown = Shown()
                self.reveal(shown.become(op["message"]["text"]))
            elif kind == "done" and "text" in op:
                self.reveal(copy.messages.setdefault(op["id"], Shown()).become(op["text"]))
        return True

    def reveal(self, text: str) -> None:
        if not text:
            return
        if not self.first_text.is_set():
            self.first_text.set()
        if self.is_live:
            self.meter.see(text)

    @property
    def text(self) -> str:
        return "".join(copy.text for copy in self.turns.values())
