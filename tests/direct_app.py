"""An ASGI application that sends as a tab does: into the socket where that can be, else by the server."""

from __future__ import annotations

import json
from typing import Any

from chatweb.direct_frames import direct_write_of


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """For each JSON list of lengths that comes: as many frames, numbered, then how many went directly."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    write = direct_write_of(send)
    while (message := await receive())["type"] == "websocket.receive":
        direct = 0
        for number, length in enumerate(json.loads(message["text"])):
            text = f"{number}:" + "é" * length
            if write is not None and write(text):
                direct += 1
            else:
                await send({"type": "websocket.send", "text": text})
        await send({"type": "websocket.send", "text": f"direct {direct}"})
