"""Remote pictures for the page, which itself talks to no other host; what came is kept for a while."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from threading import Lock

from django.conf import settings

from chatweb.turns.hub import hub
from chatweb.upstreams.pictures import NoPicture, Picture, fetch_picture

logger = logging.getLogger(__name__)


class Kept:
    """Pictures by address, the latest ones; and for a minute which addresses have none: a host that hangs
    must not hold a browser's few connections on every page. Used from any thread."""

    MOST_BYTES, MOST_BYTES_EACH, MOST_ENTRIES = 32 * 1024 * 1024, 4 * 1024 * 1024, 1000
    SECONDS, SECONDS_WITHOUT = 3600.0, 60.0

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: OrderedDict[str, tuple[float, Picture | None]] = OrderedDict()
        self._bytes = 0

    def find(self, url: str) -> tuple[bool, Picture | None]:
        """Whether it is known, and what came of it."""
        with self._lock:
            until, picture = self._entries.get(url, (0.0, None))
            return until > time.monotonic(), picture

    def keep(self, url: str, picture: Picture | None) -> None:
        if picture and len(picture.content) > self.MOST_BYTES_EACH:
            return
        with self._lock:
            self._drop(url)
            lasts = self.SECONDS if picture else self.SECONDS_WITHOUT
            self._entries[url] = time.monotonic() + lasts, picture
            self._bytes += len(picture.content) if picture else 0
            while self._bytes > self.MOST_BYTES or len(self._entries) > self.MOST_ENTRIES:
                self._drop(next(iter(self._entries)))

    def _drop(self, url: str) -> None:
        _, picture = self._entries.pop(url, (0.0, None))
        self._bytes -= len(picture.content) if picture else 0


kept = Kept()


def fetch(url: str) -> Picture | None:
    """The picture at a remote address; None when there is none to show, with the reason in the log."""
    is_known, picture = kept.find(url)
    if is_known:
        return picture
    try:
        picture = _run(url)
    except NoPicture as error:
        picture = None
        logger.info("no picture from %r: %s", _without_query(url), error)
    kept.keep(url, picture)
    return picture


def _run(url: str) -> Picture:
    """On the process's loop, or on one of its own in a command."""
    fetching = fetch_picture(url, {place.lower() for place in settings.PICTURES_FROM_PRIVATE_HOSTS})
    if hub.loop is None:
        return asyncio.run(fetching)
    return asyncio.run_coroutine_threadsafe(fetching, hub.loop).result()


def _without_query(url: str) -> str:
    """For the log: queries hold signatures, and user names may stand before the host."""
    return re.sub(r"//[^/]*@", "//", re.split(r"[?#]", url)[0])
