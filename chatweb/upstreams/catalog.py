"""What an account has: workspaces, bots, workflows (wire-chat 9). Only administrators ask for these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .bodies import content_of
from .channel import Channel
from .client import BotInfo, FlowInfo, Place
from .parameters import BUILT_IN, schema_of_parameters
from .scenery import background_of, input_mode_of, picture_url
from .sending import quoted
from .values import ident, mapping, sequence, storable, text_of

MODES = ("workflow", "chatflow")
PAGE_SIZE = 20
MOST_PAGES = 50  # a server that never stops saying "more" must not hold the import for ever


class Catalog:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def me(self) -> str:
        user = mapping(content_of(await self._get("/v1/users/me", {})))
        return text_of(user.get("nick_name") or user.get("user_name") or user.get("user_id"))

    async def workspaces(self) -> list[Place]:
        return [_place(one) for one in await self._pages("/v1/workspaces", {}, "workspaces")]

    async def bots(self, workspace_id: str) -> list[BotInfo]:
        query = {"workspace_id": workspace_id, "publish_status": "published_online"}
        return [_bot(one) for one in await self._pages("/v1/bots", query, "items")]

    async def bot(self, bot_id: str) -> BotInfo:
        body = await self._get(f"/v1/bots/{quoted(bot_id)}", {"is_published": "true"})
        return _bot(mapping(content_of(body)))

    async def workflows(self, workspace_id: str) -> list[FlowInfo]:
        """A row does not say which kind it is of: each kind is asked for."""
        query = {"workspace_id": workspace_id, "publish_status": "published_online"}
        found: dict[str, FlowInfo] = {}
        for mode in MODES:
            for row in await self._pages("/v1/workflows", {**query, "workflow_mode": mode}, "items"):
                found.setdefault(_id_of(row), _flow(row, mode))
        return list(found.values())

    async def flow(self, flow_id: str, query: Mapping[str, str] | None = None) -> FlowInfo:
        asked = {"include_input_output": "true", **(query or {})}
        content = mapping(content_of(await self._get(f"/v1/workflows/{quoted(flow_id)}", asked)))
        return _whole_flow(flow_id, content)

    async def _get(self, path: str, query: Mapping[str, str]) -> Any:
        return await self._channel.ask("GET", path, is_repeatable=True, params=dict(query))

    async def _pages(self, path: str, query: Mapping[str, str], key: str) -> list[dict[str, Any]]:
        """All pages. No count in these lists can be trusted: a page that is not full, or brings nothing
        new, is the last."""
        found: dict[str, dict[str, Any]] = {}
        for page in range(1, MOST_PAGES + 1):
            numbers = {"page_num": str(page), "page_size": str(PAGE_SIZE)}
            content = mapping(content_of(await self._get(path, {**query, **numbers})))
            rows = [row for row in sequence(content.get(key)) if isinstance(row, dict)]
            before = len(found)
            for row in rows:
                found.setdefault(_id_of(row), row)
            if len(rows) < PAGE_SIZE or len(found) == before:
                break
        return list(found.values())


def _id_of(row: Mapping[str, Any]) -> str:
    return ident(row.get("id") or row.get("bot_id") or row.get("workflow_id"))


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        id=_id_of(row),
        name=text_of(row.get("name") or row.get("workflow_name")),
        description=text_of(row.get("description")),
        icon_url=text_of(row.get("icon_url")),
    )


def _flow(row: Mapping[str, Any], mode: str) -> FlowInfo:
    return FlowInfo(
        id=_id_of(row),
        name=text_of(row.get("name") or row.get("workflow_name")),
        description=text_of(row.get("description")),
        mode=text_of(row.get("workflow_mode")) or mode,
        app_id=ident(row.get("app_id")),
        icon_url=picture_url(row.get("icon_url")),
    )


def _whole_flow(flow_id: str, content: Mapping[str, Any]) -> FlowInfo:
    """Studio has the role and no more (wire-supplement 5). Only chatflows have one, or take USER_INPUT."""
    role = mapping(content.get("role"))
    onboarding = mapping(role.get("onboarding_info"))
    parameters = mapping(mapping(content.get("input")).get("parameters"))
    is_chatflow = bool(role) or bool(BUILT_IN & parameters.keys())
    known = _flow(mapping(content.get("workflow_detail")), "chatflow" if is_chatflow else "workflow")
    return replace(
        known,
        id=known.id or flow_id,
        name=known.name or text_of(role.get("name")),
        description=known.description or text_of(role.get("description")),
        parameters=schema_of_parameters(parameters),
        prologue=text_of(onboarding.get("prologue")),
        suggested_questions=tuple(text_of(one) for one in sequence(onboarding.get("suggested_questions"))),
        icon_url=picture_url(mapping(role.get("avatar")).get("image_url")) or known.icon_url,
        background=background_of(role.get("background_image_info")),
        default_input_mode=input_mode_of(mapping(role.get("user_input_config")).get("default_input_mode")),
    )


def _bot(row: Mapping[str, Any]) -> BotInfo:
    onboarding = mapping(row.get("onboarding_info"))
    return BotInfo(
        id=_id_of(row),
        name=text_of(row.get("name") or row.get("bot_name")),
        description=text_of(row.get("description")),
        icon_url=picture_url(row.get("icon_url")),
        prologue=text_of(onboarding.get("prologue")),
        suggested_questions=tuple(text_of(one) for one in sequence(onboarding.get("suggested_questions"))),
        shortcut_commands=tuple(
            storable(one) for one in sequence(row.get("shortcut_commands")) if isinstance(one, dict)
        ),
        is_published=row.get("is_published") is not False,
        background=background_of(row.get("background_image_info")),
        default_input_mode=input_mode_of(row.get("default_user_input_type")),
    )
