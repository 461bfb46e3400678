"""What there is can be looked up by its id, and never listed (wire-supplement 5)."""

from __future__ import annotations

from simulator import catalog
from simulator.envelope import ApiError
from simulator.routing import Answer, Request, Routes
from simulator.simulator import Simulator
from simulator.studio import wire
from simulator.studio.refusals import require_ids

routes = Routes()


@routes.get("/v1/bot/get_online_info")
async def get_online_info(simulator: Simulator, request: Request) -> Answer:
    return _bot(simulator, request, request.query("bot_id"))


@routes.get("/v1/bots/{bot_id}")
async def retrieve_bot(simulator: Simulator, request: Request) -> Answer:
    return _bot(simulator, request, request.path_values["bot_id"])


def _bot(simulator: Simulator, request: Request, bot_id: str) -> Answer:
    require_ids({"bot_id": bot_id})
    try:
        return wire.ok(catalog.bot_info(simulator, request, bot_id))
    except ApiError as error:
        raise ApiError(4006) if error.code == 4200 else error from error


@routes.get("/v1/apps/{app_id}")
async def retrieve_app(simulator: Simulator, request: Request) -> Answer:
    return await catalog.retrieve_app(simulator, request)


@routes.get("/v1/workflows/{workflow_id}")
async def retrieve_workflow(simulator: Simulator, request: Request) -> Answer:
    """Opening texts of a chatflow; of a workflow nothing at all."""
    require_ids({"workflow_id": request.path_values["workflow_id"]})
    try:
        found = catalog.workflow_info(request)
    except ApiError as error:
        raise ApiError(720702011, "workflow not published") from error
    return wire.ok({"role": found.get("role")})
