"""Every dialect that `--dialect` names. All have the control endpoint and pictures."""

from __future__ import annotations

from types import ModuleType

from simulator import (
    access,
    catalog,
    chats,
    control,
    conversations,
    feedback,
    files,
    messages,
    oauth,
    pictures,
    submitting,
    variables,
    watching,
)
from simulator.assistants.dialect import assistants
from simulator.assistants.versions import OLD_DIALECT
from simulator.dialect import Dialect
from simulator.envelope import ApiError
from simulator.routing import Reply, Request, Route
from simulator.studio import catalog as studio_catalog
from simulator.studio import chats as studio_chats
from simulator.studio import conversations as studio_conversations
from simulator.studio import refusals as studio
from simulator.studio import workflows as studio_workflows
from simulator.workflows import chatflow, runs

COMMON: tuple[ModuleType, ...] = (pictures, watching, control)
CLOUD: tuple[ModuleType, ...] = (
    chats,
    submitting,
    conversations,
    messages,
    feedback,
    files,
    catalog,
    variables,
    oauth,
    runs,
    chatflow,
)
STUDIO: tuple[ModuleType, ...] = (
    studio_chats,
    studio_conversations,
    studio_catalog,
    studio_workflows,
)


def routes_of(*modules: ModuleType) -> list[Route]:
    return [route for module in (*modules, *COMMON) for route in module.routes.routes]


def _refuse(error: ApiError, request: Request) -> Reply:
    return Reply.json(error.body(request.log_id), error.status)


def _unknown(request: Request) -> ApiError:
    return ApiError(4200, f"Requested resource {request.path} does not exist", 404)


DIALECTS: dict[str, Dialect] = {
    "coze": Dialect(
        routes=routes_of(*CLOUD),
        who_asks=access.who_asks,
        refuse=_refuse,
        unknown=_unknown,
        upload_path=files.UPLOAD_PATH,
        log_header=b"x-tt-logid",
    ),
    "studio": Dialect(
        routes=routes_of(*STUDIO),
        who_asks=studio.who_asks,
        refuse=studio.refuse,
        unknown=studio.unknown,
        upload_path=files.UPLOAD_PATH,
        log_header=b"x-log-id",
    ),
    "assistants": assistants(routes_of()),
    OLD_DIALECT: assistants(routes_of()),
}
