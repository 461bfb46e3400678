"""Access tokens of OAuth apps: one a (connection, session name), renewed in time (wire-chat 1.1)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

RENEW_BEFORE_SECONDS = 60.0
MOST_KEPT = 2000

Key = tuple[str, str]  # (connection key, session name)


@dataclass(frozen=True, slots=True)
class Token:
    value: str
    expires_at: float  # Unix time in seconds

    @property
    def is_fresh(self) -> bool:
        return time.time() < self.expires_at - RENEW_BEFORE_SECONDS


class TokenCache:
    """Callers that need the same token at once share one request for it."""

    def __init__(self) -> None:
        self._tokens: dict[Key, Token] = {}
        self._fetching: dict[Key, asyncio.Task[Token]] = {}

    async def get(self, key: Key, fetch: Callable[[], Awaitable[Token]]) -> str:
        """The token; raises what `fetch` raises."""
        token = self._tokens.get(key)
        if token is not None and token.is_fresh:
            return token.value
        task = self._fetching.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch(key, fetch))
            self._fetching[key] = task
        # A caller that gives up must not take the token from the others.
        return (await asyncio.shield(task)).value

    async def _fetch(self, key: Key, fetch: Callable[[], Awaitable[Token]]) -> Token:
        try:
            token = await fetch()
            if len(self._tokens) >= MOST_KEPT:
                self._tokens = {k: kept for k, kept in self._tokens.items() if kept.is_fresh}
            self._tokens[key] = token
            return token
        finally:
            self._fetching.pop(key, None)

    def forget(self, key: Key, value: str) -> None:
        """The upstream refused this token. A newer one that came meanwhile stays."""
        token = self._tokens.get(key)
        if token is not None and token.value == value:
            del self._tokens[key]

    async def close(self) -> None:
        tasks = list(self._fetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
