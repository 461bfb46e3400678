"""Lists: `limit`, `order`, `after`, `before`; newest first when nothing is said (wire-workflows 5.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from simulator.assistants.refusals import Refusal
from simulator.routing import Reply, Request

Item = TypeVar("Item")
USUAL_LIMIT, MOST_LIMIT = 20, 100


def list_reply(
    request: Request, oldest_first: list[Item], id_of: Callable[[Item], str], show: Callable[[Item], Any]
) -> Reply:
    page, has_more = _page(request, oldest_first, id_of)
    return Reply.json(
        {
            "object": "list",
            "data": [show(item) for item in page],
            "first_id": id_of(page[0]) if page else None,
            "last_id": id_of(page[-1]) if page else None,
            "has_more": has_more,
        }
    )


def _page(
    request: Request, oldest_first: list[Item], id_of: Callable[[Item], str]
) -> tuple[list[Item], bool]:
    """`after` and `before` count in the order of the list."""
    limit, order = _limit(request), request.query("order", "desc")
    if order not in {"asc", "desc"}:
        raise Refusal(
            f"Invalid value: '{order}'. Supported values are: 'asc' and 'desc'.", 400, param="order"
        )
    listed = oldest_first if order == "asc" else oldest_first[::-1]
    ids = [id_of(item) for item in listed]
    if after := request.query("after"):
        listed = listed[_position(ids, after, "after") + 1 :]
    if before := request.query("before"):
        rest = listed[: max(_position(ids, before, "before") - (len(ids) - len(listed)), 0)]
        return rest[-limit:], len(rest) > limit
    return listed[:limit], len(listed) > limit


def _limit(request: Request) -> int:
    text = request.query("limit") or str(USUAL_LIMIT)
    if not text.isdecimal() or not 1 <= int(text) <= MOST_LIMIT:
        raise Refusal(f"Invalid 'limit': expected 1 to {MOST_LIMIT}, got {text}.", 400, param="limit")
    return int(text)


def _position(ids: list[str], wanted: str, param: str) -> int:
    if wanted not in ids:
        raise Refusal(f"Invalid '{param}': no item with id '{wanted}' in this list.", 400, param=param)
    return ids.index(wanted)
