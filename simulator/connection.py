"""Closes a connection in the middle. ASGI has no word for it: uvicorn's `send` belongs to a cycle that
holds the transport."""

from __future__ import annotations

import asyncio
from typing import Any

from simulator.routing import Send


async def cut_connection(send: Send) -> None:
    """What was sent still goes out; then the socket closes without the end mark of the body."""
    cycle: Any = send
    transport: asyncio.Transport = cycle.__self__.transport
    transport.close()
    cycle.__self__.disconnected = True  # or uvicorn would complain that the answer is incomplete
    await asyncio.sleep(0)
