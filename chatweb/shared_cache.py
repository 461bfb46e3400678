"""The cache of all processes: Redis, and as good as empty while that is away.

What is in it is a count or a copy, so a site whose Redis is killed, restarted or hangs goes on: rates are not
counted and copies are read from the database meanwhile. Nobody waits for a Redis that does not answer more
than once in a while.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
AWAY_SECONDS = 2.0  # so long nobody asks again

T = TypeVar("T")


class SharedCache(RedisCache):
    _away_until: ClassVar[float] = 0.0  # monotonic; of the process

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        limits = {"socket_timeout": ANSWER_SECONDS, "socket_connect_timeout": ANSWER_SECONDS}
        options = {**limits, "retry": Retry(NoBackoff(), 1), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})

    def _ask(self, call: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < SharedCache._away_until:
            return otherwise
        try:
            return call()
        except RedisError as error:
            SharedCache._away_until = time.monotonic() + AWAY_SECONDS
            logger.warning("the cache is away: %s", type(error).__name__)
            return otherwise

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask(lambda: super(SharedCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._ask(lambda: super(SharedCache, self).get_many(keys, version), {})

    def has_key(self, key: Any, version: Any = None) -> bool:
        return self._ask(lambda: super(SharedCache, self).has_key(key, version), False)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """True as well while nothing is known: whoever asks is the first."""
        return self._ask(lambda: super(SharedCache, self).add(key, value, timeout, version), True)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask(lambda: super(SharedCache, self).set(key, value, timeout, version), None)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[Any]:
        return self._ask(lambda: super(SharedCache, self).set_many(data, timeout, version), [])

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return self._ask(lambda: super(SharedCache, self).touch(key, timeout, version), False)

    def delete(self, key: Any, version: Any = None) -> bool:
        return self._ask(lambda: super(SharedCache, self).delete(key, version), False)

    def delete_many(self, keys: Any, version: Any = None) -> None:
        self._ask(lambda: super(SharedCache, self).delete_many(keys, version), None)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """ValueError for a key that is not there, and while nothing is known."""
        count = self._ask(lambda: super(SharedCache, self).incr(key, delta, version), None)
        if count is None:
            raise ValueError(f"{key} is not known")
        return count
