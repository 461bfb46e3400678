"""User variables of bots and apps (wire-chat 9): kept apart by account, channel, user, and bot or app."""

from __future__ import annotations

import json
from typing import Any

from simulator.envelope import bad_request
from simulator.ids import now
from simulator.records import Variable
from simulator.routing import Answer, Request, Routes
from simulator.simulator import Simulator

routes = Routes()


def _scope(request: Request, uid: Any, bot_or_app: Any, connector_id: Any) -> str:
    if not uid or not bot_or_app:
        raise bad_request("connector_uid is required, and one of bot_id and app_id.")
    return json.dumps([request.owner, str(connector_id or "1024"), str(uid), str(bot_or_app)])


@routes.get("/v1/variables")
async def retrieve(simulator: Simulator, request: Request) -> Answer:
    """Keywords as one list with commas or repeated; unknown ones are silently missing."""
    bot_or_app = request.query("bot_id") or request.query("app_id")
    scope = _scope(request, request.query("connector_uid"), bot_or_app, request.query("connector_id"))
    wanted = {
        word for key, value in request.query_pairs if key == "keywords" for word in value.split(",") if word
    }
    items = [
        {
            "keyword": each.keyword,
            "value": each.value,
            "create_time": each.create_time,
            "update_time": each.update_time,
        }
        for each in simulator.world.variables.values()
        if each.scope == scope and (not wanted or each.keyword in wanted)
    ]
    return request.ok({"items": items})


@routes.put("/v1/variables")
async def update(simulator: Simulator, request: Request) -> Answer:
    body = request.json()
    bot_or_app = body.get("bot_id") or body.get("app_id")
    scope = _scope(request, body.get("connector_uid"), bot_or_app, body.get("connector_id"))
    data = body.get("data")
    if not isinstance(data, list) or not all(isinstance(each, dict) and each.get("keyword") for each in data):
        raise bad_request("data must be an array of {keyword, value}.")
    for each in data:
        key = json.dumps([scope, each["keyword"]])
        old = simulator.world.variables.get(key)
        made_at = old.create_time if old else now()
        variable = Variable(key, scope, each["keyword"], str(each.get("value", "")), made_at, now())
        simulator.world.save(variable)
    return request.ok()
