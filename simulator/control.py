"""The control endpoint `/_control/…` for tests: loopback only, no token, plain JSON without an envelope.
Chats and runs are looked at in `watching.py`.

GET  chats[?conversation_id=]        chats: status, deltas, bytes, stream, context; open_streams
GET  chats/ID[?timeout=10[&status=]] one of them; waits for its running leg to be over, or for that status.
                                     `submits`: every try to answer what it asks, tool outputs or words:
                                     {"code", "log_id", "is_scripted", "outputs" | "words", "chat_id"};
                                     `accepted` and `refused` count them; `answers`: the chat whose question
                                     this one's message answered
GET  runs[?workflow_id=]             runs of workflows: status, interrupt, `submits` (each with "event_id" and
                                     "resume_data"), `accepted`, `refused`
GET  runs/ID[?status=&timeout=10]    one of them; waits for that status
POST chats/ID/expire {"status"}      what waits is over now: "failed" (or "expired", as in Studio)
POST runs/ID/expire                  the same for a run: Fail
GET  messages?conversation_id=|chat_id=   everything kept, all types
GET  conversations                   ids, owners, names, sections
GET  files                           with sha256
POST holds/NAME/release              let go whoever waits, and whoever comes later
GET  holds/NAME?timeout=10&count=1&left=0   waits until so many chats arrive, and so many callers leave
                                     `before_submit`: {"reached", "arrivals": [chat id], "left": [chat id]}
POST faults {path, method, count, status, code, msg, body, content_type, headers, delay, hold, drop,
             lose}
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

import dataclasses
import json
from typing import Any

from simulator.envelope import ApiError, bad_request
from simulator.occupying import occupy, vacate
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
    "openai-beta",
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
    timeout, count = float(request.query("timeout", "10")), request.number("count", 1)
    left = int(request.query("left", "0"))
    is_reached = await simulator.holds.wait_reached(name, timeout, count, left)
    hold = simulator.holds.get(name)
    return Reply.json({"reached": is_reached, "arrivals": hold.arrivals, "left": hold.left})


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
