"""A disk that takes no more: the upload fails and can be tried again, and the rest of the site goes on."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.process import Site
from tests.visitor import Visitor

MORE_BYTES = 4_000_000
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(64)


@contextmanager
def no_file_beyond(site: Site, size: int) -> Iterator[None]:
    """What a process writes beyond it fails, as on a disk that is full."""
    assert site.process is not None
    before = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, before)


def test_a_full_disk_refuses_an_upload_and_nothing_else(site: Site, demo: Visitor, echo: str) -> None:
    conversation, turn = demo.begin(echo, "before rate=0")
    demo.wait_for(conversation, turn, "completed")
    largest = max(each.stat().st_size for each in site.folder.rglob("*") if each.is_file())
    large = PIXEL + bytes(largest + 2 * MORE_BYTES)
    with no_file_beyond(site, largest + MORE_BYTES):
        with pytest.raises(httpx.HTTPError):
            demo.attach(conversation, "large.png", large)
        assert demo.attach(conversation, "small.png", PIXEL)["size_bytes"] == len(PIXEL)
        demo.wait_for(conversation, demo.ask(conversation, "meanwhile rate=0"), "completed")
    assert demo.attach(conversation, "large.png", large)["size_bytes"] == len(large)
