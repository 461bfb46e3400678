"""A hostile client opens sockets and floods them: what that may cost the site is bounded."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chatweb.socket_limits import (
    FRAMES_A_SECOND,
    FRAMES_AT_ONCE,
    MOST_ADDRESSES,
    REFUSED_A_MINUTE,
    FrameRate,
    RefusedHandshakes,
    address_of,
)
from tests.process import running_site
from tests.visitor import Visitor


def test_a_steady_tab_is_never_a_flood() -> None:
    rate = FrameRate()
    assert not any(rate.is_flood(100 + n / FRAMES_A_SECOND) for n in range(10_000))


def test_a_burst_is_borne_and_what_comes_on_top_is_not() -> None:
    rate = FrameRate()
    floods = [rate.is_flood(100.0) for _ in range(FRAMES_AT_ONCE + 5)]
    assert floods[: FRAMES_AT_ONCE - 1] == [False] * (FRAMES_AT_ONCE - 1) and floods[-1]


def test_handshakes_are_counted_by_address_and_forgotten() -> None:
    refused = RefusedHandshakes()
    for _ in range(REFUSED_A_MINUTE):
        assert not refused.are_too_many("a")
        refused.note("a")
    assert refused.are_too_many("a") and not refused.are_too_many("b")
    for n in range(MOST_ADDRESSES):
        refused.note(str(n))
    assert not refused.are_too_many("a")


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (b"", 0, "10.0.0.1"),
        (b"6.6.6.6", 0, "10.0.0.1"),
        (b"6.6.6.6, 8.8.8.8", 1, "8.8.8.8"),
        (b"6.6.6.6, 8.8.8.8, 10.0.0.9", 2, "8.8.8.8"),
        (b"8.8.8.8", 2, "10.0.0.1"),
        (b"", 1, "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(forwarded: bytes, proxies: int, address: str) -> None:
    headers = {b"x-forwarded-for": forwarded} if forwarded else {}
    assert address_of({"client": ("10.0.0.1", 5)}, headers, proxies) == address


@pytest.fixture(scope="module")
def narrow(tmp_path_factory, simulator):
    folder = tmp_path_factory.mktemp("narrow")
    with running_site(folder, simulator.url, simulator.token, env={"SOCKETS_A_SESSION": "2"}) as site:
        yield site


def socket(site, cookie: str):
    url = site.url.replace("http", "ws", 1) + "/ws/"
    return connect(url, origin=site.url, additional_headers={"Cookie": cookie})


async def test_a_browser_has_so_many_tabs_and_another_browser_its_own(narrow) -> None:
    here, there = Visitor(narrow.url, "demo"), Visitor(narrow.url, "demo")
    async with socket(narrow, here.cookie), socket(narrow, here.cookie) as second:
        with pytest.raises(InvalidStatus):
            await socket(narrow, here.cookie)
        async with socket(narrow, there.cookie) as other:
            assert json.loads(await other.recv())["type"] == "welcome"
        await second.close()
        async with socket(narrow, here.cookie) as again:
            assert json.loads(await again.recv())["type"] == "welcome"


async def test_a_flood_of_frames_closes_the_socket_and_the_next_one_works(narrow) -> None:
    visitor = Visitor(narrow.url, "demo")
    frame = json.dumps({"type": "unfollow", "conversation": str(uuid4())})
    async with socket(narrow, visitor.cookie) as ws:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(FRAMES_AT_ONCE * 3 // 2):
                await ws.send(frame)
            await ws.recv()
            await ws.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4429
    async with socket(narrow, visitor.cookie) as ws:
        assert json.loads(await ws.recv())["type"] == "welcome"


async def test_an_address_that_guesses_sessions_is_not_let_in_to_guess_on(narrow) -> None:
    async def guess() -> None:
        async with socket(narrow, f"sessionid={uuid4().hex}") as ws:
            assert json.loads(await ws.recv()) == {"type": "signed_out"}

    for _ in range(REFUSED_A_MINUTE // 20):
        await asyncio.gather(*(guess() for _ in range(20)))
    with pytest.raises(InvalidStatus):
        await socket(narrow, f"sessionid={uuid4().hex}")
