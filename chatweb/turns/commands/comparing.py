"""What an upstream publishes beside what the site knows of it: what an import would change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chatweb.models import Bot, Connection
from chatweb.upstreams.client import BotInfo, FlowInfo

from .catalogue import Catalogue

NAME_LENGTH = 100
BOTS = (Bot.Kind.BOT, Bot.Kind.ASSISTANT)
FLOWS = (Bot.Kind.CHATFLOW, Bot.Kind.WORKFLOW)
# What an import overwrites and an admin wants to see first; pictures change their addresses by themselves.
COMPARED = (
    "name",
    "description",
    "prologue",
    "suggested_questions",
    "shortcut_commands",
    "default_input_mode",
)

Standing = Literal["new", "changed", "same", "gone"]


@dataclass(frozen=True, slots=True)
class Change:
    """Of one field, as text. `field` is its name in the model."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """A bot, workflow or chatflow. `key` names it in a form; `gone`: known here, no longer listed there."""

    kind: str
    upstream_id: str
    name: str
    standing: Standing
    changes: tuple[Change, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.upstream_id}"


def said_of(info: BotInfo | FlowInfo) -> dict[str, Any]:
    """The fields of a Bot that the upstream has the say in."""
    said: dict[str, Any] = {
        "name": info.name[:NAME_LENGTH] or info.id,
        "description": info.description,
        "prologue": info.prologue,
        "suggested_questions": list(info.suggested_questions),
        "icon_url": info.icon_url,
        "background": info.background,
        "default_input_mode": info.default_input_mode,
    }
    if isinstance(info, BotInfo):
        said["shortcut_commands"] = list(info.shortcut_commands)
    return said


def kind_of(info: BotInfo | FlowInfo) -> str:
    if isinstance(info, BotInfo):
        return Bot.Kind(info.kind)
    return Bot.Kind.CHATFLOW if info.mode == "chatflow" else Bot.Kind.WORKFLOW


def infos_of(catalogue: Catalogue) -> list[BotInfo | FlowInfo]:
    return [*(catalogue.bots or []), *(catalogue.flows or [])]


def compare(connection: Connection, catalogue: Catalogue) -> list[Found]:
    """New ones first, then what changed, what is gone, and what is as it was."""
    known = {(bot.kind, bot.upstream_id): bot for bot in connection.bots.all()}
    found = [_beside(info, known.get((kind_of(info), info.id))) for info in infos_of(catalogue)]
    found += [Found(bot.kind, bot.upstream_id, bot.name, "gone") for bot in gone(known.values(), catalogue)]
    order: list[Standing] = ["new", "changed", "gone", "same"]
    return sorted(found, key=lambda one: (order.index(one.standing), one.name.casefold()))


def gone(known: Any, catalogue: Catalogue) -> list[Bot]:
    """Known ones that a list no longer has; what the upstream does not list at all cannot be missing."""
    listed = {(kind_of(info), info.id) for info in infos_of(catalogue)}
    is_listed = dict.fromkeys(BOTS, catalogue.bots is not None)
    is_listed |= dict.fromkeys(FLOWS, catalogue.flows is not None)
    return [bot for bot in known if is_listed.get(bot.kind) and (bot.kind, bot.upstream_id) not in listed]


def digest_of(found: Sequence[Found]) -> str:
    """Another one when an import would do something else than what was shown."""
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _beside(info: BotInfo | FlowInfo, bot: Bot | None) -> Found:
    said = said_of(info)
    if bot is None:
        return Found(kind_of(info), info.id, said["name"], "new")
    changes = _changes(said, bot)
    is_back = bot.unpublished_at is not None
    return Found(bot.kind, info.id, said["name"], "changed" if changes or is_back else "same", changes)


def _changes(said: Mapping[str, Any], bot: Bot) -> tuple[Change, ...]:
    return tuple(
        Change(name, _text(getattr(bot, name)), _text(said[name]))
        for name in COMPARED
        if name in said and getattr(bot, name) != said[name]
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(one if isinstance(one, str) else str(one.get("name", one)) for one in value)
    return str(value)
