"""The control endpoint `/_control/…` for tests: loopback only, no token, plain JSON without an envelope.

GET  chats[?conversation_id=]        chats: status, deltas, bytes, stream, context; open_streams
GET  chats/ID[?timeout=10]           one of them; waits so long for its running leg to be over
GET  messages?conversation_id=|chat_id=   everything kept, all types
GET  conversations                   ids, owners, names, sections
GET  files                           with sha256
POST holds/NAME/release              let go whoever waits, and whoever comes later
GET  holds/NAME?timeout=10           waits until a chat arrives: {"reached", "arrivals": [chat id]}
POST faults {path, method, count, status, code, msg, body, content_type, headers, delay, hold, drop}
POST faults/clear
GET  requests[?path=&method=]        what was received: method, path, query, headers (some), body
POST requests/clear
POST settings {rate, most_file_bytes}
POST bots/ID {"is_deleted": bool, "is_published": bool}
POST conversations/ID/occupy {"seconds": n or null}   a chat by another client
POST conversations/ID/vacate
POST conversations/ID/forget         deleted upstream
POST messages/ID/forget
POST files/ID/forget                 expired
POST keys {"kid", "public_key"}      from now on JWTs must be signed by a registered key
POST tokens/revoke {"token"}         answers 700012006 from now on; without `token` every OAuth token
POST tokens/restore {"token"}
POST reset                           an empty world and no scripted trouble
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from typing import Any

from simulator.envelope import ApiError, bad_request
from simulator.occupying import occupy, vacate
from simulator.records import Chat
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

PREFIX = "/_control/"
routes = Routes(needs_token=False)
_KEPT_HEADERS = {
    "authorization",
    "content-type",
    "user-agent",
    "accept",
    "accept-language",
    "accept-encoding",
}
_DONE = {"ok": True}


def request_entry(request: Request) -> dict[str, Any]:
    """What is remembered of a request. A body that is no JSON is only counted."""
    try:
        body = json.loads(request.body) if request.body else None
    except ValueError:
        body = f"{len(request.body)} bytes"
    return {
        "method": request.method,
        "path": request.path,
        "query": dict(request.query_pairs),
        "headers": {name: value for name, value in request.headers.items() if name in _KEPT_HEADERS},
        "body": body,
        "log_id": request.log_id,
    }


def _chat_entry(simulator: Simulator, chat: Chat) -> dict[str, Any]:
    stage = simulator.stages.get(chat.id)
    return {
        "id": chat.id,
        "conversation_id": chat.conversation_id,
        "bot_id": chat.bot_id,
        "user_id": chat.user_id,
        "status": chat.status,
        "question": chat.question,
        "created_at": chat.created_at,
        "context": chat.context,
        "error_code": chat.error_code,
        "calls": chat.calls,
        "is_other_client": chat.is_other_client,
        "deltas_sent": stage.deltas_sent if stage else 0,
        "bytes_sent": stage.outlet.bytes_sent if stage else 0,
        "has_open_stream": bool(stage and stage.outlet.is_open),
    }


@routes.get("/_control/chats")
async def list_chats(simulator: Simulator, request: Request) -> Answer:
    wanted = request.query("conversation_id")
    chats = [
        _chat_entry(simulator, chat)
        for chat in simulator.world.chats.values()
        if wanted in {"", chat.conversation_id}
    ]
    return Reply.json({"chats": chats, "open_streams": simulator.open_streams()})


@routes.get("/_control/chats/{chat_id}")
async def retrieve_chat(simulator: Simulator, request: Request) -> Answer:
    chat_id = request.path_values["chat_id"]
    stage = simulator.stages.get(chat_id)
    chat = stage.chat if stage else simulator.world.chats.get(chat_id)
    if chat is None:
        raise ApiError(4001, status=404)
    if stage is not None and request.query("timeout"):
        async with asyncio.timeout(float(request.query("timeout"))):
            await stage.over.wait()
    return Reply.json(_chat_entry(simulator, chat))


@routes.get("/_control/messages")
async def list_messages(simulator: Simulator, request: Request) -> Answer:
    conversation_id, chat_id = request.query("conversation_id"), request.query("chat_id")
    messages = [
        dataclasses.asdict(message)
        for message in simulator.world.messages.values()
        if conversation_id in {"", message.conversation_id} and chat_id in {"", message.chat_id}
    ]
    return Reply.json({"messages": messages})


@routes.get("/_control/conversations")
async def list_conversations(simulator: Simulator, request: Request) -> Answer:
    found = [dataclasses.asdict(each) for each in simulator.world.conversations.values()]
    return Reply.json({"conversations": found})


@routes.get("/_control/files")
async def list_files(simulator: Simulator, request: Request) -> Answer:
    return Reply.json({"files": [dataclasses.asdict(each) for each in simulator.world.files.values()]})


@routes.post("/_control/holds/{name}/release")
async def release_hold(simulator: Simulator, request: Request) -> Answer:
    simulator.holds.release(request.path_values["name"])
    return Reply.json(_DONE)


@routes.get("/_control/holds/{name}")
async def wait_for_hold(simulator: Simulator, request: Request) -> Answer:
    name = request.path_values["name"]
    is_reached = await simulator.holds.wait_reached(name, float(request.query("timeout", "10")))
    return Reply.json({"reached": is_reached, "arrivals": simulator.holds.get(name).arrivals})


@routes.post("/_control/faults")
async def add_fault(simulator: Simulator, request: Request) -> Answer:
    simulator.faults.add(request.json())
    return Reply.json(_DONE)


@routes.post("/_control/faults/clear")
async def clear_faults(simulator: Simulator, request: Request) -> Answer:
    simulator.faults.clear()
    return Reply.json(_DONE)


@routes.get("/_control/requests")
async def list_requests(simulator: Simulator, request: Request) -> Answer:
    path, method = request.query("path"), request.query("method")
    found = [
        entry
        for entry in simulator.requests
        if path in {"", entry["path"]} and method in {"", entry["method"]}
    ]
    return Reply.json({"requests": found})


@routes.post("/_control/requests/clear")
async def clear_requests(simulator: Simulator, request: Request) -> Answer:
    simulator.requests.clear()
    return Reply.json(_DONE)


@routes.post("/_control/settings")
async def change_settings(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    simulator.rate = float(body.get("rate", simulator.rate))
    simulator.most_file_bytes = int(body.get("most_file_bytes", simulator.most_file_bytes))
    return Reply.json({"rate": simulator.rate, "most_file_bytes": simulator.most_file_bytes})


@routes.post("/_control/bots/{bot_id}")
async def change_bot(simulator: Simulator, request: Request) -> Answer:
    bot_id, body = request.path_values["bot_id"], request.json()
    for key, marked, when in (
        ("is_deleted", simulator.deleted_bots, True),
        ("is_published", simulator.unpublished_bots, False),
    ):
        if key in body:
            (marked.add if body[key] is when else marked.discard)(bot_id)
    return Reply.json(_DONE)


@routes.post("/_control/conversations/{conversation_id}/occupy")
async def occupy_conversation(simulator: Simulator, request: Request) -> Answer:
    conversation = simulator.world.conversations.get(request.path_values["conversation_id"])
    if conversation is None:
        raise ApiError(4002, status=404)
    chat = occupy(simulator, conversation, request.json().get("seconds"))
    return Reply.json({"chat_id": chat.id})


@routes.post("/_control/conversations/{conversation_id}/vacate")
async def vacate_conversation(simulator: Simulator, request: Request) -> Answer:
    chat = simulator.world.occupant(request.path_values["conversation_id"])
    if chat is not None and chat.is_other_client:
        vacate(simulator, chat)
    return Reply.json(_DONE)


@routes.post("/_control/{kind}/{record_id}/forget")
async def forget_record(simulator: Simulator, request: Request) -> Answer:
    tables: dict[str, dict[str, Any]] = {
        "conversations": simulator.world.conversations,
        "messages": simulator.world.messages,
        "files": simulator.world.files,
        "chats": simulator.world.chats,
    }
    record = tables.get(request.path_values["kind"], {}).get(request.path_values["record_id"])
    if record is None:
        raise ApiError(4200, status=404)
    simulator.world.forget(record)
    return Reply.json(_DONE)


@routes.post("/_control/keys")
async def register_key(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    if not body.get("kid") or not body.get("public_key"):
        raise bad_request("kid and public_key are required.")
    simulator.public_keys[body["kid"]] = body["public_key"]
    return Reply.json(_DONE)


@routes.post("/_control/tokens/revoke")
async def revoke_token(simulator: Simulator, request: Request) -> Answer:
    token = request.json().get("token")
    simulator.revoked_tokens |= {token} if token else set(simulator.world.tokens)
    return Reply.json(_DONE)


@routes.post("/_control/tokens/restore")
async def restore_token(simulator: Simulator, request: Request) -> Answer:
    simulator.revoked_tokens.discard(request.json().get("token", ""))
    return Reply.json(_DONE)


@routes.post("/_control/reset")
async def reset(simulator: Simulator, request: Request) -> Answer:
    simulator.reset()
    return Reply.json(_DONE)
