"""A Chainlit app as its documentation writes one. Runs in an environment of its own."""

import json
import os

import chainlit as cl
import httpx

client = httpx.AsyncClient(
    base_url=os.environ["BENCH_UPSTREAM"], timeout=None, limits=httpx.Limits(max_connections=None)
)


@cl.on_message
async def answer(question: cl.Message) -> None:
    reply = cl.Message(content="")
    body = {"stream": True, "additional_messages": [{"role": "user", "content": question.content}]}
    async with client.stream("POST", "/v3/chat", json=body) as response:
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                name = line.removeprefix("event:")
            elif line.startswith("data:") and name == "conversation.message.delta":
                await reply.stream_token(json.loads(line.removeprefix("data:"))["content"])
    await reply.update()
