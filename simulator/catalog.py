"""What there is to talk to: bots, workspaces, apps, workflows, and who the token belongs to (wire-chat 9)."""

from __future__ import annotations

from typing import Any

from simulator.access import check_reach
from simulator.bots.bot import Bot
from simulator.bots.casting import BOTS
from simulator.envelope import MESSAGES, ApiError, bad_request
from simulator.pictures import background_of, icon_of
from simulator.routing import Answer, Request, Routes
from simulator.simulator import ACCOUNT_ID, APP_ID, Simulator
from simulator.workflows.catalog import WORKFLOWS
from simulator.workflows.script import Workflow

routes = Routes()
WORKSPACE_ID = "7430000000000000011"
MADE_AT = 1_730_000_000  # seconds; the bots are as old as that


def _reachable(simulator: Simulator, request: Request, workspace_id: str) -> list[Bot]:
    """Bots of the workspace that exist and that the token reaches; ApiError 4200 for another workspace."""
    if not workspace_id:
        raise bad_request("workspace_id is required.")
    if workspace_id != WORKSPACE_ID:
        raise ApiError(4200, f"Requested resource workspace_id={workspace_id} does not exist")
    reach = request.token.bot_ids
    return [
        bot
        for bot in BOTS.values()
        if bot.id not in simulator.deleted_bots and (reach is None or bot.id in reach)
    ]


def _page(items: list[Any], page: int, size: int) -> list[Any]:
    return items[(page - 1) * size : page * size]


@routes.get("/v1/bots")
async def list_bots(simulator: Simulator, request: Request) -> Answer:
    bots = _reachable(simulator, request, request.query("workspace_id"))
    wanted = request.query("publish_status", "published_online")
    if wanted in {"published_online", "published_draft"}:
        bots = [bot for bot in bots if bot.id not in simulator.unpublished_bots]
    elif wanted == "unpublished_draft":
        bots = [bot for bot in bots if bot.id in simulator.unpublished_bots]
    page = request.number("page_num", request.number("page_index", 1))
    shown = _page(bots, page, request.number("page_size", 20, 50))
    items = [_bot_item(simulator, request, bot) for bot in shown]
    return request.ok({"items": items, "total": len(bots)})


def _bot_item(simulator: Simulator, request: Request, bot: Bot) -> dict[str, Any]:
    is_published = bot.id not in simulator.unpublished_bots
    item = {
        "id": bot.id,
        "name": bot.name,
        "description": bot.description,
        "icon_url": icon_of(request, bot.scene),
        "folder_id": "",
        "is_published": is_published,
        "updated_at": MADE_AT,
        "owner_user_id": ACCOUNT_ID,
    }
    return item | ({"published_at": MADE_AT} if is_published else {})


@routes.get("/v1/space/published_bots_list")
async def list_published_bots(simulator: Simulator, request: Request) -> Answer:
    bots = _reachable(simulator, request, request.query("space_id"))
    bots = [bot for bot in bots if bot.id not in simulator.unpublished_bots]
    shown = _page(bots, request.number("page_index", 1), request.number("page_size", 20, 50))
    items = [
        {
            "bot_id": bot.id,
            "bot_name": bot.name,
            "description": bot.description,
            "icon_url": icon_of(request, bot.scene),
            "publish_time": str(MADE_AT),
        }
        for bot in shown
    ]
    return request.ok({"space_bots": items, "total": len(bots)})


@routes.get("/v1/bot/get_online_info")
async def get_online_info(simulator: Simulator, request: Request) -> Answer:
    return request.ok(bot_info(simulator, request, request.query("bot_id")))


@routes.get("/v1/bots/{bot_id}")
async def retrieve_bot(simulator: Simulator, request: Request) -> Answer:
    return request.ok(bot_info(simulator, request, request.path_values["bot_id"]))


def bot_info(simulator: Simulator, request: Request, bot_id: str) -> dict[str, Any]:
    bot = BOTS.get(bot_id)
    if bot is None or bot_id in simulator.deleted_bots:
        raise ApiError(4200, f"Requested resource bot_id={bot_id} does not exist")
    check_reach(request.token, bot_id)
    if bot_id in simulator.unpublished_bots and request.query("is_published", "true") != "false":
        raise ApiError(4015, MESSAGES[4015].format(id=bot_id))
    info: dict[str, Any] = {
        "bot_id": bot.id,
        "name": bot.name,
        "description": bot.description,
        "icon_url": icon_of(request, bot.scene),
        "create_time": MADE_AT,
        "update_time": MADE_AT,
        "version": str(MADE_AT),
        "owner_user_id": ACCOUNT_ID,
        "bot_mode": 2 if bot.workflow_id else 0,
        "prompt_info": {"prompt": bot.description},
        "onboarding_info": {"prologue": bot.prologue, "suggested_questions": bot.suggested_questions},
        "suggest_reply_info": {"reply_mode": "enable", "customized_prompt": ""},
        "model_info": {"model_id": "7430000000000000201", "model_name": "Simulated", "temperature": 1.0},
        "knowledge": {"dataset_ids": [], "auto_call": True, "search_strategy": 0},
        "default_user_input_type": bot.input_mode,
        "plugin_info_list": bot.plugins,
        "variables": bot.variables,
        "shortcut_commands": bot.shortcuts,
        "folder_id": "",
    }
    if bot.scene:
        info["background_image_info"] = background_of(request, bot.scene)
    if bot.workflow_id:
        flow = WORKFLOWS[bot.workflow_id]
        info["workflow_info_list"] = [
            {"id": flow.id, "name": flow.name, "description": flow.description, "icon_url": ""}
        ]
    return info


@routes.get("/v1/workspaces")
async def list_workspaces(simulator: Simulator, request: Request) -> Answer:
    workspace = {
        "id": WORKSPACE_ID,
        "name": "Simulated workspace",
        "description": "All bots of the simulator",
        "icon_url": "",
        "role_type": "owner",
        "workspace_type": "personal",
        "enterprise_id": "",
        "owner_uid": ACCOUNT_ID,
        "admin_uids": [],
        "joined_status": "joined",
    }
    shown = _page([workspace], request.number("page_num", 1), request.number("page_size", 20, 50))
    return request.ok({"workspaces": shown, "total_count": 1})


@routes.get("/v1/users/me")
async def retrieve_me(simulator: Simulator, request: Request) -> Answer:
    return request.ok(
        {"user_id": ACCOUNT_ID, "user_name": "simulator", "nick_name": "Simulated account", "avatar_url": ""}
    )


@routes.get("/v1/apps/{app_id}")
async def retrieve_app(simulator: Simulator, request: Request) -> Answer:
    if request.path_values["app_id"] != APP_ID:
        raise ApiError(4200)
    return request.ok({"id": APP_ID, "name": "Simulated app", "description": "", "icon_url": ""})


@routes.get("/v1/workflows")
async def list_workflows(simulator: Simulator, request: Request) -> Answer:
    if request.query("workspace_id") != WORKSPACE_ID:
        raise ApiError(4200)
    mode, app_id = request.query("workflow_mode"), request.query("app_id")
    flows = [flow for flow in WORKFLOWS.values() if mode in {"", flow.mode} and app_id in {"", "0", APP_ID}]
    page, size = request.number("page_num", 1), request.number("page_size", 10, 30)
    items = [_workflow_object(flow) for flow in _page(flows, page, size)]
    return request.ok({"items": items, "has_more": len(flows) > page * size})


@routes.get("/v1/workflows/{workflow_id}")
async def retrieve_workflow(simulator: Simulator, request: Request) -> Answer:
    return request.ok(workflow_info(request))


def workflow_info(request: Request) -> dict[str, Any]:
    """With `role`, the opening texts of a chatflow (wire-supplement 3.2). ApiError 4200."""
    flow = WORKFLOWS.get(request.path_values["workflow_id"])
    if flow is None:
        raise ApiError(4200)
    data: dict[str, Any] = {"workflow_detail": _workflow_object(flow)}
    if request.query("include_input_output") == "true":
        data["input"] = {"parameters": flow.parameters}
        data["output"] = {
            "terminate_plan": "return_variables",
            "parameters": {"output": {"type": "string"}},
        }
    if flow.mode == "chatflow":
        data["role"] = {
            "name": flow.name,
            "description": flow.description,
            "avatar": {"image_url": icon_of(request, flow.scene)},
            "onboarding_info": {
                "prologue": flow.prologue,
                "suggested_questions": list(flow.suggested_questions),
                "display_all_suggestions": True,
            },
            "background_image_info": background_of(request, flow.scene),
            "user_input_config": {"default_input_mode": 1},
        }
    return data


def _workflow_object(flow: Workflow) -> dict[str, Any]:
    return {
        "workflow_id": flow.id,
        "workflow_name": flow.name,
        "description": flow.description,
        "icon_url": "",
        "app_id": "0",
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
        "creator": {"id": ACCOUNT_ID, "name": "Simulated account"},
    }
