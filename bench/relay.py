"""The comparison: a small Starlette relay as one usually writes it. Browser → GET /stream → Coze → SSE back.

No sign-in, no database, no history, no second tab, nothing survives a reload: it only passes events through.
Run by `uvicorn bench.relay:app` on the product's core with `BENCH_UPSTREAM` set to the fake upstream.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import httpx
from httpx_aiohttp import AiohttpTransport
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

# 0, not None: None means aiohttp's own limit of 100.
client = httpx.AsyncClient(
    transport=AiohttpTransport(limits=httpx.Limits(max_connections=0)),
    base_url=os.environ.get("BENCH_UPSTREAM", "http://127.0.0.1:1"),
    timeout=600,
    headers={"Authorization": "Bearer pat_bench", "Accept-Encoding": "identity"},
)


async def events(question: str) -> AsyncIterator[str]:
    """Whole events: the lines up to a blank one leave in one write."""
    message = {"role": "user", "type": "question", "content": question, "content_type": "text"}
    body = {"bot_id": "1", "user_id": "1", "stream": True, "additional_messages": [message]}
    async with client.stream("POST", "/v3/chat", json=body) as response:
        lines: list[str] = []
        async for line in response.aiter_lines():
            lines.append(line)
            if not line:
                yield "\n".join(lines) + "\n"
                lines.clear()


async def stream(request: Request) -> StreamingResponse:
    question = request.query_params.get("question", "")
    return StreamingResponse(
        events(question), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def alive(request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


app = Starlette(routes=[Route("/stream", stream), Route("/healthz", alive)])
