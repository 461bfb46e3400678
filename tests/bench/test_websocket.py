"""The generator's WebSocket client against frames cut anywhere, and against a real server."""

import asyncio

import pytest
from websockets.asyncio.server import serve

from bench.websocket import CLOSE, PING, TEXT, FrameReader, Refused, connect


def server_frame(opcode: int, payload: bytes, is_last: bool = True) -> bytes:
    length = len(payload)
    size = (
        bytes([length])
        if length < 126
        else b"\x7e" + length.to_bytes(2)
        if length < 65536
        else b"\x7f" + length.to_bytes(8)
    )
    return bytes([0x80 * is_last | opcode]) + size + payload


FRAMES = [(TEXT, b"short"), (PING, b""), (TEXT, b"x" * 300), (TEXT, b"y" * 70_000), (CLOSE, b"\x03\xe8")]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000, 10**6])
def test_frames_come_out_whole_however_the_bytes_are_cut(step):
    stream = b"".join(server_frame(*frame) for frame in FRAMES)
    reader, found = FrameReader(), []
    for at in range(0, len(stream), step):
        found += reader.feed(stream[at : at + step])
    assert found == FRAMES


def test_fragments_are_joined_around_a_ping():
    reader = FrameReader()
    stream = server_frame(TEXT, b"one ", is_last=False) + server_frame(PING, b"") + server_frame(0, b"two")
    assert reader.feed(stream) == [(PING, b""), (TEXT, b"one two")]


async def test_it_talks_with_a_real_server_and_hears_its_close_code():
    async def echo(socket):
        await socket.send((await socket.recv()) * 3)
        await socket.close(4401)

    heard: list[str] = []
    closed = asyncio.get_running_loop().create_future()
    async with serve(echo, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        socket = await connect(port, "/ws/", {}, heard.append, closed.set_result)
        socket.send("ä" * 200)
        assert await asyncio.wait_for(closed, 5) == 4401
    assert heard == ["ä" * 600]


async def test_a_server_that_compresses_is_refused():
    async def idle(socket):
        await socket.wait_closed()

    async with serve(idle, "127.0.0.1", 0) as server:
        with pytest.raises(Refused, match="compresses"):
            await connect(server.sockets[0].getsockname()[1], "/", {}, print, print)


async def test_a_refusal_is_told_with_its_status():
    def refuse(connection, request):
        return connection.respond(403, "no")

    async with serve(print, "127.0.0.1", 0, process_request=refuse) as server:
        with pytest.raises(Refused, match="403"):
            await connect(server.sockets[0].getsockname()[1], "/", {}, print, print)
