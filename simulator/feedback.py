"""Feedback on answers (wire-chat 7). The last one counts."""

from __future__ import annotations

from simulator.envelope import bad_request
from simulator.records import Message
from simulator.routing import Answer, Request, Routes
from simulator.simulator import Simulator

routes = Routes()
_PATH = "/v1/conversations/{conversation_id}/messages/{message_id}/feedback"


def _find(simulator: Simulator, request: Request) -> Message:
    values = request.path_values
    message = simulator.world.find_message(request.owner, values["conversation_id"], values["message_id"])
    if message.type != "answer" or message.content_type != "text" or not message.chat_id:
        raise bad_request("Feedback is for text answers of a chat only.")
    return message


@routes.post(_PATH)
async def give(simulator: Simulator, request: Request) -> Answer:
    message, body = _find(simulator, request), request.json()
    reasons, comment = body.get("reason_types") or [], body.get("comment") or ""
    if body.get("feedback_type") not in {"like", "unlike"}:
        raise bad_request("feedback_type must be like or unlike.")
    if not isinstance(reasons, list) or len(reasons) > 10 or any(len(str(reason)) > 30 for reason in reasons):
        raise bad_request("reason_types holds at most 10 labels of at most 30 characters.")
    if not isinstance(comment, str) or len(comment) > 250:
        raise bad_request("comment has at most 250 characters.")
    message.feedback = {"feedback_type": body["feedback_type"], "reason_types": reasons, "comment": comment}
    simulator.world.save(message)
    return request.ok()


@routes.delete(_PATH)
async def take_back(simulator: Simulator, request: Request) -> Answer:
    message = _find(simulator, request)
    message.feedback = None
    simulator.world.save(message)
    return request.ok()
