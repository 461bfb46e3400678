"""GET /v1/assistants, /v1/assistants/{id}, /v1/models."""

from __future__ import annotations

from simulator.assistants.casting import find_assistant, present_assistants
from simulator.assistants.paging import list_reply
from simulator.assistants.refusals import Refusal
from simulator.assistants.versions import is_old
from simulator.assistants.wire import MADE_AT, MODEL, assistant_object
from simulator.routing import Answer, Reply, Request, Routes
from simulator.simulator import Simulator

routes = Routes()
_MODEL = {"id": MODEL, "object": "model", "created": MADE_AT, "owned_by": "simulator"}


@routes.get("/v1/assistants")
async def list_assistants(simulator: Simulator, request: Request) -> Answer:
    old = is_old(simulator, request)
    found = list(present_assistants(simulator).items())[::-1]  # so that the newest first is Echo
    return list_reply(
        request, found, lambda item: item[0], lambda item: assistant_object(item[1], item[0], old)
    )


@routes.get("/v1/assistants/{assistant_id}")
async def retrieve_assistant(simulator: Simulator, request: Request) -> Answer:
    assistant_id = request.path_values["assistant_id"]
    bot = find_assistant(simulator, assistant_id)
    return Reply.json(assistant_object(bot, assistant_id, is_old(simulator, request)))


@routes.get("/v1/models")
async def list_models(simulator: Simulator, request: Request) -> Answer:
    return Reply.json({"object": "list", "data": [_MODEL]})


@routes.get("/v1/models/{model}")
async def retrieve_model(simulator: Simulator, request: Request) -> Answer:
    if request.path_values["model"] != MODEL:
        raise Refusal(
            f"The model '{request.path_values['model']}' does not exist", 404, word="model_not_found"
        )
    return Reply.json(_MODEL)
