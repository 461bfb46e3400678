"""The cache of all processes on a real Redis that is killed, restarted and hung."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatweb import shared_cache
from chatweb.shared_cache import SharedCache
from tests.redis_server import Redis, running_redis


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    monkeypatch.setattr(SharedCache, "_away_until", 0.0)
    monkeypatch.setattr(shared_cache, "ANSWER_SECONDS", 0.2)
    with running_redis(tmp_path) as redis:
        yield redis


@pytest.fixture
def cache(redis: Redis) -> SharedCache:
    return SharedCache(redis.url, {})


def knows_nothing(cache: SharedCache) -> bool:
    cache.set("kept", 2)
    cache.delete("kept")
    with pytest.raises(ValueError, match="not known"):
        cache.incr("kept")
    found = cache.get("kept", "else"), cache.get_many(["kept"]), "kept" in cache
    return found == ("else", {}, False) and cache.add("first", 1)


def test_it_is_a_cache(cache: SharedCache) -> None:
    cache.set("kept", 1)
    assert (cache.get("kept"), cache.incr("kept"), cache.get_many(["kept"])) == (1, 2, {"kept": 2})
    assert (cache.add("kept", 5), cache.add("new", 5)) == (False, True)
    assert cache.get_or_set("made", lambda: 7) == 7
    cache.delete("kept")
    assert "kept" not in cache


def test_without_redis_it_is_empty_and_comes_back_with_it(
    redis: Redis, cache: SharedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.set("kept", 1)
    redis.kill()
    assert knows_nothing(cache)
    redis.start()
    assert cache.get("kept") is None, "not asked again so soon"
    monkeypatch.setattr(SharedCache, "_away_until", 0.0)
    cache.set("kept", 3)
    assert cache.get("kept") == 3


def test_nobody_waits_for_a_redis_that_hangs(redis: Redis, cache: SharedCache) -> None:
    cache.set("kept", 1)
    redis.freeze()
    try:
        assert knows_nothing(cache)
    finally:
        redis.thaw()
