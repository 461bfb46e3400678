"""A fast fake Coze: answers what the product's runner asks, streams numbered tokens, remembers what it said.

Raw HTTP/1.1 on an asyncio Protocol, one write an event, so that it takes little of the generator's core.
`python -m bench.upstream --port N`. Not a simulator: it refuses nothing and checks no token.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.answers import (
    BOT_ID,
    LOG_ID,
    WORKSPACE_ID,
    Chat,
    answer_object,
    chat_from,
    chat_object,
    chunk,
    closing,
    delta_halves,
    new_id,
    opening,
    question_object,
)
from bench.tokens import now_us, token

STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"x-tt-logid: " + LOG_ID.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
)


class Upstream:
    """Everything said so far. `is_finishing` ends every open-ended chat at its next token."""

    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}
        self.is_finishing = False

    def chats_in(self, conversation_id: str) -> list[Chat]:
        return [chat for chat in self.chats.values() if chat.conversation_id == conversation_id]


class Stream:
    """One streamed answer. Goes on when the reader hangs up, as the cloud's does."""

    __slots__ = ("after", "before", "chat", "due", "loop", "transport", "upstream")

    def __init__(self, upstream: Upstream, chat: Chat, transport: asyncio.Transport) -> None:
        self.upstream = upstream
        self.chat = chat
        self.transport = transport
        self.before, self.after = delta_halves(chat)
        self.loop = asyncio.get_running_loop()
        # Chats do not tick in step in life either.
        self.due = self.loop.time() + random.random() / chat.rate

    def start(self) -> None:
        self.transport.write(STREAM_HEAD)
        for data in opening(self.chat):
            self.write(data)
        self.loop.call_at(self.due, self.tick)

    def write(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(chunk(data))

    def tick(self) -> None:
        chat = self.chat
        count = len(chat.pieces)
        if count == chat.tokens or (chat.tokens is None and self.upstream.is_finishing):
            self.finish()
            return
        piece = token(chat.tag, count, now_us())
        self.write(self.before + piece.encode() + self.after)
        chat.pieces.append(piece)
        self.due += 1 / chat.rate
        self.loop.call_at(self.due, self.tick)

    def finish(self) -> None:
        if self.chat.status == "in_progress":
            self.chat.status = "completed"
        for data in closing(self.chat):
            self.write(data)
        if not self.transport.is_closing():
            self.transport.write(b"0\r\n\r\n")


class Connection(asyncio.Protocol):
    """One keep-alive connection of the product or of the relay."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.unread = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.unread += data
        while (request := self.take_request()) is not None:
            method, target, body = request
            url = urlsplit(target)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.answer(method, url.path, query, json.loads(body) if body else {})

    def take_request(self) -> tuple[str, str, bytes] | None:
        head, blank, rest = self.unread.partition(b"\r\n\r\n")
        if not blank:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return None
        self.unread = rest[length:]
        method, target, _ = first.split(" ", 2)
        return method, target, rest[:length]

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> None:
        if method == "POST" and path == "/v3/chat":
            self.start_chat(query, body)
        elif handler := HANDLERS.get(path):
            self.send_json(handler(self.upstream, query, body))
        else:
            self.send_json({"code": 4200, "msg": f"bench has no {path}"})

    def start_chat(self, query: dict[str, str], body: dict[str, Any]) -> None:
        chat = chat_from(body, query.get("conversation_id") or new_id())
        self.upstream.chats[chat.id] = chat
        Stream(self.upstream, chat, self.transport).start()

    def send_json(self, answer: dict[str, Any]) -> None:
        body = json.dumps({"code": 0, "msg": "", "detail": {"logid": LOG_ID}} | answer).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-tt-logid: {LOG_ID}\r\n"
        self.transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


Handler = Callable[[Upstream, dict[str, str], dict[str, Any]], dict[str, Any]]


def create_conversation(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    id_ = new_id()
    data = {"id": id_, "meta_data": {}, "created_at": 0, "last_section_id": id_, "name": ""}
    return {"data": data}


def retrieve_chat(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    chat = upstream.chats.get(query.get("chat_id", ""))
    return {"data": chat_object(chat)} if chat else {"code": 4001, "msg": "no such chat"}


def cancel_chat(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """Switches the state only; the stream goes on (wire-chat, section 5)."""
    chat = upstream.chats.get(str(body.get("chat_id", "")))
    if chat is None or chat.status != "in_progress":
        return {"code": 4104, "msg": "the chat cannot be canceled"}
    chat.status = "canceled"
    return {"data": chat_object(chat)}


def list_chat_messages(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    chat = upstream.chats.get(query.get("chat_id", ""))
    return {"data": [answer_object(chat)]} if chat else {"code": 4001, "msg": "no such chat"}


def list_messages(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """Newest first, questions with their meta_data (wire-chat 6.2)."""
    data = []
    for chat in reversed(upstream.chats_in(query.get("conversation_id", ""))):
        data += [answer_object(chat), question_object(chat)]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": "", "last_id": ""}
    return {"data": data, "has_more": False} | ends


def whoami(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"user_id": "1", "user_name": "bench", "nick_name": "bench", "avatar_url": ""}}


def list_workspaces(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    space = {"id": WORKSPACE_ID, "name": "bench", "icon_url": "", "role_type": "owner", "enterprise_id": ""}
    return {"data": {"workspaces": [space | {"workspace_type": "personal"}], "total_count": 1}}


def list_bots(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    bot = {"id": BOT_ID, "name": "Bench", "icon_url": "", "description": "", "is_published": True}
    return {"data": {"items": [bot | {"updated_at": 0, "owner_user_id": "1"}], "total": 1}}


def retrieve_bot(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    onboarding = {"prologue": "", "suggested_questions": []}
    return {"data": {"bot_id": BOT_ID, "name": "Bench", "description": "", "onboarding_info": onboarding}}


def finish(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """Control, for the generator: end every open-ended chat, begun or still to begin."""
    upstream.is_finishing = True
    return {}


def record(upstream: Upstream, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """Control, for the generator: what was said, by tag; `questions` above 1 is a chat asked twice."""
    said: dict[str, dict[str, Any]] = {}
    for chat in upstream.chats.values():
        entry = said.setdefault(str(chat.tag), {"questions": 0})
        entry.update(questions=entry["questions"] + 1, text=chat.text, status=chat.status)
    return {"data": said}


HANDLERS: dict[str, Handler] = {
    "/v1/conversation/create": create_conversation,
    "/v3/chat/retrieve": retrieve_chat,
    "/v3/chat/cancel": cancel_chat,
    "/v3/chat/message/list": list_chat_messages,
    "/v1/conversation/message/list": list_messages,
    "/v1/users/me": whoami,
    "/v1/workspaces": list_workspaces,
    "/v1/bots": list_bots,
    f"/v1/bots/{BOT_ID}": retrieve_bot,
    "/bench/finish": finish,
    "/bench/record": record,
}


async def serve(port: int) -> None:
    upstream = Upstream()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(upstream), "127.0.0.1", port, backlog=4096)
    print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the port is printed")
    port = parser.parse_args().port
    gc.freeze()
    gc.disable()  # nothing here makes cycles worth a pause in the middle of a measurement
    asyncio.run(serve(port))


if __name__ == "__main__":
    main()
