"""What a tab is told although whoever should have said so is dead."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from chatweb.turns import pulse


class Tab:
    def __init__(self, user_pk: int) -> None:
        self.user_pk = user_pk
        self.session_key, self.auth_hash = f"key{user_pk}", "hash"
        self.refreshed = 0

    def push(self, frame: str, conversation_id: str | None = None) -> None:
        pass

    async def refresh(self) -> None:
        self.refreshed += 1


async def beats(monkeypatch: pytest.MonkeyPatch, crossing: Any, versions: list[Any]) -> list[int]:
    """How often the tabs of persons 1 and 2 read again while their lists have these versions in turn."""
    tabs = [Tab(1), Tab(2)]
    hub: Any = SimpleNamespace(tabs={tab.user_pk: [tab] for tab in tabs}, crossing=crossing)
    left = iter(versions)
    done = asyncio.Event()

    def look_up(user_pks: set[int], sessions: set[tuple[str, str]]) -> Any:
        found = next(left, None)
        if found is None:
            done.set()
            return {}, set()
        if isinstance(found, Exception):
            raise found
        return found, sessions

    async def here(call: Any, *args: Any) -> Any:
        return call(*args)

    monkeypatch.setattr(pulse, "look_up", look_up)
    monkeypatch.setattr(pulse, "in_thread", here)
    monkeypatch.setattr(pulse, "PULSE_SECONDS", 0)
    for tab in tabs:
        monkeypatch.setattr(tab, "sign_out", lambda: None, raising=False)
    forever = asyncio.create_task(pulse.pulse_forever(hub))
    await asyncio.wait_for(done.wait(), 10)
    forever.cancel()
    with suppress(asyncio.CancelledError):
        await forever
    return [tab.refreshed for tab in tabs]


VERSIONS = [{1: "a", 2: "a"}, {1: "b", 2: "a"}, {1: "b", 2: "a"}]


async def test_who_missed_a_change_reads_again(monkeypatch):
    assert await beats(monkeypatch, object(), VERSIONS) == [1, 0]


async def test_a_pulse_that_failed_forgets_nothing(monkeypatch):
    versions = [VERSIONS[0], RuntimeError("the database is away"), VERSIONS[1]]
    assert await beats(monkeypatch, object(), versions) == [1, 0]


async def test_one_process_tells_its_tabs_itself(monkeypatch):
    assert await beats(monkeypatch, None, VERSIONS) == [0, 0]
