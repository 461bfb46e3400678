"""The balancer of a test: each new connection goes to the next site process, whoever it is.

No stickiness and no look at what is sent: any request and any socket may land anywhere, which is worse than
what a real proxy does. A process that refuses the connection is passed over, as any proxy would.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

CHUNK = 65_536


class Proxy:
    """Round robin over ports on loopback; `url` has no slash at its end."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = itertools.cycle(ports)
        self._count = len(ports)
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._is_ready = threading.Event()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        self._is_ready.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    def cut_all(self) -> None:
        """Break every open connection, as a proxy does that is restarted."""
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, backlog=4096)
        self.port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        await self._over.wait()
        server.close()
        while self._open:  # each pair ends by itself once it is cut
            self._cut()
            await asyncio.sleep(0)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site = await self._connected()
        if site is None:
            writer.transport.abort()
            return
        there = asyncio.create_task(_pump(reader, site[1]))
        self._open |= {writer, site[1]}
        try:
            await _pump(site[0], writer)  # what the site has said is all there will be
        finally:
            there.cancel()
            self._open -= {writer, site[1]}
            writer.close()
            site[1].transport.abort()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in range(self._count):
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", next(self._ports))
        return None


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Until the source ends; then the other way ends as well."""
    try:
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
        target.write_eof()
    except OSError:
        target.transport.abort()


@contextmanager
def running_proxy(ports: Sequence[int]) -> Iterator[Proxy]:
    proxy = Proxy(ports)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
