"""An ASGI application that sends as a tab does: into the socket where that can be, else by the server."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from chatweb.direct_frames import Write, direct_write_of
from chatweb.message_limit import limit_messages

FLOOD = "x" * 400_000
MOST = 1_000
flooded: asyncio.Queue[int] = asyncio.Queue()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """`[lengths]`: as many frames, numbered, then how many went directly. `"flood"`: frames until one is
    refused, then that one. `"flooded"`: how many a flood on another socket came to, once it is stuck."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    limit_messages(send)
    write = direct_write_of(send)
    while (message := await receive())["type"] == "websocket.receive":
        asked = json.loads(message["text"])
        if asked == "flood":
            assert write is not None
            await flood(write, send)
        elif asked == "flooded":
            await send({"type": "websocket.send", "text": str(await flooded.get())})
        else:
            await numbered(asked, write, send)


async def flood(write: Write, send: Any) -> None:
    count = 0
    while count < MOST and write(f"{count}:{FLOOD}"):
        count += 1
    flooded.put_nowait(count)
    await send({"type": "websocket.send", "text": f"{count}:{FLOOD}"})


async def numbered(lengths: list[int], write: Write | None, send: Any) -> None:
    direct = 0
    for number, length in enumerate(lengths):
        text = f"{number}:" + "é" * length
        if write is not None and write(text):
            direct += 1
        else:
            await send({"type": "websocket.send", "text": text})
    await send({"type": "websocket.send", "text": f"direct {direct}"})
