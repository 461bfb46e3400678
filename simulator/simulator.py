"""The whole of one simulated Coze: its state, its settings, its running chats, and what tests did to it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from simulator.faults import Faults
from simulator.holds import Holds
from simulator.journal import Journal
from simulator.outlet import Outlet
from simulator.pace import DEFAULT_RATE
from simulator.records import Chat, Token
from simulator.stage import Stage
from simulator.world import World

ACCOUNT_ID = "7430000000000000001"
APP_ID = "7430000000000000021"
MOST_REMEMBERED = 2_000  # requests, and legs that are over


class Simulator:
    def __init__(
        self, token: str, state: Path | None = None, rate: float | None = None, dialect: str = "coze"
    ) -> None:
        self.dialect = dialect  # a name of simulator/dialects.py
        self._state = state
        self._default_rate = DEFAULT_RATE if rate is None else rate
        self.main_token = Token(id=token, owner=ACCOUNT_ID)
        self._tasks: set[asyncio.Task[None]] = set()
        self._journal: Journal | None = None
        self.world = World()
        self.set_up()

    def set_up(self) -> None:
        """Settings and scripted trouble as on the first day; the world stays."""
        self.rate = self._default_rate
        self.most_file_bytes = 512 * 1024 * 1024
        self.holds = Holds()
        self.faults = Faults()
        self.requests: deque[dict[str, Any]] = deque(maxlen=MOST_REMEMBERED)
        self.public_keys: dict[str, str] = {}  # key id -> PEM
        self.used_jtis: dict[str, int] = {}  # jti -> when its token ends
        self.unpublished_bots: set[str] = set()
        self.deleted_bots: set[str] = set()
        self.revoked_tokens: set[str] = set()
        self.stages: dict[str, Stage] = {}  # chat id -> its running or last leg
        self.busy_since: dict[str, float] = {}  # conversation id -> when another client last took it

    def start(self) -> None:
        if self._state is not None:
            self._journal = Journal(self._state)
            self.world = World(self._journal)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._journal is not None:
            self._journal.close()

    def reset(self) -> None:
        for task in self._tasks:
            task.cancel()
        for stage in self.stages.values():
            stage.outlet.cut()
        self.holds.release_all()
        self.world.clear()
        self.set_up()

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run it beside the requests, with a strong reference."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def open_streams(self) -> int:
        return sum(stage.outlet.is_open for stage in self.stages.values())

    def enter(self, stage: Stage) -> None:
        """Remember who plays a chat; forget the legs of long ago."""
        self.stages.pop(stage.chat.id, None)
        self.stages[stage.chat.id] = stage
        while len(self.stages) > MOST_REMEMBERED:
            self.stages.pop(next(iter(self.stages)))

    def outlet_of(self, chat: Chat) -> Outlet | None:
        stage = self.stages.get(chat.id)
        return None if stage is None else stage.outlet
