"""Frames that go past the server's own sending arrive whole and in order, under daphne and under uvicorn."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.client import ClientConnection, connect

from chatweb.direct_frames import direct_write_of, framed
from chatweb.message_limit import MAX_MESSAGE_BYTES
from tests.direct_app import FLOOD, MOST
from tests.process import ROOT, START_SECONDS, free_port, server_arguments

LENGTHS = [0, 1, 60, 61, 62, 500, 32_000, 32_767, 32_768, 40_000, 3]  # around 126 and 65 536 bytes of é


@contextmanager
def served(server: str, *more: str) -> Iterator[str]:
    port = free_port()
    arguments = [each.replace("chatweb.asgi", "tests.direct_app") for each in server_arguments(server, port)]
    process = subprocess.Popen(
        [sys.executable, *arguments, *more], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"ws://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


@contextmanager
def tab(url: str, **options: object) -> Iterator[ClientConnection]:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with connect(url, max_size=None, **options) as socket:  # type: ignore[arg-type]
                yield socket
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)


def answer(socket: ClientConnection, lengths: list[int]) -> tuple[list[str], int]:
    """The frames that came, and how many of them went directly."""
    socket.send(json.dumps(lengths))
    came = [str(socket.recv(timeout=30)) for _ in lengths]
    return came, int(str(socket.recv(timeout=30)).removeprefix("direct "))


def expected(lengths: list[int]) -> list[str]:
    return [f"{number}:" + "é" * length for number, length in enumerate(lengths)]


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_frames_of_every_length_go_directly_and_arrive_whole(server: str) -> None:
    with served(server) as url, tab(url, compression=None) as socket:
        assert answer(socket, LENGTHS) == (expected(LENGTHS), len(LENGTHS))
        socket.ping().wait(10)
        assert answer(socket, LENGTHS) == (expected(LENGTHS), len(LENGTHS))


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_nothing_overtakes_what_a_slow_socket_has_not_taken(server: str) -> None:
    with served(server) as url, tab(url, compression=None) as slow, tab(url, compression=None) as other:
        slow.send('"flood"')
        other.send('"flooded"')
        direct = int(other.recv(timeout=30))
        assert 0 < direct < MOST, "a socket that nobody reads takes no more"
        came = [str(slow.recv(timeout=30)) for _ in range(direct + 1)]
        assert came == [f"{number}:{FLOOD}" for number in range(direct + 1)]
        assert answer(slow, LENGTHS) == (expected(LENGTHS), len(LENGTHS))


def test_a_compressed_socket_is_left_to_its_server() -> None:
    with served("uvicorn") as url, tab(url) as socket:
        assert answer(socket, LENGTHS) == (expected(LENGTHS), 0)


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_message_that_never_ends_is_cut_off(server: str) -> None:
    with served(server) as url, tab(url, compression=None) as socket:
        assert answer(socket, [1] * (MAX_MESSAGE_BYTES // 8))[1] > 0, "what is as long as allowed is read"
        with pytest.raises(ConnectionClosed):
            socket.send(["0" * 65_536] * 100)
            socket.recv(timeout=30)
        # A client that is still writing may lose the close frame.
        assert socket.protocol.close_code in {CloseCode.MESSAGE_TOO_BIG, CloseCode.ABNORMAL_CLOSURE}


def test_an_unknown_server_is_left_alone() -> None:
    async def send(message: object) -> None: ...

    assert direct_write_of(send) is None


def test_a_frame_is_what_the_standard_says() -> None:
    """RFC 6455, 5.7."""
    assert framed("Hello") == bytes.fromhex("810548656c6c6f")
    assert framed("x" * 256)[:4] == bytes.fromhex("817e0100")
    assert framed("x" * 65536)[:10] == bytes.fromhex("817f0000000000010000")
