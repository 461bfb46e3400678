"""What an account has: workspaces, bots, workflows (wire-chat 9). Only administrators ask for these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .bodies import content_of
from .channel import Channel
from .client import BotInfo, Place
from .values import ident, mapping, sequence, storable, text_of

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
        body = await self._get(f"/v1/bots/{bot_id}", {"is_published": "true"})
        return _bot(mapping(content_of(body)))

    async def workflows(self, workspace_id: str) -> list[Place]:
        query = {"workspace_id": workspace_id, "publish_status": "published_online"}
        return [_place(one) for one in await self._pages("/v1/workflows", query, "items")]

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
        app_id=ident(row.get("app_id")),
    )


def _bot(row: Mapping[str, Any]) -> BotInfo:
    onboarding = mapping(row.get("onboarding_info"))
    return BotInfo(
        id=_id_of(row),
        name=text_of(row.get("name") or row.get("bot_name")),
        description=text_of(row.get("description")),
        icon_url=text_of(row.get("icon_url")),
        prologue=text_of(onboarding.get("prologue")),
        suggested_questions=tuple(text_of(one) for one in sequence(onboarding.get("suggested_questions"))),
        shortcut_commands=tuple(
            storable(one) for one in sequence(row.get("shortcut_commands")) if isinstance(one, dict)
        ),
        is_published=row.get("is_published") is not False,
    )
